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
import { Input } from './input.js'
import { Lambda, type LambdaOptions } from './lambda.js'
import type { LayerOptions } from './layer.js'
import { LayerNormalization, type LayerNormalizationOptions } from './layer-normalization.js'
import { Reshape, type ReshapeOptions } from './reshape.js'

/** activation(x · kernel + bias): [batch, …, inputs] → [batch, …, units]. */
export const dense = (options: DenseOptions): Dense => new Dense(options)

/** In training, sets a share `rate` of the elements to 0. */
export const dropout = (options: DropoutOptions): Dropout => new Dropout(options)

/** Normalises each feature over the batch; keeps running averages for inference. */
export const batchNormalization = (options: BatchNormalizationOptions = {}): BatchNormalization =>
  new BatchNormalization(options)

/** Normalises each sample over its last axis. */
export const layerNormalization = (options: LayerNormalizationOptions = {}): LayerNormalization =>
  new LayerNormalization(options)

/** Vectors looked up by whole numbers: [batch, …] → [batch, …, outputDim]. */
export const embedding = (options: EmbeddingOptions): Embedding => new Embedding(options)

/** [batch, a, b, …] → [batch, a · b · …]. */
export const flatten = (options: LayerOptions = {}): Flatten => new Flatten(options)

/** [batch, …] → [batch, ...targetShape]. */
export const reshape = (options: ReshapeOptions): Reshape => new Reshape(options)

/** Says the shape of a model's input. */
export const input = (options: ConstructorParameters<typeof Input>[0]): Input => new Input(options)

/** A plain function as a layer; it cannot be saved. */
export const lambda = (options: LambdaOptions): Lambda => new Lambda(options)

/** An activation by name or a plain function. */
export const activation = (options: ActivationOptions): Activation => new Activation(options)

function activationLayer<K extends ActivationLayerName>(kind: K) {
  return (options: ActivationLayerOptions<K> = {} as ActivationLayerOptions<K>) =>
    new ActivationLayer(kind, options)
}

/** max(x, 0), with options `maxValue`, `negativeSlope` (0) and `threshold` (0). */
export const relu = activationLayer('ReLU')
/** x above 0, negativeSlope · x below (0.3, as Keras's layer). */
export const leakyRelu = activationLayer('LeakyReLU')
/** x above 0, alpha · (eˣ − 1) below (alpha 1). */
export const elu = activationLayer('ELU')
/** Scaled elu that keeps mean 0 and variance 1. */
export const selu = activationLayer('SELU')
/** x · Φ(x); `approximate` (false) by tanh. */
export const gelu = activationLayer('GELU')
/** x · sigmoid(x). */
export const silu = activationLayer('SiLU')
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = activationLayer('Sigmoid')
/** Hyperbolic tangent. */
export const tanh = activationLayer('Tanh')
/** log(1 + eˣ). */
export const softplus = activationLayer('Softplus')
/** eˣ / Σeˣ along `axis` (−1). */
export const softmax = activationLayer('Softmax')
