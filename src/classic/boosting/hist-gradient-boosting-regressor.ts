// Histogram gradient boosting for numbers: means, medians, quantiles, counts.

import { AthanorError } from '../../base/errors.js'
import {
  choiceParameter,
  type GivenParameters,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { choice, type StateTable } from '../../estimator/state.js'
import { type Tree, treeAt } from '../trees/tree.js'
import type { TreeEnsemble } from '../trees/tree-ensemble.js'
import { boost } from './boost.js'
import {
  type BoostedTrees,
  boostedTrees,
  checkBoostedTrees,
  gainShares,
  iterationsOf,
  rawPredictions,
  stagedRawPredictions,
} from './boosted-trees.js'
import { boostingParameters } from './boosting-parameters.js'

const histGradientBoostingRegressorParameters = {
  loss: choiceParameter(['squaredError', 'absoluteError', 'gamma', 'poisson', 'quantile'], {
    default: 'squaredError',
    doc: 'What is minimised; it predicts means (squaredError, and of positive targets gamma and poisson, which are relative), medians (absoluteError) or a quantile.',
  }),
  quantile: optionalParameter(
    numberParameter({ min: 0, max: 1, doc: "For loss 'quantile': which one, from 0 to 1." }),
  ),
  ...boostingParameters,
}

/** Learned trees, and how raw predictions become numbers. */
export interface BoostedRegressorState extends BoostedTrees {
  /** `log`: predictions are exponentials of sums; `logit`: their logistic function, from 0 to 1. */
  readonly link: 'identity' | 'log' | 'logit'
}

const state: StateTable<BoostedRegressorState> = {
  ...boostedTrees,
  link: choice(['identity', 'log', 'logit']),
}

const definition = defineEstimator({
  name: 'HistGradientBoostingRegressor',
  parameters: histGradientBoostingRegressorParameters,
  state,
  tags: { allowNaN: true },
  check: (learned, _, json) => checkBoostedTrees(learned, [1], json),
})

/**
 * Gradient boosting over histograms, as scikit-learn's `HistGradientBoostingRegressor`: trees that are grown
 * best leaf first, each on the derivatives of the loss (Friedman 2001; Ke et al. 2017). Missing cells (NaN)
 * and categories are features like others; nothing has to be scaled.
 *
 * @example
 * ```ts
 * const x = Array.from({ length: 400 }, (_, i) => [i / 40, i % 7])
 * const y = x.map(([a]) => Math.sin(a))
 * const model = await new HistGradientBoostingRegressor().fit(x, y)
 * await model.predict([[1.5, 0]]) // about [0.98]
 * ```
 */
export class HistGradientBoostingRegressor extends BaseRegressor<
  typeof histGradientBoostingRegressorParameters,
  BoostedRegressorState
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof histGradientBoostingRegressorParameters> = {}) {
    super(definition, params)
  }

  /** The trees as flat arrays. */
  get trees(): TreeEnsemble {
    return this.fitted('trees').trees
  }

  /**
   * One of the trees, from 0; its values are what a row adds to the prediction before the loss's link.
   *
   * @throws AthanorError ARGUMENT for a number that no tree has; STATE before fit.
   */
  tree(index: number): Tree {
    const { trees, count, nFeaturesIn, featureNamesIn } = this.fitted('tree')
    return treeAt(`${definition.name}.tree`, trees, index, {
      nNodeSamples: count,
      nFeaturesIn,
      featureNamesIn,
    })
  }

  /** Iterations that were done. */
  get nIter(): number {
    return iterationsOf(this.fitted('nIter'))
  }

  /** The negative training loss at the start and after each iteration. */
  get trainScore(): Float64Array {
    return this.fitted('trainScore').trainScore
  }

  /** The same of the rows that early stopping held out; empty without it. */
  get validationScore(): Float64Array {
    return this.fitted('validationScore').validationScore
  }

  /** Each feature's share of what all divisions gained; undefined for a read model that says nothing. */
  get featureImportances(): Float64Array | undefined {
    const learned = this.fitted('featureImportances')
    return gainShares(learned, learned.nFeaturesIn)
  }

  protected async learn(training: RegressorTraining): Promise<BoostedRegressorState> {
    const { loss, quantile } = this.params
    const { operation, y, sampleWeight } = training
    checkTargets(operation, loss, y)
    if (loss === 'quantile' && quantile === undefined)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: "the parameter quantile, for loss 'quantile'",
        received: 'none',
      })
    const link = loss === 'poisson' || loss === 'gamma' ? 'log' : 'identity'
    const exponent = link === 'identity' ? scaleOf(y) : 0
    const scale = 2 ** exponent
    const learned = await boost(training, this.params, {
      loss,
      ...(quantile === undefined ? {} : { quantile }),
      outputs: 1,
      y: exponent === 0 ? y : y.map(value => value / scale),
      sampleWeight,
    })
    return { ...(exponent === 0 ? learned : rescaled(learned, scale, loss)), link }
  }

  protected async valuesOf(
    x: Matrix,
    learned: Frame & BoostedRegressorState,
  ): Promise<Float64Array> {
    return linked(await rawPredictions(`${definition.name}.predict`, learned, x), learned)
  }

  /** Predictions after each iteration. */
  async *stagedPredict(x: MatrixLike): AsyncGenerator<Float64Array> {
    const learned = this.fitted('stagedPredict')
    const matrix = (await this.readInput('stagedPredict', x)) as Matrix
    const operation = `${definition.name}.stagedPredict`
    for await (const raw of stagedRawPredictions(operation, learned, matrix))
      yield linked(raw.slice(), learned)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): HistGradientBoostingRegressor {
    return restore(HistGradientBoostingRegressor, json)
  }
}

/** Raw predictions as numbers, in place. */
function linked(raw: Float64Array, { link }: BoostedRegressorState): Float64Array {
  if (link === 'log') for (let i = 0; i < raw.length; i++) raw[i] = Math.exp(raw[i])
  if (link === 'logit') for (let i = 0; i < raw.length; i++) raw[i] = 1 / (1 + Math.exp(-raw[i]))
  return raw
}

function checkTargets(operation: string, loss: string, y: Float64Array): void {
  if (loss !== 'poisson' && loss !== 'gamma') return
  const bad = y.findIndex(value => (loss === 'gamma' ? !(value > 0) : value < 0))
  if (bad < 0 && y.some(value => value > 0)) return
  throw new AthanorError('DATA', {
    operation,
    expected:
      loss === 'gamma'
        ? "targets above 0 for loss 'gamma'"
        : "targets of 0 or more, one above 0, for loss 'poisson'",
    received: bad < 0 ? 'zeros alone' : `${y[bad]} at row ${bad}`,
  })
}

/** Gradients are float32. Targets far from 1 are divided by a power of two, which costs no bit. */
function scaleOf(y: Float64Array): number {
  let largest = 0
  for (const value of y) largest = Math.max(largest, Math.abs(value))
  const exponent = largest === 0 ? 0 : Math.floor(Math.log2(largest))
  return Math.abs(exponent) < 40 ? 0 : Math.max(-1000, exponent)
}

function rescaled(learned: BoostedTrees, scale: number, loss: string): BoostedTrees {
  const times = (factor: number) => (value: number) => value * factor
  // Squares may leave the range of float64.
  const finite = (value: number) => Math.max(-Number.MAX_VALUE, value)
  const score = (value: number) =>
    finite(loss === 'squaredError' ? value * scale * scale : value * scale)
  return {
    ...learned,
    trees: {
      ...learned.trees,
      base: learned.trees.base.map(times(scale)),
      values: learned.trees.values.map(times(scale)),
    },
    trainScore: learned.trainScore.map(score),
    validationScore: learned.validationScore.map(score),
  }
}
