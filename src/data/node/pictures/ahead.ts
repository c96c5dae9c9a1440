// Work on many files, a few at a time.

import { AthanorError } from '../../../base/errors.js'

/** Calls `work` for 0 … count − 1, at most `workers` at a time; the first failure ends it. */
export async function someAtATime(
  count: number,
  workers: number,
  work: (index: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0
  let failed = false
  const loop = async () => {
    while (next < count && !failed) {
      if (signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: 'reading pictures' })
      try {
        await work(next++)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, count) }, loop))
}
