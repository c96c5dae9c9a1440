// Histogram gradient boosting for classes, by log loss.

import type { GivenParameters } from '../../base/parameters.js'
import {
  type ClassifierTraining,
  countOf,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { classWeightParameter, weightsOfClasses } from '../../estimator/class-weight.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { choice, type StateTable } from '../../estimator/state.js'
import { spreadScores } from '../svm/spread-scores.js'
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

const histGradientBoostingClassifierParameters = {
  ...boostingParameters,
  classWeight: classWeightParameter,
}

/** Learned trees, and how raw predictions become probabilities. */
export interface BoostedClassifierState extends BoostedTrees {
  /** `logistic`: of two classes, or of each class for itself; `softmax`: they add up to 1. */
  readonly link: 'logistic' | 'softmax'
}

const state: StateTable<BoostedClassifierState> = {
  ...boostedTrees,
  link: choice(['logistic', 'softmax']),
}

const definition = defineEstimator({
  name: 'HistGradientBoostingClassifier',
  parameters: histGradientBoostingClassifierParameters,
  state,
  tags: { allowNaN: true },
  check(learned, _, json) {
    const classes = countOf(learned)
    // Others' models may have an output for each of two classes.
    checkBoostedTrees(learned, classes === 2 ? [1, 2] : [classes], json)
  },
})

/**
 * Gradient boosting over histograms, as scikit-learn's `HistGradientBoostingClassifier`: trees that are
 * grown best leaf first, each on the derivatives of the log loss (Friedman 2001; Ke et al. 2017). Missing
 * cells (NaN) and categories are features like others; nothing has to be scaled.
 *
 * @example
 * ```ts
 * const x = Array.from({ length: 200 }, (_, i) => [i % 20, Math.sin(i)])
 * const y = x.map(([a]) => (a > 6 && a < 13 ? 'inside' : 'outside'))
 * const model = await new HistGradientBoostingClassifier().fit(x, y)
 * await model.predict([[10, 0], [15, 0]]) // ['inside', 'outside']
 * ```
 */
export class HistGradientBoostingClassifier extends ProbabilisticClassifier<
  typeof histGradientBoostingClassifierParameters,
  BoostedClassifierState
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof histGradientBoostingClassifierParameters> = {}) {
    super(definition, params)
  }

  /** The trees as flat arrays; beyond two classes as many in turn as there are classes. */
  get trees(): TreeEnsemble {
    return this.fitted('trees').trees
  }

  /**
   * One of the trees, from 0; its values are what a row adds to one class's score (beyond two classes the trees take turns: tree 0 is the first class's), or to the log odds of the second of two.
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

  protected async learn(training: ClassifierTraining): Promise<BoostedClassifierState> {
    const { operation, codes, classes, labels, sampleWeight } = training
    let weights = sampleWeight
    if (this.params.classWeight !== undefined) {
      const ofClass = weightsOfClasses(operation, this.params.classWeight, labels, codes, undefined)
      weights = Float64Array.from(codes, (code, i) => ofClass[code] * (sampleWeight?.[i] ?? 1))
    }
    const learned = await boost(training, this.params, {
      loss: classes === 2 ? 'binaryLogLoss' : 'multiclassLogLoss',
      outputs: outputsFor(classes),
      y: Float64Array.from(codes),
      sampleWeight: weights,
      stratify: codes,
    })
    return { ...learned, link: classes === 2 ? 'logistic' : 'softmax' }
  }

  protected async probabilitiesOf(
    x: Matrix,
    learned: Frame & BoostedClassifierState,
  ): Promise<Float64Array> {
    const raw = await rawPredictions(`${definition.name}.predictProba`, learned, x)
    return probabilities(raw, learned)
  }

  /**
   * Raw predictions: log odds of the second of two classes, one a row; else one a class, row-major.
   */
  async decisionFunction(x: MatrixLike): Promise<Float64Array> {
    const learned = this.fitted('decisionFunction')
    const matrix = (await this.readInput('decisionFunction', x)) as Matrix
    const raw = await rawPredictions(`${definition.name}.decisionFunction`, learned, matrix)
    const isPair = countOf(learned) === 2 && learned.trees.outputs === 2
    return spreadScores(isPair ? differences(raw) : raw, learned)
  }

  /** Probabilities after each iteration. */
  async *stagedPredictProba(x: MatrixLike): AsyncGenerator<Float64Array> {
    const learned = this.fitted('stagedPredictProba')
    const matrix = (await this.readInput('stagedPredictProba', x)) as Matrix
    const operation = `${definition.name}.stagedPredictProba`
    for await (const raw of stagedRawPredictions(operation, learned, matrix))
      yield this.spread(probabilities(raw, learned), matrix.rows, learned)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): HistGradientBoostingClassifier {
    return restore(HistGradientBoostingClassifier, json)
  }
}

/** Of each pair, the second less the first. */
const differences = (pairs: Float64Array): Float64Array =>
  Float64Array.from({ length: pairs.length / 2 }, (_, i) => pairs[2 * i + 1] - pairs[2 * i])

const outputsFor = (classes: number): number => (classes === 2 ? 1 : classes)

function probabilities(raw: Float64Array, { link, trees }: BoostedClassifierState): Float64Array {
  const { outputs } = trees
  if (outputs === 1) {
    const out = new Float64Array(2 * raw.length)
    for (let row = 0; row < raw.length; row++) {
      out[2 * row] = 1 / (1 + Math.exp(raw[row]))
      out[2 * row + 1] = 1 / (1 + Math.exp(-raw[row]))
    }
    return out
  }
  if (link === 'logistic') return raw.map(score => 1 / (1 + Math.exp(-score)))
  const out = new Float64Array(raw.length)
  for (let at = 0; at < raw.length; at += outputs) {
    let top = Number.NEGATIVE_INFINITY
    for (let k = 0; k < outputs; k++) top = Math.max(top, raw[at + k])
    let sum = 0
    for (let k = 0; k < outputs; k++) sum += out[at + k] = Math.exp(raw[at + k] - top)
    for (let k = 0; k < outputs; k++) out[at + k] /= sum
  }
  return out
}
