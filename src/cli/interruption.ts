// Ctrl-C: what is under way may stop in its own time, save and tidy up.

/**
 * The first Ctrl-C asks the work to stop, the second ends the process at once. Listens until the work has ended,
 * whatever way.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onFirst: () => void = () => {},
): Promise<T> {
  const controller = new AbortController()
  const listener = () => {
    if (controller.signal.aborted) process.exit(130)
    onFirst()
    controller.abort()
  }
  process.on('SIGINT', listener)
  process.on('SIGTERM', listener)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', listener)
    process.off('SIGTERM', listener)
  }
}
