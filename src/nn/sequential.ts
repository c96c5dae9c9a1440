// Layers one after the other.

import { argumentError } from '../base/errors.js'
import type { Shape } from '../base/shape.js'
import { valueWords } from '../base/value-kinds.js'
import type { Tensor } from '../tensor/tensor.js'
import { BaseLayer, type LayerConfig } from './base-layer.js'
import { type AnyModule, Module } from './module.js'

/**
 * Passes its input through each layer or module in turn. Where the first layer knows its input shape,
 * all layers are built at once.
 *
 * @throws AthanorError ARGUMENT where an entry is no module.
 * @example
 * ```ts
 * const net = new Sequential([
 *   layers.dense({ units: 16, activation: 'relu', inputShape: [4] }),
 *   layers.dense({ units: 3 }),
 * ])
 * net.forward(random.normal([8, 4])).shape // [8, 3]
 * ```
 */
export class Sequential extends Module {
  readonly layers: readonly Module[]

  constructor(layers: readonly Module[]) {
    super()
    if (!Array.isArray(layers))
      throw argumentError('sequential', 'a list of layers', valueWords(layers))
    layers.forEach((layer, i) => {
      if (!(layer instanceof Module))
        throw argumentError('sequential', 'layers or other modules', `${valueWords(layer)} at ${i}`)
      if (layer.arity !== null && layer.arity[0] > 1)
        throw argumentError(
          'sequential',
          'layers of one input',
          `${layer.label}, which takes more`,
          'Connect it with apply, and make a model({ inputs, outputs })',
        )
      if (layer.givesSeveral)
        throw argumentError(
          'sequential',
          'layers that give one tensor',
          `${layer.label}, which gives several`,
          'Leave out returnState, or connect it with apply, and make a model({ inputs, outputs })',
        )
    })
    const twice = duplicateName(layers)
    if (twice !== undefined)
      throw argumentError('sequential', 'layers with different names', `two named ${twice}`)
    this.layers = [...layers]
    this.buildFrom(this.inputShape)
  }

  /** Shape of one input sample, if the first layer knows it. */
  get inputShape(): Shape | null {
    const [first] = this.layers
    return first?.builtShapes()?.[0] ?? null
  }

  /** Builds all layers for samples of this shape. */
  build(inputShape: Shape): void {
    this.buildFrom(inputShape)
  }

  private buildFrom(inputShape: Shape | null): void {
    let shape = inputShape
    for (const layer of this.layers) {
      if (shape === null) return
      layer.ensureBuiltOn([shape])
      shape = layer.outputShapeOn([shape])
    }
  }

  /** Shape of one output sample; null where a module does not tell. */
  outputShape(inputShape: Shape): Shape | null {
    let shape: Shape | null = inputShape
    for (const layer of this.layers) {
      if (shape === null) return null
      shape = layer.outputShapeOn([shape])
    }
    return shape
  }

  /** Floating-point operations for one sample; null where a module does not tell. */
  flops(inputShape: Shape): number | null {
    let shape: Shape | null = inputShape
    let total = 0
    for (const layer of this.layers) {
      const flops: number | null = shape === null ? null : layer.flopsOn([shape])
      if (flops === null) return null
      total += flops
      shape = layer.outputShapeOn([shape!])
    }
    return total
  }

  /**
   * The layers and their options, for saved models.
   *
   * @throws AthanorError STATE where one of the modules has no JSON form.
   */
  toJSON(): LayerConfig {
    return {
      className: 'Sequential',
      config: { layers: this.layers.map(layer => layer.savedConfig()) },
    }
  }

  override savedConfig(): LayerConfig {
    return this.toJSON()
  }

  override get arity(): readonly [number, number] {
    return [1, 1]
  }

  override get callSize(): number {
    return this.layers.reduce((sum, layer) => sum + layer.callSize, 1)
  }

  override builtShapes(): readonly Shape[] | null {
    const shape = this.inputShape
    return shape === null ? null : [shape]
  }

  override get freeAxes(): number {
    return this.layers[0]?.freeAxes ?? 0
  }

  override ensureBuiltOn([shape]: readonly Shape[]): void {
    this.build(shape)
  }

  override outputShapeOn([shape]: readonly Shape[]): Shape | null {
    return this.outputShape(shape)
  }

  override flopsOn([shape]: readonly Shape[]): number | null {
    return this.flops(shape)
  }

  forward(x: Tensor): Tensor {
    let y = x
    for (const layer of this.layers) y = layer.forward(y)
    return y
  }

  override pathOf(child: AnyModule): string {
    return this.layers.includes(child as Module) && child.label !== ''
      ? child.label
      : super.pathOf(child)
  }
}

function duplicateName(layers: readonly Module[]): string | undefined {
  const seen = new Map<string, Module>()
  for (const layer of layers) {
    if (!(layer instanceof BaseLayer)) continue
    const before = seen.get(layer.name)
    if (before !== undefined && before !== layer) return layer.name
    seen.set(layer.name, layer as Module)
  }
  return undefined
}
