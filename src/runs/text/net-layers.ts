// The layers of a net, for reports.

import type { Shape } from '../../base/shape.js'
import { Layer } from '../../nn/layer.js'
import type { Model } from '../../train/model.js'
import type { TrainedLayer } from '../trained.js'

export function layersOf(net: Model, inputShape: Shape): TrainedLayer[] {
  let shape = inputShape
  return net.layers.map(layer => {
    if (layer instanceof Layer) shape = layer.outputShape(shape)
    return {
      name: layer instanceof Layer ? layer.className : layer.constructor.name,
      output: shape.join(' × '),
      parameters: layer.parameters().reduce((sum, parameter) => sum + parameter.size, 0),
    }
  })
}
