// What transformer blocks share: attention and two dense layers, each with its residual connection and
// its normalisation before or after.

import { shapeError } from '../../base/errors.js'
import { required } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { numberIn, trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import { add } from '../../tensor/operations.js'
import type { Tensor } from '../../tensor/tensor.js'
import {
  type Activation,
  type ActivationFunction,
  activationConfig,
  getActivation,
} from '../activations.js'
import type { BaseLayerOptions } from '../base-layer.js'
import { Dense } from '../dense.js'
import { Dropout } from '../dropout.js'
import {
  getInitializer,
  type Initializer,
  type InitializerLike,
  initializerConfig,
} from '../initializers/index.js'
import { someActivation, someInitializer } from '../kinds.js'
import { LayerNormalization } from '../layer-normalization.js'
import { MultiHeadAttention } from './multi-head-attention.js'

/** Options of encoder and decoder blocks. */
export interface BlockOptions {
  /** Units between the two dense layers. */
  readonly intermediateDim: number
  /** Heads of attention; they divide the features among themselves. */
  readonly numHeads: number
  /** Share dropped of attention weights and of what each part adds. Default: 0. */
  readonly dropout?: number
  /** Between the dense layers. Default: relu. */
  readonly activation?: Activation
  /** Added to the variance. Default: 1e-5. */
  readonly layerNormEpsilon?: number
  /** Normalise what goes into each part rather than what comes out of the sum. Default: false. */
  readonly normalizeFirst?: boolean
  /** Whether positions turn queries and keys (see `rotaryEmbedding`). Default: false. */
  readonly useRotary?: boolean
  /** Default: glorotUniform. */
  readonly kernelInitializer?: InitializerLike
  /** Default: zeros. */
  readonly biasInitializer?: InitializerLike
}

export const blockRows = {
  intermediateDim: required(wholeNumber({ min: 1 })),
  numHeads: required(wholeNumber({ min: 1 })),
  dropout: numberIn({ min: 0, below: 1 }),
  activation: someActivation,
  layerNormEpsilon: numberIn({ above: 0 }),
  normalizeFirst: trueOrFalse,
  useRotary: trueOrFalse,
  kernelInitializer: someInitializer,
  biasInitializer: someInitializer,
}

/** What a residual connection needs besides the part that it goes around. */
export interface ResidualPart {
  readonly normalization: LayerNormalization
  readonly dropout: Dropout
}

/** Checked options with their defaults. */
export class BlockSettings {
  readonly intermediateDim: number
  readonly numHeads: number
  readonly dropout: number
  readonly activation: ActivationFunction
  readonly layerNormEpsilon: number
  readonly normalizeFirst: boolean
  readonly useRotary: boolean
  readonly kernelInitializer: Initializer
  readonly biasInitializer: Initializer
  readonly dtype: BaseLayerOptions['dtype']
  readonly trainable: boolean

  constructor(
    private readonly owner: string,
    options: BlockOptions & BaseLayerOptions,
  ) {
    this.intermediateDim = options.intermediateDim
    this.numHeads = options.numHeads
    this.dropout = options.dropout ?? 0
    this.activation = getActivation(options.activation ?? 'relu')
    this.layerNormEpsilon = options.layerNormEpsilon ?? 1e-5
    this.normalizeFirst = options.normalizeFirst ?? false
    this.useRotary = options.useRotary ?? false
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform')
    this.biasInitializer = getInitializer(options.biasInitializer ?? 'zeros')
    this.dtype = options.dtype
    this.trainable = options.trainable ?? true
  }

  config(): Record<string, unknown> {
    const { intermediateDim, numHeads, dropout, layerNormEpsilon, normalizeFirst, useRotary } = this
    return {
      intermediateDim,
      numHeads,
      dropout,
      activation: activationConfig(this.activation),
      layerNormEpsilon,
      normalizeFirst,
      useRotary,
      kernelInitializer: initializerConfig(this.kernelInitializer),
      biasInitializer: initializerConfig(this.biasInitializer),
    }
  }

  private common(name: string) {
    const { dtype, trainable } = this
    return { name: `${this.owner}_${name}`, trainable, ...(dtype !== undefined && { dtype }) }
  }

  /** Attention whose heads share `features` among themselves. */
  attention(name: string, features: number, useCausalMask: boolean): MultiHeadAttention {
    const { numHeads, dropout, kernelInitializer, biasInitializer } = this
    if (features % numHeads !== 0)
      throw shapeError(
        this.owner,
        `features that ${numHeads} heads divide evenly`,
        String(features),
        'Choose numHeads so that it divides the number of features',
      )
    return new MultiHeadAttention({
      ...this.common(name),
      numHeads,
      keyDim: features / numHeads,
      dropout,
      useCausalMask,
      // Positions of two sequences are not to be compared.
      useRotary: this.useRotary && name === 'self_attention',
      kernelInitializer,
      biasInitializer,
    })
  }

  /** What stands around attention or the dense layers. */
  part(name: string, shape: Shape): ResidualPart {
    const common = this.common(name)
    const { layerNormEpsilon: epsilon, dropout: rate } = this
    return {
      normalization: new LayerNormalization({ ...common, epsilon, inputShape: shape }),
      dropout: new Dropout({ rate, name: `${common.name}_dropout` }),
    }
  }

  /** x + part(x), with dropout of the part's result, and normalisation before it or of the sum. */
  around({ normalization, dropout }: ResidualPart, x: Tensor, part: (x: Tensor) => Tensor): Tensor {
    if (this.normalizeFirst) return add(x, dropout.forward(part(normalization.forward(x))))
    return normalization.forward(add(x, dropout.forward(part(x))))
  }

  dense(name: string, units: number, shape: Shape, activation?: Activation): Dense {
    const { kernelInitializer, biasInitializer } = this
    return new Dense({
      ...this.common(name),
      units,
      inputShape: shape,
      kernelInitializer,
      biasInitializer,
      ...(activation !== undefined && { activation }),
    })
  }
}

export function tokensOf(name: string, shape: Shape): readonly [number, number] {
  if (shape.length === 2) return [shape[0], shape[1]]
  throw shapeError(
    name,
    'sequences of shape [batch, tokens, features]',
    `[${['batch', ...shape].join(', ')}]`,
  )
}
