// The classifier that ignores the features: the bar that any model has to clear.

import { JsonReader } from '../../base/json-reader.js'
import { choiceParameter, type ParametersOf, resolveParameters } from '../../base/parameters.js'
import type { Classifier, EstimatorJson, FitOptions } from '../contract.js'
import { fitOptions, requireFitted } from '../contract.js'
import { asMatrix, type MatrixLike, weightsFor } from '../matrix.js'
import { accuracy } from '../metrics/accuracy.js'
import { encodeLabels } from './class-labels.js'

export const dummyClassifierParameters = {
  strategy: choiceParameter(['prior', 'mostFrequent'], {
    default: 'prior',
    doc: 'Both predict the most frequent class; probabilities are the training frequencies (prior) or 0 and 1.',
  }),
}

export type DummyClassifierParams = ParametersOf<typeof dummyClassifierParameters>

interface State {
  readonly classes: readonly number[]
  readonly prior: readonly number[]
}

/**
 * Predicts the most frequent class of the training rows. As scikit-learn's `DummyClassifier`.
 *
 * @example
 * ```ts
 * new DummyClassifier().fit([[0], [0], [0]], [1, 1, 0]).predict([[5]]) // [1]
 * ```
 */
export class DummyClassifier implements Classifier<DummyClassifierParams> {
  readonly estimatorType = 'classifier'
  readonly params: DummyClassifierParams
  private state: State | undefined

  constructor(params: Partial<DummyClassifierParams> = {}) {
    this.params = resolveParameters('DummyClassifier', dummyClassifierParameters, params)
  }

  get isFitted(): boolean {
    return this.state !== undefined
  }

  get classes(): readonly number[] {
    return requireFitted('DummyClassifier.classes', this.state).classes
  }

  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): this {
    const operation = 'DummyClassifier.fit'
    fitOptions.check(operation, options)
    const { rows } = asMatrix(operation, x)
    const { classes, codes } = encodeLabels(operation, y, rows, options.classes)
    const weights = weightsFor(operation, options.sampleWeight, rows)
    const sums = new Float64Array(classes.length)
    for (let i = 0; i < rows; i++) sums[codes[i]] += weights[i]
    const total = sums.reduce((a, b) => a + b)
    this.state = { classes, prior: Array.from(sums, sum => sum / total) }
    return this
  }

  predict(x: MatrixLike): Float64Array {
    const { classes, prior } = requireFitted('DummyClassifier.predict', this.state)
    const { rows } = asMatrix('DummyClassifier.predict', x)
    return new Float64Array(rows).fill(classes[prior.indexOf(Math.max(...prior))])
  }

  predictProba(x: MatrixLike): Float64Array {
    const { classes, prior } = requireFitted('DummyClassifier.predictProba', this.state)
    const { rows } = asMatrix('DummyClassifier.predictProba', x)
    const best = prior.indexOf(Math.max(...prior))
    const row =
      this.params.strategy === 'prior' ? prior : classes.map((_, c) => (c === best ? 1 : 0))
    const out = new Float64Array(rows * classes.length)
    for (let r = 0; r < rows; r++) out.set(row, r * classes.length)
    return out
  }

  score(x: MatrixLike, y: ArrayLike<number>, options = {}): number {
    return accuracy(y, this.predict(x), options)
  }

  clone(): DummyClassifier {
    return new DummyClassifier(this.params)
  }

  toJSON(): EstimatorJson {
    const state = this.state ?? null
    return { estimator: 'DummyClassifier', version: 1, params: this.params, state }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): DummyClassifier {
    const reader = new JsonReader('DummyClassifier', json)
    reader.only('estimator', 'version', 'params', 'state')
    reader.get('estimator').oneOf(['DummyClassifier'])
    reader.get('version').integer(1, 1)
    const strategy = reader.get('params').only('strategy').get('strategy')
    const made = new DummyClassifier({ strategy: strategy.oneOf(['prior', 'mostFrequent']) })
    const state = reader.get('state')
    if (state.value === null) return made
    const classes = Array.from(state.only('classes', 'prior').get('classes').ascendingNumbers(1))
    const prior = state.get('prior').items(classes.length, classes.length)
    made.state = { classes, prior: prior.map(p => p.number(0, 1)) }
    return made
  }
}
