// Weights of attention handed out from within any model, as Keras's `return_attention_scores` and PyTorch's
// `need_weights` do for one layer.

import { argumentError } from '../../base/errors.js'
import { type Context, context } from '../../tensor/context.js'
import type { Tensor } from '../../tensor/tensor.js'

/** What one call of an attention layer attended to. */
export interface AttentionScores {
  /** The name of the layer. */
  readonly layer: string
  /** [batch, heads, queries, keys], each row adding up to 1; before dropout. */
  readonly scores: Tensor
}

/** The result of `recordAttention`. */
export interface RecordedAttention<T> {
  readonly result: T
  /** One entry for each call of an attention layer, in order. */
  readonly attention: readonly AttentionScores[]
}

interface Recording {
  readonly attention: AttentionScores[]
  /** Where it began: what `compile` traces within are no values. */
  readonly context: Context
}

let recording: Recording | null = null

/**
 * Runs a function and keeps the weights of every attention layer that is called in it, of whatever block or model it
 * is a part. A compiled function that is called in it hands out nothing: call this inside of the compiled function instead,
 * and return what is wanted.
 *
 * @param run must not return a promise: what is called later would be missed
 * @throws AthanorError ARGUMENT for a function that returns a promise.
 * @example
 * ```ts
 * const block = layers.transformerEncoder({ intermediateDim: 8, numHeads: 2 })
 * const { attention } = recordAttention(() => block.forward(random.normal([1, 3, 4])))
 * attention[0].scores.shape // [1, 2, 3, 3]
 * ```
 */
export function recordAttention<T>(run: () => T): RecordedAttention<T> {
  const outer = recording
  const attention: AttentionScores[] = []
  recording = { attention, context: context() }
  try {
    const result = run()
    if (typeof (result as { then?: unknown } | null)?.then === 'function')
      throw argumentError(
        'recordAttention',
        'a function that returns its result at once',
        'one that returns a promise',
        'Call forward instead of predict',
      )
    return { result, attention }
  } finally {
    recording = outer
    if (outer?.context === context()) outer.attention.push(...attention)
  }
}

/** @internal Called by each attention layer. */
export function noteAttention(layer: string, scores: Tensor): void {
  if (recording?.context === context()) recording.attention.push({ layer, scores })
}
