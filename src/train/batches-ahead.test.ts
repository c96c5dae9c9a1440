// The batch after the present one is prepared before the step ends; failures come in their turn.

import { expect, test } from 'vitest'
import type { Batch } from './batches.js'
import { BatchesAhead } from './batches-ahead.js'

const batch = (rows: number): Batch => ({
  x: new Float32Array(rows),
  y: new Float32Array(rows),
  rows,
})

async function walk(source: Iterable<Batch> | AsyncIterable<Batch>, log: string[]) {
  const ahead = new BatchesAhead(source)
  for (let b = await ahead.first(); b !== undefined; b = await ahead.next()) {
    const step = new Promise<void>(resolve => setTimeout(resolve, 5)).then(() => {
      log.push(`step ${b?.rows}`)
    })
    await ahead.during(step)
  }
}

test('prepares the next batch while a step runs, from generators of both kinds', async () => {
  const expected = ['made 1', 'made 2', 'step 1', 'made 3', 'step 2', 'step 3']
  const log: string[] = []
  await walk(
    (function* () {
      for (let i = 1; i <= 3; i++) {
        log.push(`made ${i}`)
        yield batch(i)
      }
    })(),
    log,
  )
  expect(log).toEqual(expected)
  log.length = 0
  await walk(
    (async function* () {
      for (let i = 1; i <= 3; i++) {
        log.push(`made ${i}`)
        yield batch(i)
      }
    })(),
    log,
  )
  expect(log).toEqual(expected)
})

test('a batch that cannot be made fails after the step before it; stop gives the source back', async () => {
  const log: string[] = []
  const broken = function* () {
    yield batch(1)
    throw new Error('truncated')
  }
  await expect(walk(broken(), log)).rejects.toThrow('truncated')
  expect(log).toEqual(['step 1'])
  let closed = false
  const ahead = new BatchesAhead(
    (async function* () {
      try {
        for (;;) yield batch(1)
      } finally {
        closed = true
      }
    })(),
  )
  await ahead.first()
  await ahead.during(Promise.resolve())
  await ahead.stop()
  expect(closed).toBe(true)
})
