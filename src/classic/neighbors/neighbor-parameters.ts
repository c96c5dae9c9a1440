// Parameters of everything that looks for neighbours.

import {
  choiceParameter,
  integerParameter,
  numberParameter,
  type ParametersOf,
} from '../../base/parameters.js'

export const neighborParameters = {
  nNeighbors: integerParameter({
    default: 5,
    min: 1,
    doc: 'How many neighbours are asked; the more, the smoother.',
    search: { scale: 'log', low: 1, high: 50, whole: true },
  }),
  algorithm: choiceParameter(['auto', 'kdTree', 'brute'], {
    default: 'auto',
    doc: 'A k-d tree (few features, many rows), every row (brute), or what should be faster; the answers are the same.',
  }),
  leafSize: integerParameter({
    default: 30,
    min: 1,
    doc: 'Rows in a leaf of the tree at most; has no influence on the answers.',
  }),
  metric: choiceParameter(['minkowski', 'euclidean', 'manhattan', 'chebyshev', 'cosine'], {
    default: 'minkowski',
    doc: 'Distance: (Σ|x − z|^p)^(1/p); its cases p = 2, p = 1 and p → ∞; or 1 − cosine of the angle (brute).',
    search: { choices: ['euclidean', 'manhattan'] },
  }),
  p: numberParameter({
    default: 2,
    above: 0,
    doc: 'Exponent of minkowski: 2 is euclidean, 1 manhattan.',
    search: { scale: 'linear', low: 1, high: 2, whole: true },
  }),
}

export const weightsParameter = choiceParameter(['uniform', 'distance'], {
  default: 'uniform',
  doc: 'Whether neighbours count the same, or in inverse proportion to their distance.',
  search: { choices: ['uniform', 'distance'] },
})

export type NeighborParams = ParametersOf<typeof neighborParameters>
