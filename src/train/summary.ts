// A model as a table: layers, output shapes, parameters, bytes, floating-point operations.

import { dtypes } from '../base/dtype.js'
import type { Shape } from '../base/shape.js'
import { BaseLayer } from '../nn/base-layer.js'
import { GraphModel } from '../nn/graph-model.js'
import type { AnyModule } from '../nn/module.js'
import type { ModuleOutput } from '../nn/module-output.js'
import { Sequential } from '../nn/sequential.js'
import type { SymbolicTree } from '../nn/symbolic.js'
import { batchedSymbolic, isKnown, type SymbolicShape } from '../nn/symbolic-shape.js'
import type { Variable } from '../tensor/variable.js'
import type { Model } from './model.js'

interface Line {
  readonly name: string
  readonly kind: string
  readonly output: string
  readonly parameters: number
  readonly flops: number | null
  /** Where its inputs come from, in a functional model. */
  readonly from?: string
}

export function summaryOf(model: Model<ModuleOutput>): string {
  const { module } = model
  const isGraph = module instanceof GraphModel
  const lines = isGraph ? graphLines(module) : chainLines(model)
  const head = ['Layer', 'Kind', 'Output shape', 'Parameters', 'FLOPs a row']
  const rows = lines.map(l => [
    l.name,
    l.kind,
    l.output,
    group(l.parameters),
    l.flops === null ? '?' : group(l.flops),
    ...(isGraph ? [l.from ?? ''] : []),
  ])
  if (isGraph) head.push('Connected to')
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map(r => r[i].length)))
  const rule = widths.map(w => '─'.repeat(w)).join('──')
  const format = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i < 3 || i > 4 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd()
  const unknown = lines.some(l => l.output === '?')
  const variables = unknown ? [] : model.namedVariables().map(([, v]) => v)
  const bytes = variables.reduce((sum, v) => sum + v.size * dtypes[v.dtype].bytes, 0)
  const trainable = count(variables.filter(v => v.trainable))
  const flops = lines.reduce((sum, l) => sum + (l.flops ?? 0), 0)
  const isPart = lines.some(l => l.flops === null && l.output.includes('batch'))
  return [
    format(head),
    rule,
    ...rows.map(format),
    rule,
    `Parameters: ${group(count(variables))} (${group(trainable)} trainable), ${group(bytes)} bytes`,
    // Backward costs about twice the forward pass.
    `FLOPs: ${group(flops)} a row forward, about ${group(3 * flops)} a row in a training step${isPart ? ', of the layers that know their sizes' : ''}`,
  ].join('\n')
}

function chainLines(model: Model<ModuleOutput>): Line[] {
  let shape: Shape | null = model.inputShape
  return model.layers.map(layer => {
    const given: readonly Shape[] | null = layer.builtShapes() ?? (shape === null ? null : [shape])
    if (given !== null) layer.ensureBuiltOn(given)
    const flops = given === null ? null : layer.flopsOn(given)
    shape = given === null ? null : layer.outputShapeOn(given)
    return { ...about(layer), output: shaped(shape), parameters: sizeOfWeights(layer), flops }
  })
}

/** A line for each input and each use of a layer; weights are counted at the first use. */
function graphLines(graph: GraphModel<SymbolicTree>): Line[] {
  const seen = new Set<AnyModule>()
  const inputs = graph.inputs.map(({ name, shape }) => ({
    name,
    kind: 'Input',
    output: shaped(shape),
    parameters: 0,
    flops: 0,
  }))
  const uses = graph.applications.map(({ module, inputs, shapes: outputs }): Line => {
    const isFirst = !seen.has(module)
    seen.add(module)
    const shapes = inputs.map(({ shape }) => shape)
    const { name, kind } = about(module)
    return {
      name: isFirst ? name : `${name} (again)`,
      kind,
      output: outputs.map(batchedSymbolic).join(', '),
      parameters: isFirst ? sizeOfWeights(module) : 0,
      flops: shapes.every(isKnown) ? module.flopsOn(shapes) : null,
      from: inputs.map(({ name }) => name).join(', '),
    }
  })
  return [...inputs, ...uses]
}

function about(module: AnyModule): { readonly name: string; readonly kind: string } {
  if (module instanceof BaseLayer) return { name: module.name, kind: module.className }
  if (module instanceof Sequential)
    return { name: `sequential of ${module.layers.length}`, kind: 'Sequential' }
  if (module instanceof GraphModel) return { name: module.name, kind: 'GraphModel' }
  return { name: module.constructor.name, kind: 'Module' }
}

function sizeOfWeights(module: AnyModule): number {
  const isWaiting = module instanceof BaseLayer && !module.built && module.hasWeights
  return isWaiting ? 0 : count([...module.parameters(), ...module.buffers()])
}

function shaped(shape: SymbolicShape | null): string {
  return shape === null ? '?' : batchedSymbolic(shape)
}

function count(variables: readonly Variable[]): number {
  return variables.reduce((sum, v) => sum + v.size, 0)
}

function group(n: number): string {
  return n.toLocaleString('en')
}
