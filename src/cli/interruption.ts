// Ctrl-C: what is under way may stop in its own time, save and tidy up.

export interface Interruption {
  readonly signal: AbortSignal
  stop(): void
}

/** The first Ctrl-C asks the work to stop, the second ends the process at once. */
export function listenForInterrupt(onFirst: () => void): Interruption {
  const controller = new AbortController()
  const listener = () => {
    if (controller.signal.aborted) process.exit(130)
    onFirst()
    controller.abort()
  }
  process.on('SIGINT', listener)
  process.on('SIGTERM', listener)
  return {
    signal: controller.signal,
    stop() {
      process.off('SIGINT', listener)
      process.off('SIGTERM', listener)
    },
  }
}
