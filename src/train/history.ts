// What fit returns.

/** What `fit` returns: the metrics of each epoch. */
export interface History {
  /** Values of each metric by epoch: `loss`, `accuracy`, `valLoss`, … */
  readonly history: Readonly<Record<string, readonly number[]>>
  /** Epochs that were completed, those before a resume included. */
  readonly epochs: number
  /** Why training ended: all epochs done, a callback's wish, or an AbortSignal. */
  readonly stopped: 'finished' | 'callback' | 'interrupted'
}
