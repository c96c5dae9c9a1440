// The layers of a net, for reports.

import type { Shape } from '../base/shape.js'
import { GraphModel } from '../nn/graph-model.js'
import { Layer } from '../nn/layer.js'
import { plainName } from '../nn/layer-names.js'
import type { AnyModule } from '../nn/module.js'
import type { SymbolicShape } from '../nn/symbolic-shape.js'
import type { Model } from '../train/model.js'
import type { TrainedLayer } from './trained.js'

/** Each layer with the shape that comes out of it; a layer that is used twice has its parameters once. */
export function layersOf({ module, layers }: Model, inputShape: Shape): TrainedLayer[] {
  if (module instanceof GraphModel) {
    const seen = new Set<AnyModule>()
    return module.applications.map(({ module: layer, shapes: [output] }) => {
      const isNew = !seen.has(layer)
      seen.add(layer)
      return rowOf(layer, output, isNew)
    })
  }
  let shape = inputShape
  return layers.map(layer => {
    if (layer instanceof Layer) shape = layer.outputShape(shape)
    return rowOf(layer, shape, true)
  })
}

function rowOf(layer: AnyModule, output: SymbolicShape, isCounted: boolean): TrainedLayer {
  return {
    name: titleOf(layer),
    output: output.map(n => n ?? '?').join(' × '),
    parameters: isCounted
      ? layer.parameters().reduce((sum, parameter) => sum + parameter.size, 0)
      : 0,
  }
}

/** Its name, and what it is where the name does not say so: `conv2d_1`, `both_1 · Bidirectional`. */
function titleOf(layer: AnyModule): string {
  const { name, className = layer.constructor.name } = layer as {
    readonly name?: string
    readonly className?: string
  }
  if (name === undefined) return className
  return name.startsWith(plainName(className)) ? name : `${name} · ${className}`
}
