// Stochastic gradient descent (kernels/learn/sgd.cpp): its parameters, and what classifier and regressor
// share.

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  integerParameter,
  numberParameter,
  optionalParameter,
  type ParametersOf,
} from '../../base/parameters.js'
import { Random } from '../../base/philox.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import { randomState } from '../../estimator/random-state.js'
import {
  type Codec,
  finiteNumber,
  flag,
  float64s,
  integer,
  optional,
  record,
  type StateTable,
} from '../../estimator/state.js'
import { runJob } from '../../execute/jobs.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'
import { orNone } from './job-arrays.js'
import { fitIntercept, l1Ratio, warmStart } from './shared-parameters.js'

/** The numbers of `SgdLoss` in kernels/learn/sgd-loss.h. */
const losses = {
  hinge: 0,
  logLoss: 1,
  modifiedHuber: 2,
  squaredHinge: 3,
  perceptron: 4,
  squaredError: 5,
  huber: 6,
  epsilonInsensitive: 7,
  squaredEpsilonInsensitive: 8,
} as const
const penalties = { none: 0, l1: 1, l2: 2, elasticnet: 3 } as const
const rates = { constant: 0, optimal: 1, invscaling: 2, adaptive: 3, pa1: 4, pa2: 5 } as const

export type StochasticLoss = keyof typeof losses

export const stochasticParameters = {
  penalty: optionalParameter(
    choiceParameter(['l2', 'l1', 'elasticnet'], {
      doc: 'What keeps coefficients small; null: nothing.',
      search: { choices: ['l2', 'l1', 'elasticnet'] },
    }),
    'l2',
  ),
  alpha: numberParameter({
    default: 1e-4,
    min: 0,
    doc: 'Strength of the penalty; the rate optimal is made from it.',
    search: { scale: 'log', low: 1e-6, high: 1e-1 },
  }),
  l1Ratio: l1Ratio(0.15),
  fitIntercept,
  maxIter: integerParameter({ default: 1000, min: 1, doc: 'Epochs at most.' }),
  tol: optionalParameter(
    numberParameter({
      min: 0,
      doc: 'By how much an epoch has to be better than the best; null: maxIter epochs.',
    }),
    1e-3,
  ),
  shuffle: booleanParameter({
    default: true,
    doc: 'Whether rows come in another order in each epoch.',
  }),
  epsilon: numberParameter({
    default: 0.1,
    min: 0,
    doc: 'Of huber and the insensitive losses: errors up to this are small.',
  }),
  randomState,
  eta0: numberParameter({
    default: 0.01,
    above: 0,
    doc: 'The rate at the start; of pa1 and pa2 their aggressiveness. Not for optimal.',
    search: { scale: 'log', low: 1e-4, high: 1 },
  }),
  earlyStopping: booleanParameter({
    default: false,
    doc: 'Whether rows held out say when to stop, instead of the training loss.',
  }),
  validationFraction: numberParameter({
    default: 0.1,
    above: 0,
    below: 1,
    doc: 'The share of rows that earlyStopping holds out.',
  }),
  nIterNoChange: integerParameter({
    default: 5,
    min: 1,
    doc: 'So many epochs without being better end it.',
  }),
  warmStart,
  average: eitherParameter(booleanParameter({ doc: '' }), integerParameter({ min: 0, doc: '' }), {
    default: false,
    doc: 'Whether the answer is the mean over all steps; a number: over those from that step on.',
  }),
}

/** Rate and exponent; classifier and regressor differ in their defaults. */
export const rateParameters = (learningRate: 'optimal' | 'invscaling', powerT: number) => ({
  learningRate: choiceParameter(['optimal', 'invscaling', 'constant', 'adaptive', 'pa1', 'pa2'], {
    default: learningRate,
    doc: 'How steps shrink: 1 / (alpha · (t + t₀)); eta0 / t^powerT; never; by a fifth whenever nothing is gained; or passive-aggressive steps.',
  }),
  powerT: numberParameter({
    default: powerT,
    min: 0,
    doc: 'The exponent of invscaling.',
  }),
})

type Shared = ParametersOf<typeof stochasticParameters> &
  ParametersOf<ReturnType<typeof rateParameters>>

/** Where the steps had come to, which averaging hides. */
interface Raw {
  readonly coef: Float64Array
  readonly intercept: Float64Array
  readonly averageCoef: Float64Array
  readonly averageIntercept: Float64Array
}

export interface StochasticState {
  readonly coef: Float64Array
  readonly intercept: Float64Array
  /** Steps so far, and one. */
  readonly time: number
  readonly raw: Raw | undefined
  readonly nIter: number
  readonly converged: boolean
}

const raw: Codec<Raw> = record<Raw>({
  coef: float64s(),
  intercept: float64s(),
  averageCoef: float64s(),
  averageIntercept: float64s(),
})

export const stochasticState: StateTable<StochasticState> = {
  coef: float64s(),
  intercept: float64s(),
  time: finiteNumber(1),
  raw: optional(raw),
  nIter: integer(0),
  converged: flag,
}

/** Refuses a saved state in which the raw coefficients have other sizes than those that count. */
export function rawFits({ coef, intercept, raw }: StochasticState): boolean {
  if (raw === undefined) return true
  return (
    raw.coef.length === coef.length &&
    raw.averageCoef.length === coef.length &&
    raw.intercept.length === intercept.length &&
    raw.averageIntercept.length === intercept.length
  )
}

export interface StochasticProblem {
  readonly params: Shared
  readonly loss: StochasticLoss
  readonly outputs: number
  /** Classes (then weights of each class and the rest, one pair an output), or numbers. */
  readonly targets: Int32Array | Float64Array
  readonly classWeights: readonly number[]
  readonly weights: Float64Array | undefined
  /** What to go on from, and whether its steps count. */
  readonly before: StochasticState | undefined
  readonly goOn: boolean
}

/** Errors: NOT_FINITE where coefficients overflow; DATA where nothing can be held out. */
export async function descendStochastically(
  { operation, x, signal, onProgress }: Training<AnyMatrix>,
  problem: StochasticProblem,
): Promise<StochasticState> {
  const { params, loss, outputs, targets, weights, before, goOn } = problem
  if (params.learningRate === 'optimal' && params.alpha === 0)
    throw argumentError(operation, "an alpha above 0 for the learningRate 'optimal'", '0')
  const aggressive = params.learningRate === 'pa1' || params.learningRate === 'pa2'
  const suited = targets instanceof Int32Array ? 'hinge' : 'epsilonInsensitive'
  if (aggressive && loss !== suited)
    throw argumentError(operation, `the loss '${suited}' for ${params.learningRate}`, `'${loss}'`)
  const { numbers, arrays } = rowArguments(x)
  const average = params.average === true ? 1 : params.average === false ? 0 : params.average
  const cells = outputs * x.width
  const from = before?.raw ?? before
  const held = params.earlyStopping && !goOn ? heldOut(operation, problem, x.rows) : undefined
  const averages = (values: Float64Array | undefined, count: number) =>
    average === 0 ? undefined : (values ?? new Float64Array(count))
  const [coef, intercept, averageCoef, averageIntercept, summary] = await runJob(operation, {
    kind: 'sgd',
    numbers: [
      ...numbers,
      losses[loss],
      params.epsilon,
      penalties[params.penalty ?? 'none'],
      params.alpha,
      params.l1Ratio,
      params.fitIntercept ? 1 : 0,
      goOn ? 1 : params.maxIter,
      params.tol ?? -1,
      params.shuffle ? 1 : 0,
      rates[params.learningRate],
      params.eta0,
      params.powerT,
      params.nIterNoChange,
      average,
      params.randomState,
      goOn && before !== undefined ? before.time : 1,
      outputs,
      targets instanceof Int32Array ? 1 : 0,
      ...problem.classWeights,
    ],
    arrays: [
      ...arrays,
      targets,
      orNone(weights),
      held ?? new Uint8Array(0),
      from?.coef ?? new Float64Array(cells),
      from?.intercept ?? new Float64Array(outputs),
      orNone(averages(goOn ? before?.raw?.averageCoef : undefined, cells)),
      orNone(averages(goOn ? before?.raw?.averageIntercept : undefined, outputs)),
    ],
    signal,
    onProgress,
  })
  const [nIter, converged, time] = new Float64Array(summary)
  const steps = { coef: new Float64Array(coef), intercept: new Float64Array(intercept) }
  const common = {
    time,
    nIter: goOn ? (before?.nIter ?? 0) + 1 : nIter,
    converged: goOn || params.tol === undefined || converged === 1,
  }
  if (average === 0) return { ...steps, ...common, raw: undefined }
  const raw = {
    ...steps,
    averageCoef: new Float64Array(averageCoef),
    averageIntercept: new Float64Array(averageIntercept),
  }
  const shown =
    average <= time - 1 ? { coef: raw.averageCoef, intercept: raw.averageIntercept } : steps
  return { ...shown, ...common, raw }
}

/** 1 for rows held out: the same share of each class. */
function heldOut(operation: string, problem: StochasticProblem, rows: number): Uint8Array {
  const { targets, weights } = problem
  const { validationFraction, randomState } = problem.params
  const groups = new Map<number, number[]>()
  for (let i = 0; i < rows; i++) {
    const group = targets instanceof Int32Array ? targets[i] : 0
    const own = groups.get(group)
    if (own === undefined) groups.set(group, [i])
    else own.push(i)
  }
  const random = new Random(randomState, 0x7664)
  const held = new Uint8Array(rows)
  let weight = 0
  let count = 0
  for (const group of groups.values()) {
    const take = Math.round(validationFraction * group.length)
    for (let n = 0; n < take; n++) {
      const at = n + random.integer(group.length - n)
      ;[group[n], group[at]] = [group[at], group[n]]
      held[group[n]] = 1
      weight += weights?.[group[n]] ?? 1
      count++
    }
  }
  if (count === 0 || count === rows || weight === 0)
    throw new AthanorError('DATA', {
      operation,
      expected: 'rows to hold out and rows to learn from',
      received: `${count} of ${rows} held out, with a weight of ${weight}`,
      fix: 'Choose another validationFraction, or leave earlyStopping out',
    })
  return held
}
