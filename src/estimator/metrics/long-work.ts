// Long loops on the calling thread: the event loop gets its turns, and a signal ends the work.

import { AthanorError } from '../../base/errors.js'
import { giveTurn, isTurnDue } from '../../execute/turns.js'

/**
 * For loops that last: `if (isTurnDue()) await turn(operation, signal)`.
 *
 * @throws AthanorError INTERRUPTED once the signal has been given.
 */
export async function turn(operation: string, signal: AbortSignal | undefined): Promise<void> {
  await giveTurn()
  stopIfAborted(operation, signal)
}

/** @throws AthanorError INTERRUPTED once the signal has been given. */
export function stopIfAborted(operation: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new AthanorError('INTERRUPTED', {
      operation,
      received: 'an abort signal',
      cause: signal.reason,
    })
}

export { isTurnDue }
