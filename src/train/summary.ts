// A model as a table: layers, output shapes, parameters, bytes, floating-point operations.

import { dtypes } from '../base/dtype.js'
import type { Shape } from '../base/shape.js'
import { Layer } from '../nn/layer.js'
import { Sequential } from '../nn/sequential.js'
import type { Variable } from '../tensor/variable.js'
import type { Model } from './model.js'

interface Line {
  readonly name: string
  readonly kind: string
  readonly output: string
  readonly parameters: number
  readonly flops: number | null
}

export function summaryOf(model: Model): string {
  let shape: Shape | null = model.inputShape
  const lines = model.layers.map((layer): Line => {
    if (layer instanceof Sequential && (layer.inputShape ?? shape) !== null) {
      const input = (layer.inputShape ?? shape)!
      layer.build(input)
      shape = layer.outputShape(input)
      return {
        name: `sequential of ${layer.layers.length}`,
        kind: 'Sequential',
        output: shape === null ? '?' : `[batch, ${shape.join(', ')}]`,
        parameters: count([...layer.parameters(), ...layer.buffers()]),
        flops: layer.flops(input),
      }
    }
    if (!(layer instanceof Layer)) {
      shape = null
      return {
        name: layer.constructor.name,
        kind: 'Module',
        output: '?',
        parameters: count([...layer.parameters(), ...layer.buffers()]),
        flops: null,
      }
    }
    const input: Shape | null = layer.inputShape ?? shape
    const flops = input === null ? null : layer.flops(input)
    shape = input === null ? null : layer.outputShape(input)
    const output = shape === null ? '?' : `[batch, ${shape.join(', ')}]`
    const parameters =
      layer.built || !layer.hasWeights ? count([...layer.parameters(), ...layer.buffers()]) : 0
    return { name: layer.name, kind: layer.className, output, parameters, flops }
  })
  const head = ['Layer', 'Kind', 'Output shape', 'Parameters', 'FLOPs a row']
  const rows = lines.map(l => [
    l.name,
    l.kind,
    l.output,
    group(l.parameters),
    l.flops === null ? '?' : group(l.flops),
  ])
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map(r => r[i].length)))
  const rule = widths.map(w => '─'.repeat(w)).join('──')
  const format = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i < 3 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd()
  const unknown = lines.some(l => l.output === '?')
  const variables = unknown ? [] : model.namedVariables().map(([, v]) => v)
  const bytes = variables.reduce((sum, v) => sum + v.size * dtypes[v.dtype].bytes, 0)
  const trainable = count(variables.filter(v => v.trainable))
  const flops = lines.reduce((sum, l) => sum + (l.flops ?? 0), 0)
  return [
    format(head),
    rule,
    ...rows.map(format),
    rule,
    `Parameters: ${group(count(variables))} (${group(trainable)} trainable), ${group(bytes)} bytes`,
    // Backward costs about twice the forward pass.
    `FLOPs: ${group(flops)} a row forward, about ${group(3 * flops)} a row in a training step`,
  ].join('\n')
}

function count(variables: readonly Variable[]): number {
  return variables.reduce((sum, v) => sum + v.size, 0)
}

function group(n: number): string {
  return n.toLocaleString('en')
}
