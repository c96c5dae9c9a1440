// Parameters that all machines with kernels share, and the width γ that their words stand for.

import { AthanorError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  integerParameter,
  numberParameter,
  optionalParameter,
  type ParametersOf,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse } from '../../estimator/matrix.js'

/** Their numbers in kernels/learn/svm-points.h. */
export const kernelNumbers = { linear: 0, poly: 1, rbf: 2, sigmoid: 3, precomputed: 4 } as const

export const kernelParameters = {
  kernel: choiceParameter(['linear', 'poly', 'rbf', 'sigmoid', 'precomputed'], {
    default: 'rbf',
    doc: 'linear: x·z; poly: (γ x·z + coef0)^degree; rbf: exp(−γ‖x − z‖²); sigmoid: tanh(γ x·z + coef0); precomputed: x holds kernel values, rows × training rows.',
    search: { choices: ['rbf', 'linear', 'poly'] },
  }),
  degree: integerParameter({
    default: 3,
    min: 0,
    max: 1000,
    doc: 'Exponent of poly.',
    search: { scale: 'linear', low: 2, high: 4, whole: true },
  }),
  gamma: eitherParameter(
    choiceParameter(['scale', 'auto'], { doc: 'By the features.' }),
    numberParameter({ min: 0, doc: 'γ itself.' }),
    {
      default: 'scale',
      doc: 'γ of rbf, poly and sigmoid; scale: 1 / (features · variance of all values); auto: 1 / features.',
      search: { scale: 'log', low: 1e-4, high: 10 },
    },
  ),
  coef0: numberParameter({ default: 0, doc: 'Constant term of poly and sigmoid.' }),
}

export const solverParameters = {
  tol: numberParameter({
    default: 1e-3,
    above: 0,
    doc: 'Stops when the optimality conditions are violated by no more.',
  }),
  shrinking: booleanParameter({
    default: true,
    doc: 'Whether points that will stay at a bound are set aside on the way.',
  }),
  cacheSize: numberParameter({
    default: 200,
    above: 0,
    doc: 'Megabytes for rows of the kernel matrix; has no influence on the result.',
  }),
  maxIter: optionalParameter(
    integerParameter({
      min: 1,
      doc: 'Iterations at most of each machine; null: ten million, or a hundred a row where that is more.',
    }),
  ),
}

export type Kernel = ParametersOf<typeof kernelParameters>
export type Solver = ParametersOf<typeof solverParameters>

/**
 * γ as a number.
 *
 * @throws AthanorError NOT_FINITE where the features' variance is.
 */
export function gammaOf(operation: string, { gamma, kernel }: Kernel, x: AnyMatrix): number {
  if (typeof gamma === 'number') return gamma
  if (kernel === 'linear' || kernel === 'precomputed') return 1
  if (gamma === 'auto') return 1 / x.width
  const values = isSparse(x) ? x.values : x.x
  const cells = x.rows * x.width
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  const mean = sum / cells
  let squares = (cells - values.length) * mean * mean
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2
  const scale = x.width * (squares / cells)
  if (Number.isFinite(scale)) return scale > 0 && Number.isFinite(1 / scale) ? 1 / scale : 1
  throw new AthanorError('NOT_FINITE', {
    operation,
    expected: 'features with a finite variance',
    received: 'larger ones',
    fix: 'Scale the features, for instance with StandardScaler',
  })
}

/**
 * A given kernel needs a square matrix.
 *
 * @throws AthanorError SHAPE, DATA.
 */
export function checkPrecomputed(operation: string, kernel: Kernel['kernel'], x: AnyMatrix): void {
  if (kernel !== 'precomputed') return
  if (isSparse(x))
    throw new AthanorError('DATA', {
      operation,
      expected: 'a dense kernel matrix',
      received: 'a SparseMatrix',
      fix: 'Pass x.toDense()',
    })
  if (x.rows !== x.width)
    throw new AthanorError('SHAPE', {
      operation,
      expected: 'a square kernel matrix, training rows × training rows',
      received: `[${x.rows}, ${x.width}]`,
    })
}
