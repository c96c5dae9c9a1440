// Layers as functions: `layers.dense({ units: 64 })`. Options and examples are those of the classes.

import {
  Activation,
  ActivationLayer,
  type ActivationLayerName,
  type ActivationLayerOptions,
  type ActivationOptions,
} from './activation-layers.js'
import { BatchNormalization, type BatchNormalizationOptions } from './batch-normalization.js'
import { Dense, type DenseOptions } from './dense.js'
import { Dropout, type DropoutOptions } from './dropout.js'
import { Embedding, type EmbeddingOptions } from './embedding.js'
import { Flatten } from './flatten.js'
import { Input, type InputOptions } from './input.js'
import { Lambda, type LambdaOptions } from './lambda.js'
import type { LayerOptions } from './layer.js'
import { LayerNormalization, type LayerNormalizationOptions } from './layer-normalization.js'
import { Reshape, type ReshapeOptions } from './reshape.js'

export * from './attention/functions.js'
export * from './conv/functions.js'
export * from './merge/functions.js'
export * from './pooling/functions.js'
export * from './recurrent/functions.js'
export * from './small-layers.js'

/**
 * activation(x · kernel + bias): [batch, …, inputs] → [batch, …, units].
 *
 * @example
 * ```ts
 * layers.dense({ units: 64, activation: 'relu', inputShape: [32] })
 * ```
 */
export const dense = (options: DenseOptions): Dense => new Dense(options)

/**
 * In training, sets a share `rate` of the elements to 0.
 *
 * @example
 * ```ts
 * layers.dropout({ rate: 0.5 })
 * ```
 */
export const dropout = (options: DropoutOptions): Dropout => new Dropout(options)

/**
 * Normalises each feature over the batch; keeps running averages for inference.
 *
 * @example
 * ```ts
 * layers.batchNormalization({ momentum: 0.9 })
 * ```
 */
export const batchNormalization = (options: BatchNormalizationOptions = {}): BatchNormalization =>
  new BatchNormalization(options)

/**
 * Normalises each sample over its last axis.
 *
 * @example
 * ```ts
 * layers.layerNormalization({ epsilon: 1e-5 })
 * ```
 */
export const layerNormalization = (options: LayerNormalizationOptions = {}): LayerNormalization =>
  new LayerNormalization(options)

/**
 * Vectors looked up by whole numbers: [batch, …] → [batch, …, outputDim].
 *
 * @example
 * ```ts
 * layers.embedding({ inputDim: 1000, outputDim: 16 })
 * ```
 */
export const embedding = (options: EmbeddingOptions): Embedding => new Embedding(options)

/**
 * [batch, a, b, …] → [batch, a · b · …].
 *
 * @example
 * ```ts
 * layers.flatten({ inputShape: [28, 28] })
 * ```
 */
export const flatten = (options: LayerOptions = {}): Flatten => new Flatten(options)

/**
 * [batch, …] → [batch, ...targetShape].
 *
 * @example
 * ```ts
 * layers.reshape({ targetShape: [28, -1] })
 * ```
 */
export const reshape = (options: ReshapeOptions): Reshape => new Reshape(options)

/**
 * Says the shape of a model's input.
 *
 * @example
 * ```ts
 * layers.input({ inputShape: [4] })
 * ```
 */
export const input = (options: InputOptions): Input => new Input(options)

/**
 * A plain function as a layer; it cannot be saved.
 *
 * @example
 * ```ts
 * layers.lambda({ function: x => x.mul(2) })
 * ```
 */
export const lambda = (options: LambdaOptions): Lambda => new Lambda(options)

/**
 * An activation by name or a plain function.
 *
 * @example
 * ```ts
 * layers.activation({ activation: 'gelu' })
 * ```
 */
export const activation = (options: ActivationOptions): Activation => new Activation(options)

function activationLayer<K extends ActivationLayerName>(kind: K) {
  return (options?: ActivationLayerOptions<K>) =>
    new ActivationLayer<K>(
      kind,
      options === undefined ? ({} as ActivationLayerOptions<K>) : options,
    )
}

/**
 * max(x, 0), with options `maxValue`, `negativeSlope` (0) and `threshold` (0).
 *
 * @example
 * ```ts
 * layers.relu({ maxValue: 6 })
 * ```
 */
export const relu = activationLayer('ReLU')
/**
 * x above 0, negativeSlope · x below (0.3, as Keras's layer).
 *
 * @example
 * ```ts
 * layers.leakyRelu({ negativeSlope: 0.01 })
 * ```
 */
export const leakyRelu = activationLayer('LeakyReLU')
/**
 * x above 0, alpha · (eˣ − 1) below (alpha 1).
 *
 * @example
 * ```ts
 * layers.elu({ alpha: 0.5 })
 * ```
 */
export const elu = activationLayer('ELU')
/**
 * Scaled elu that keeps mean 0 and variance 1.
 *
 * @example
 * ```ts
 * layers.selu()
 * ```
 */
export const selu = activationLayer('SELU')
/**
 * x · Φ(x); `approximate` (false) by tanh.
 *
 * @example
 * ```ts
 * layers.gelu({ approximate: true })
 * ```
 */
export const gelu = activationLayer('GELU')
/**
 * x · sigmoid(x).
 *
 * @example
 * ```ts
 * layers.silu()
 * ```
 */
export const silu = activationLayer('SiLU')
/**
 * 1 / (1 + e⁻ˣ).
 *
 * @example
 * ```ts
 * layers.sigmoid()
 * ```
 */
export const sigmoid = activationLayer('Sigmoid')
/**
 * Hyperbolic tangent.
 *
 * @example
 * ```ts
 * layers.tanh()
 * ```
 */
export const tanh = activationLayer('Tanh')
/**
 * log(1 + eˣ).
 *
 * @example
 * ```ts
 * layers.softplus()
 * ```
 */
export const softplus = activationLayer('Softplus')
/**
 * eˣ / Σeˣ along `axis` (−1).
 *
 * @example
 * ```ts
 * layers.softmax({ axis: 1 })
 * ```
 */
export const softmax = activationLayer('Softmax')
