// A multi-layer perceptron that predicts numbers: squared error over the engine's nets.

import type { GivenParameters } from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type { Matrix } from '../../estimator/matrix.js'
import { r2 } from '../../estimator/metrics/r2.js'
import { meanSquaredError } from '../../nn/losses/index.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'
import { checkMlp, type MlpState, mlpOutputs, mlpState, netOf, trainMlp } from './mlp-net.js'
import { mlpParameters } from './mlp-parameters.js'

const mlpRegressorParameters = mlpParameters

const definition = defineEstimator({
  name: 'MLPRegressor',
  parameters: mlpRegressorParameters,
  state: mlpState,
  check: (state, params, json) => checkMlp(state, params, state.nFeaturesIn, 1, json),
})

/**
 * A net of dense layers, trained by Adam or SGD on half the squared error. Parameters and rules for
 * stopping are those of scikit-learn's `MLPRegressor`; it computes in float32 on the engine. Scale
 * features and targets first.
 *
 * @example
 * ```ts
 * const x = Array.from({ length: 50 }, (_, i) => [i / 25 - 1])
 * const y = x.map(([v]) => v * v)
 * const net = new MLPRegressor({ hiddenLayerSizes: [32], learningRateInit: 0.01, maxIter: 300 })
 * await (await net.fit(x, y)).score(x, y) // close to 1
 * ```
 */
export class MLPRegressor extends BaseRegressor<typeof mlpRegressorParameters, MlpState> {
  static readonly definition = definition
  private nets = new WeakMap<object, Model>()

  constructor(params: GivenParameters<typeof mlpRegressorParameters> = {}) {
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

  /** R² on the rows held out, after each epoch; empty without early stopping. */
  get validationScores(): readonly number[] {
    return this.fitted('validationScores').validationScores
  }

  protected learn(training: RegressorTraining): Promise<MlpState> {
    const { y } = training
    return trainMlp(training, this.params, {
      outputs: 1,
      loss: halfSquaredError,
      targets: Float32Array.from(y),
      score: (values, rowIds) =>
        r2(
          Float64Array.from(rowIds, row => y[row]),
          values,
        ),
    })
  }

  protected async valuesOf(x: Matrix, state: Frame & MlpState): Promise<Float64Array> {
    const net = this.nets.get(state) ?? netOf(state, this.params)
    this.nets.set(state, net)
    return Float64Array.from(await mlpOutputs('MLPRegressor.predict', net, x))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): MLPRegressor {
    return restore(MLPRegressor, json)
  }
}

const halfSquaredError = (yTrue: Tensor, yPred: Tensor, options: object = {}) =>
  meanSquaredError(yTrue.reshape(yPred.shape), yPred, options).mul(0.5)
