import { expect, test } from 'vitest'
import { suggestLearningRate } from './suggest-learning-rate.js'

const rows = Array.from({ length: 120 }, (_, i) => ({
  x: i % 11,
  z: (7 * i) % 13,
  y: (i % 11) * 2 - ((7 * i) % 13),
}))

test('of a table: a rate between the ends of the test, the same each time', async () => {
  const options = { target: 'y', task: 'regression' as const, hidden: [16] }
  const found = await suggestLearningRate(rows, options)
  expect(found.suggestion).toBeGreaterThan(1e-4)
  expect(found.suggestion).toBeLessThan(1)
  expect(found.losses.length).toBe(found.learningRates.length)
  expect(found.svg()).toMatch(/^<svg /)
  const again = await suggestLearningRate(rows, options)
  expect(again.losses).toEqual(found.losses)
})

test('of pictures', async () => {
  const found = await suggestLearningRate('examples/data/fashion-mnist-tiny', {
    model: 'mlp',
    batchSize: 8,
  })
  expect(found.suggestion).toBeGreaterThan(1e-5)
  expect(found.suggestion).toBeLessThan(0.1)
  expect(found.standard).toBe(0.002)
})

test('models without a rate are refused', async () => {
  await expect(suggestLearningRate(rows, { target: 'y', model: 'forest' })).rejects.toThrow(
    /'forest' has no learning rate/,
  )
})
