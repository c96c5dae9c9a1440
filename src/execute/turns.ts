// Runs on the calling thread keep the event loop waiting; now and then it gets its turn.

import { nowMs, yieldToEvents } from '#platform'

/** Milliseconds that timers, signals and requests may wait while run follows run. */
const longest = 20

let last = 0

export function isTurnDue(): boolean {
  return nowMs() - last > longest
}

export async function giveTurn(): Promise<void> {
  await yieldToEvents()
  last = nowMs()
}
