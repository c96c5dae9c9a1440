// Long work in TypeScript in pieces: between them the event loop gets its turn, and an AbortSignal is
// looked at.

import { throwIfAborted } from '../execute/jobs.js'
import { giveTurn, isTurnDue } from '../execute/turns.js'

/** Cells of a piece: well under a millisecond of additions. */
const cellsOfBlock = 1 << 17

/** Calls `work` for consecutive ranges of rows of a matrix of that width. */
export async function forRowBlocks(
  operation: string,
  { rows, width }: { readonly rows: number; readonly width: number },
  work: (from: number, to: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const block = Math.max(1, Math.floor(cellsOfBlock / Math.max(1, width)))
  for (let from = 0; from < rows; from += block) {
    work(from, Math.min(rows, from + block))
    if (isTurnDue()) {
      await giveTurn()
      throwIfAborted(operation, signal)
    }
  }
  throwIfAborted(operation, signal)
}

/** Calls `work` for 0..count, each a piece of its own. */
export async function forEachOf(
  operation: string,
  count: number,
  work: (index: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    work(i)
    if (isTurnDue()) {
      await giveTurn()
      throwIfAborted(operation, signal)
    }
  }
  throwIfAborted(operation, signal)
}
