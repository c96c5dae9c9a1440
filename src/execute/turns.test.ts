import { expect, test } from 'vitest'
import { giveTurn, isTurnDue } from './turns.js'

test('a turn is due again only after a while, and lets timers run', async () => {
  await giveTurn()
  expect(isTurnDue()).toBe(false)
  let fired = false
  setTimeout(() => {
    fired = true
  }, 0)
  const start = performance.now()
  while (performance.now() - start < 25);
  expect(isTurnDue()).toBe(true)
  for (let i = 0; i < 5 && !fired; i++) await giveTurn()
  expect(fired).toBe(true)
})
