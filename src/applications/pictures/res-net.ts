// Residual nets: K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition" (2015). For small
// pictures as in section 4.2 (ResNet-20, -32, -56), for large ones as in table 1 (ResNet-18). A shortcut that changes
// size has no parameters (option A of section 3.3) or is a convolution of 1 × 1 (option B).

import { OptionTable, required } from '../../base/options.js'
import { oneOf, wholeNumber } from '../../base/value-kinds.js'
import {
  add,
  batchNormalization,
  conv2d,
  dense,
  globalAveragePooling2d,
  maxPooling2d,
  relu,
} from '../../nn/layers.js'
import { input, type SymbolicTensor } from '../../nn/symbolic.js'
import { type Model, model } from '../../train/model.js'
import { IdentityShortcut } from './identity-shortcut.js'
import { somePictureShape } from './picture-net-options.js'

/** Options of `resNet18`. */
export interface ResNetOptions {
  /** Height, width, channels. */
  readonly inputShape: readonly number[]
  readonly classes: number
}

const shortcuts = ['identity', 'projection'] as const

/** Options of `resNet20`, `resNet32` and `resNet56`. */
export interface SmallResNetOptions extends ResNetOptions {
  /**
   * Where a block changes size: `identity` takes every second pixel and fills up with channels of zeros,
   * `projection` is a convolution of 1 × 1. Default: identity, as in the paper for small pictures.
   */
  readonly shortcut?: (typeof shortcuts)[number]
}

const smallOptions = new OptionTable<SmallResNetOptions>({
  inputShape: required(somePictureShape(8)),
  classes: required(wholeNumber({ min: 1 })),
  shortcut: oneOf(shortcuts),
})
const largeOptions = new OptionTable<ResNetOptions>({
  inputShape: required(somePictureShape(32)),
  classes: required(wholeNumber({ min: 1 })),
})

interface Convolution {
  readonly filters: number
  readonly size: number
  readonly strides?: number
}

function normalised(
  x: SymbolicTensor,
  { filters, size, strides = 1 }: Convolution,
): SymbolicTensor {
  const convolved = conv2d({
    filters,
    kernelSize: size,
    strides,
    padding: 'same',
    useBias: false,
    kernelInitializer: 'heNormal',
  }).apply(x)
  return batchNormalization({ momentum: 0.9 }).apply(convolved)
}

type Shortcut = (x: SymbolicTensor, filters: number, strides: number) => SymbolicTensor

const resized: Readonly<Record<(typeof shortcuts)[number], Shortcut>> = {
  identity: (x, filters, strides) => new IdentityShortcut({ filters, strides }).apply(x),
  projection: (x, filters, strides) => normalised(x, { filters, size: 1, strides }),
}

/** Two 3 × 3 convolutions beside a shortcut. */
function block(
  x: SymbolicTensor,
  filters: number,
  strides: number,
  resize: Shortcut,
): SymbolicTensor {
  const inner = relu().apply(normalised(x, { filters, size: 3, strides }))
  const outer = normalised(inner, { filters, size: 3 })
  const isSame = strides === 1 && x.shape.at(-1) === filters
  const shortcut = isSame ? x : resize(x, filters, strides)
  return relu().apply(add().apply([outer, shortcut]))
}

/** Stages of `blocks` each; every stage but the first halves the sides. */
function stages(
  x: SymbolicTensor,
  filters: readonly number[],
  blocks: number,
  resize: Shortcut,
): SymbolicTensor {
  let now = x
  for (const [stage, count] of filters.entries())
    for (let i = 0; i < blocks; i++) now = block(now, count, stage > 0 && i === 0 ? 2 : 1, resize)
  return now
}

function smallResNet(name: string, blocks: number, given: SmallResNetOptions): Model {
  const { inputShape, classes, shortcut = 'identity' } = smallOptions.check(name, given)
  const pictures = input({ shape: [...inputShape] })
  const first = relu().apply(normalised(pictures, { filters: 16, size: 3 }))
  const last = stages(first, [16, 32, 64], blocks, resized[shortcut])
  const pooled = globalAveragePooling2d().apply(last)
  return model({ inputs: pictures, outputs: dense({ units: classes }).apply(pooled) }) as Model
}

/**
 * ResNet-20 for small pictures: [batch, height, width, channels] → [batch, classes] logits. For colours and ten
 * classes it has 269,722 parameters (the paper's 0.27 million), 272,474 with projections.
 *
 * @throws AthanorError ARGUMENT for options, and pictures smaller than 8 × 8.
 * @example
 * ```ts
 * const net = resNet20({ inputShape: [32, 32, 3], classes: 10 })
 * net.parameters().reduce((sum, parameter) => sum + parameter.size, 0) // 269722
 * ```
 */
export function resNet20(options: SmallResNetOptions): Model {
  return smallResNet('resNet20', 3, options)
}

/**
 * ResNet-32 for small pictures; 464,154 parameters for colours and ten classes (the paper's 0.46 million),
 * 466,906 with projections.
 *
 * @throws AthanorError ARGUMENT for options, and pictures smaller than 8 × 8.
 */
export function resNet32(options: SmallResNetOptions): Model {
  return smallResNet('resNet32', 5, options)
}

/**
 * ResNet-56 for small pictures; 853,018 parameters for colours and ten classes (the paper's 0.85 million),
 * 855,770 with projections.
 *
 * @throws AthanorError ARGUMENT for options, and pictures smaller than 8 × 8.
 */
export function resNet56(options: SmallResNetOptions): Model {
  return smallResNet('resNet56', 9, options)
}

/**
 * ResNet-18 for large pictures: a 7 × 7 convolution and pooling first, so that the rest sees a quarter of the
 * sides; 11,689,512 parameters for colours and a thousand classes.
 *
 * @throws AthanorError ARGUMENT for options, and pictures smaller than 32 × 32.
 */
export function resNet18(options: ResNetOptions): Model {
  const { inputShape, classes } = largeOptions.check('resNet18', options)
  const pictures = input({ shape: [...inputShape] })
  const first = relu().apply(normalised(pictures, { filters: 64, size: 7, strides: 2 }))
  const small = maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(first)
  const pooled = globalAveragePooling2d().apply(
    stages(small, [64, 128, 256, 512], 2, resized.projection),
  )
  return model({ inputs: pictures, outputs: dense({ units: classes }).apply(pooled) }) as Model
}
