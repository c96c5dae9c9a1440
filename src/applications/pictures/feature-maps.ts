// What the convolutions of a net make of pictures: their feature maps, as in M. D. Zeiler and R. Fergus, "Visualizing
// and Understanding Convolutional Networks" (2013).

import { argumentError, shapeError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { formatShape } from '../../base/shape.js'
import { oneOf } from '../../base/value-kinds.js'
import { Activation, ActivationLayer } from '../../nn/activation-layers.js'
import { Conv2D } from '../../nn/conv/conv2d.js'
import { GraphModel } from '../../nn/graph-model.js'
import { Normalization } from '../../nn/normalization.js'
import { Sequential } from '../../nn/sequential.js'
import { type Application, input, type SymbolicTensor } from '../../nn/symbolic.js'
import { noGrad } from '../../tensor/differentiate.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'

/** Options of `featureMaps`. */
export interface FeatureMapOptions {
  /** `firstOfSize`: only the first convolution of each height and width. Default: all. */
  readonly which?: 'all' | 'firstOfSize'
}

const options = new OptionTable<FeatureMapOptions>({ which: oneOf(['all', 'firstOfSize']) })

/** Maps of one convolution. */
export interface FeatureMaps {
  /** The name of the convolution. */
  readonly layer: string
  readonly height: number
  readonly width: number
  /** One map each: the filters of the convolution. */
  readonly channels: number
  /** Row-major [pictures, height, width, channels]. */
  readonly values: Float32Array
}

/**
 * What comes out of the convolutions (`conv2d`) of a net for some pictures, each with the normalisation and
 * activation that follow it; in the order of the net, which is in inference mode meanwhile.
 *
 * @throws AthanorError ARGUMENT for options, and a net without convolutions or of several inputs; SHAPE for what are no pictures.
 * @example
 * ```ts
 * const net = pictureNet({ inputShape: [16, 16, 1], classes: 3 })
 * const maps = await featureMaps(net, random.normal([2, 16, 16, 1]), { which: 'firstOfSize' })
 * maps.map(({ height, channels }) => [height, channels]) // [[16, 16], [8, 32], [4, 64]]
 * ```
 */
export async function featureMaps(
  model: Model,
  pictures: Tensor,
  given: FeatureMapOptions = {},
): Promise<FeatureMaps[]> {
  const { which = 'all' } = options.check('featureMaps', given)
  if (pictures.rank !== 4)
    throw shapeError(
      'featureMaps',
      'pictures [batch, height, width, channels]',
      formatShape(pictures.shape),
    )
  const graph = graphOf(model, pictures.shape.slice(1))
  const found = graph === undefined ? [] : mapsIn(graph)
  if (graph === undefined || found.length === 0)
    throw argumentError(
      'featureMaps',
      'a net with convolutions among its own layers',
      'one without',
    )
  const sizes = new Set<string>()
  const shown = found.filter(({ symbol }) => {
    const size = symbol.shape.slice(0, 2).join()
    const isFirst = !sizes.has(size)
    sizes.add(size)
    return which === 'all' || isFirst
  })
  const outputs = shown.map(({ symbol }) => symbol)
  const { module } = model
  const wasTraining = module.training
  module.eval()
  try {
    const cut = new GraphModel({ inputs: graph.inputs[0], outputs })
    const tensors = noGrad(() => cut.forward(pictures))
    return await Promise.all(
      tensors.map(async (maps, i) => {
        const [, height, width, channels] = maps.shape
        const values = Float32Array.from(await maps.data())
        return { layer: shown[i].layer, height, width, channels, values }
      }),
    )
  } finally {
    module.train(wasTraining)
  }
}

/** Layers one after the other are a graph too. */
function graphOf({ module }: Model, shape: readonly number[]): GraphModel | undefined {
  if (module instanceof GraphModel) return module.inputs.length === 1 ? module : undefined
  if (!(module instanceof Sequential)) return undefined
  const inputs = input({ shape })
  let outputs: SymbolicTensor = inputs
  for (const layer of module.layers) outputs = layer.apply(outputs) as SymbolicTensor
  return new GraphModel({ inputs, outputs })
}

/** The convolutions, each with the place behind what belongs to it. */
function mapsIn({ applications, outputs }: GraphModel) {
  const results = new Map<Application, SymbolicTensor>()
  const users = new Map<SymbolicTensor, Application[]>()
  for (const symbol of [...applications.flatMap(({ inputs }) => inputs), ...outputs])
    if (symbol.from !== null) results.set(symbol.from, symbol)
  for (const application of applications)
    for (const symbol of application.inputs)
      users.set(symbol, [...(users.get(symbol) ?? []), application])
  return applications.flatMap(application => {
    const { module } = application
    let symbol = results.get(application)
    if (!(module instanceof Conv2D) || symbol === undefined) return []
    for (let next = following(symbol, users); next !== undefined; next = following(symbol, users))
      symbol = results.get(next) ?? symbol
    return [{ layer: module.name, symbol }]
  })
}

/** The only thing that is done with a value, where that is normalising it or an activation. */
function following(
  symbol: SymbolicTensor,
  users: ReadonlyMap<SymbolicTensor, readonly Application[]>,
): Application | undefined {
  const next = users.get(symbol)
  const module = next?.length === 1 ? next[0].module : undefined
  const belongs = [Normalization, ActivationLayer, Activation].some(kind => module instanceof kind)
  return belongs ? next?.[0] : undefined
}
