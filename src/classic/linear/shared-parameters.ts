// Rows that several tables of parameters have in common.

import { booleanParameter, numberParameter, type Parameter } from '../../base/parameters.js'

export const fitIntercept = booleanParameter({
  default: true,
  doc: 'Whether to learn an intercept.',
})

export const warmStart = booleanParameter({
  default: false,
  doc: 'Whether a second fit begins where the last one ended, instead of forgetting it.',
})

/** The share of L1 in a penalty of both kinds. */
export const l1Ratio = (standard: number): Parameter<number> =>
  numberParameter({
    default: standard,
    min: 0,
    max: 1,
    doc: 'The share of L1 in the penalty: 0 is L2 alone, 1 is L1 alone.',
    search: { scale: 'linear', low: 0, high: 1 },
  })

/** Of plain gradient descent. */
export const learningRate = numberParameter({
  default: 0.1,
  above: 0,
  doc: 'Of gradientDescent: what a step is of the gradient.',
})
