// Where a net looks: R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
// Localization" (2017), equations 1 and 2.

import { argumentError, shapeError } from '../../base/errors.js'
import { formatShape } from '../../base/shape.js'
import { GraphModel } from '../../nn/graph-model.js'
import { Layer } from '../../nn/layer.js'
import { inMode } from '../../nn/mode.js'
import type { AnyModule } from '../../nn/module.js'
import { Sequential } from '../../nn/sequential.js'
import type { SymbolicShape } from '../../nn/symbolic-shape.js'
import { grad } from '../../tensor/differentiate.js'
import { tensor } from '../../tensor/index.js'
import { mul, sum } from '../../tensor/operations.js'
import type { Tensor } from '../../tensor/tensor.js'
import { tensorOver } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'

/** A net cut where its last pictures are. */
interface Cut {
  readonly head: (x: Tensor) => Tensor
  readonly tail: (features: Tensor) => Tensor
}

/** Maps of `gradCam`. */
export interface ClassMaps {
  readonly height: number
  readonly width: number
  /** Row-major [pictures, height, width], each from 0 to 1. */
  readonly values: Float32Array
}

/**
 * How much each place of a picture speaks for a class: the last feature maps of a convolutional net, weighted by
 * the mean gradient of the class's logit, negative sums cut off, the largest 1.
 *
 * @throws AthanorError ARGUMENT for a net without feature maps, or classes that it does not have; SHAPE where
 * there are not as many classes as pictures.
 * @example
 * ```ts
 * const net = pictureNet({ inputShape: [16, 16, 1], classes: 3 })
 * const maps = await gradCam(net, random.normal([2, 16, 16, 1]), [0, 2])
 * maps.values.length // 32
 * ```
 */
export async function gradCam(
  model: Model,
  pictures: Tensor,
  classes: ArrayLike<number>,
): Promise<ClassMaps> {
  const rows = pictures.shape[0]
  if (pictures.rank !== 4 || classes.length !== rows)
    throw shapeError(
      'gradCam',
      `pictures [batch, height, width, channels] and as many classes`,
      `${formatShape(pictures.shape)} and ${classes.length}`,
    )
  const cut = cutOf(model)
  if (cut === undefined)
    throw argumentError('gradCam', 'a net with feature maps', 'one without convolutions')
  return inMode(model.module, false, async () => {
    const recorded = cut.head(pictures)
    const [, height, width, channels] = recorded.shape
    const features = tensorOver(await recorded.data(), recorded.shape, 'float32')
    const logits = cut.tail(features).shape[1]
    const chosen = new Float32Array(rows * logits)
    for (let row = 0; row < rows; row++) {
      const label = classes[row]
      if (!(Number.isInteger(label) && label >= 0 && label < logits))
        throw argumentError('gradCam', `classes from 0 to ${logits - 1}`, String(label))
      chosen[row * logits + label] = 1
    }
    const mask = tensor(chosen, { shape: [rows, logits] })
    const gradient = grad((a: Tensor) => sum(mul(cut.tail(a), mask)))(features)
    const values = weighted(
      await features.data(),
      await gradient.data(),
      rows,
      height * width,
      channels,
    )
    return { height, width, values }
  })
}

function weighted(
  features: ArrayLike<number>,
  gradient: ArrayLike<number>,
  rows: number,
  places: number,
  channels: number,
): Float32Array {
  const maps = new Float32Array(rows * places)
  const weights = new Float64Array(channels)
  for (let row = 0; row < rows; row++) {
    const from = row * places * channels
    weights.fill(0)
    for (let i = 0; i < places * channels; i++) weights[i % channels] += gradient[from + i] / places
    let most = 0
    for (let place = 0; place < places; place++) {
      let value = 0
      for (let k = 0; k < channels; k++) value += weights[k] * features[from + place * channels + k]
      maps[row * places + place] = Math.max(0, value)
      most = Math.max(most, value)
    }
    if (most > 0) for (let place = 0; place < places; place++) maps[row * places + place] /= most
  }
  return maps
}

/** A side that is not known may be any. */
const isPicture = (shape: SymbolicShape | null) =>
  shape !== null && shape.length === 3 && shape.slice(0, 2).some(side => side !== 1)

function cutOf({ module }: Model): Cut | undefined {
  if (module instanceof GraphModel) return cutOfGraph(module)
  if (!(module instanceof Sequential)) return undefined
  let shape = module.inputShape
  let last = -1
  module.layers.forEach((layer, i) => {
    shape = layer instanceof Layer && shape !== null ? layer.outputShape(shape) : null
    if (isPicture(shape)) last = i
  })
  if (last < 0) return undefined
  return {
    head: x => chained(module.layers.slice(0, last + 1), x),
    tail: x => chained(module.layers.slice(last + 1), x),
  }
}

function chained(modules: readonly AnyModule[], x: Tensor): Tensor {
  return modules.reduce((now, module) => module.forward(now) as Tensor, x)
}

/** The last feature maps from which a plain chain of layers leads to the only output. */
function cutOfGraph(module: GraphModel): Cut | undefined {
  if (module.outputs.length !== 1 || module.inputs.length !== 1) return undefined
  const tail: AnyModule[] = []
  let symbol = module.outputs[0]
  while (symbol.from !== null && !isPicture(symbol.shape)) {
    if (symbol.from.inputs.length !== 1) return undefined
    tail.unshift(symbol.from.module)
    symbol = symbol.from.inputs[0]
  }
  if (symbol.from === null) return undefined
  const head = new GraphModel({ inputs: module.inputs[0], outputs: symbol })
  return { head: x => head.forward(x) as Tensor, tail: x => chained(tail, x) }
}
