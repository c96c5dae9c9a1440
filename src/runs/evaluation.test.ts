// Answers that cannot be measured.

import { expect, test } from 'vitest'
import { type Answers, measure } from './evaluation.js'

test.each<[string, Answers]>([
  [
    'numbers',
    { task: 'regression', truth: Float64Array.of(1, 2), predicted: Float64Array.of(1, Infinity) },
  ],
  [
    'classes',
    {
      ...{ task: 'classification', classes: 2, truth: Int32Array.of(0, 1) },
      probabilities: Float64Array.of(1, 0, Number.NaN, Number.NaN),
    },
  ],
])('answers that are no %s are named as what they are', (_, answers) => {
  expect(() => measure(answers)).toThrow(
    expect.objectContaining({
      code: 'NOT_FINITE',
      message: expect.stringMatching(/finite predictions.*smaller --learning-rate/s),
    }),
  )
})
