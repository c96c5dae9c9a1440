// A multi-layer perceptron that classifies: cross-entropy over the engine's nets.

import type { GivenParameters } from '../../base/parameters.js'
import {
  type ClassifierTraining,
  countOf,
  largestOf,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { Matrix } from '../../estimator/matrix.js'
import { binaryCrossentropy, sparseCategoricalCrossentropy } from '../../nn/losses/index.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'
import { checkMlp, type MlpState, mlpOutputs, mlpState, netOf, trainMlp } from './mlp-net.js'
import { mlpParameters } from './mlp-parameters.js'

const mlpClassifierParameters = mlpParameters

const definition = defineEstimator({
  name: 'MLPClassifier',
  parameters: mlpClassifierParameters,
  state: mlpState,
  check: (state, params, json) =>
    checkMlp(state, params, state.nFeaturesIn, outputsFor(countOf(state)), json),
})

/**
 * A net of dense layers, trained by Adam or SGD. Parameters and rules for stopping are those of
 * scikit-learn's `MLPClassifier`; it computes in float32 on the engine. Scale the features first.
 *
 * @example
 * ```ts
 * const x = [[0, 0], [0, 1], [1, 0], [1, 1]]
 * const xor = new MLPClassifier({ hiddenLayerSizes: [16], learningRateInit: 0.05, maxIter: 400 })
 * await (await xor.fit(x, [0, 1, 1, 0])).predict(x) // [0, 1, 1, 0]
 * ```
 */
export class MLPClassifier extends ProbabilisticClassifier<
  typeof mlpClassifierParameters,
  MlpState
> {
  static readonly definition = definition
  private nets = new WeakMap<object, Model>()

  constructor(params: GivenParameters<typeof mlpClassifierParameters> = {}) {
    super(definition, params)
  }

  /** The weights of each layer, row-major `inputs × units`. */
  get coefs(): readonly Float32Array[] {
    return this.fitted('coefs').coefs
  }

  /** The biases of each layer. */
  get intercepts(): readonly Float32Array[] {
    return this.fitted('intercepts').intercepts
  }

  /** Epochs that were done. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** The training loss after each epoch. */
  get lossCurve(): readonly number[] {
    return this.fitted('lossCurve').lossCurve
  }

  /** The accuracy on the rows held out, after each epoch; empty without early stopping. */
  get validationScores(): readonly number[] {
    return this.fitted('validationScores').validationScores
  }

  protected learn(training: ClassifierTraining): Promise<MlpState> {
    const { codes, classes } = training
    const outputs = outputsFor(classes)
    return trainMlp(training, this.params, {
      outputs,
      loss: outputs === 1 ? logisticLoss : softmaxLoss,
      targets: outputs === 1 ? Float32Array.from(codes) : codes,
      stratify: codes,
      score: (scores, rowIds) => {
        const said = outputs === 1 ? scores.map(z => (z > 0 ? 1 : 0)) : largestOf(scores, outputs)
        return (
          rowIds.reduce((hits, row, i) => hits + Number(codes[row] === said[i]), 0) / said.length
        )
      },
    })
  }

  protected async probabilitiesOf(x: Matrix, state: Frame & MlpState): Promise<Float64Array> {
    const net = this.nets.get(state) ?? netOf(state, this.params)
    this.nets.set(state, net)
    const scores = await mlpOutputs('MLPClassifier.predictProba', net, x)
    const classes = countOf(state)
    const out = new Float64Array(x.rows * classes)
    if (classes === 2)
      for (let row = 0; row < x.rows; row++) {
        out[2 * row + 1] = 1 / (1 + Math.exp(-scores[row]))
        out[2 * row] = 1 / (1 + Math.exp(scores[row]))
      }
    else for (let at = 0; at < out.length; at += classes) softmax(scores, at, classes, out)
    return out
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): MLPClassifier {
    return restore(MLPClassifier, json)
  }
}

function outputsFor(classes: number): number {
  return classes === 2 ? 1 : classes
}

const logisticLoss = (yTrue: Tensor, yPred: Tensor, options: object = {}) =>
  binaryCrossentropy(yTrue.reshape(yPred.shape), yPred, { ...options, fromLogits: true })

const softmaxLoss = (yTrue: Tensor, yPred: Tensor, options: object = {}) =>
  sparseCategoricalCrossentropy(yTrue, yPred, { ...options, fromLogits: true })

function softmax(scores: Float32Array, at: number, classes: number, out: Float64Array): void {
  let top = Number.NEGATIVE_INFINITY
  for (let k = 0; k < classes; k++) top = Math.max(top, scores[at + k])
  let sum = 0
  for (let k = 0; k < classes; k++) sum += out[at + k] = Math.exp(scores[at + k] - top)
  for (let k = 0; k < classes; k++) out[at + k] /= sum
}
