// What epochs of losses that are not finite come to.

import { expect, test, vi } from 'vitest'
import type { Model } from '../train/model.js'
import { EpochReporter } from './epoch-reporter.js'

const model = { optimizer: { learningRate: 0.1 } } as Model

const reporter = (validation = 10) =>
  new EpochReporter(3, { train: 10, validation }, 1, vi.fn(), 'folder')

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'a first validation loss of %s ends it',
  valLoss => {
    const epochs = reporter()
    expect(() => epochs.onEpochEnd(0, { loss: 1, valLoss }, model)).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE' }),
    )
    expect(epochs.epoch).toBe(0)
  },
)

test('after an epoch that was finite, it goes on with that as the best', () => {
  const epochs = reporter()
  epochs.onEpochEnd(0, { loss: 1, valLoss: 2 }, model)
  epochs.onEpochEnd(1, { loss: 1, valLoss: Number.NaN }, model)
  expect(epochs.best).toBe(1)
  const resumed = reporter()
  resumed.continue([2])
  resumed.onEpochEnd(1, { loss: 1, valLoss: Number.NaN }, model)
  expect(resumed.best).toBe(1)
})

test('without rows to validate on there is no loss of them', () => {
  reporter(0).onEpochEnd(0, { loss: 1, valLoss: Number.NaN }, model)
})
