// A Program as text: its memory, and one line for each kernel call.

import { formatBytes } from '../base/format-bytes.js'
import { formatShape } from '../base/shape.js'
import type {
  BufferId,
  FilterGeometry,
  FusedInstruction,
  Instruction,
  Program,
  WindowGeometry,
} from './program.js'

type Words = {
  readonly [K in Instruction['kind']]: (
    instruction: Extract<Instruction, { kind: K }>,
    at: (id: BufferId) => string,
  ) => string
}

/** What each kind of call does, after its name. */
const words: Words = {
  fused: ({ shape, inputs, outputs, computeType }, at) =>
    `${computeType}${formatShape(shape)} (${inputs.map(i => at(i.buffer)).join(', ')}) → ${outputs
      .map(o => `${o.reduce === 'none' ? '' : `${o.reduce} `}${at(o.buffer)}`)
      .join(', ')}`,
  matmul: ({ dtype, batch, rows, depth, columns, left, right, bias, activation, out }, at) =>
    `${dtype}${batch > 1 ? ` ${batch} ×` : ''} [${rows}, ${depth}] · [${depth}, ${columns}]` +
    ` (${at(left.buffer)}, ${at(right.buffer)})${bias === undefined ? '' : ` + ${at(bias)}`}` +
    `${activation === 'copy' ? '' : `, ${activation}`} → ${at(out)}`,
  convolution: (c, at) =>
    `${filterWords(c)} (${at(c.source)}, ${at(c.filter)})${c.bias === undefined ? '' : ` + ${at(c.bias)}`}` +
    `${c.activation === 'copy' ? '' : `, ${c.activation}`} → ${at(c.target)}`,
  convolutionInput: (c, at) =>
    `${filterWords(c)} (${at(c.upstream)}, ${at(c.filter)}) → ${at(c.target)}`,
  convolutionFilter: (c, at) =>
    `${filterWords(c)} (${at(c.source)}, ${at(c.upstream)}) → ${at(c.target)}`,
  maxPool: (p, at) => `${poolWords(p)} (${at(p.source)}) → ${at(p.target)}`,
  maxPoolGradient: (p, at) =>
    `${poolWords(p)} (${at(p.source)}, ${at(p.upstream)}) → ${at(p.target)}`,
  maxPoolPick: (p, at) => `${poolWords(p)} (${at(p.source)}, ${at(p.values)}) → ${at(p.target)}`,
  sumPool: (p, at) => `${poolWords(p)} (${at(p.source)}) → ${at(p.target)}`,
  sumPoolGradient: (p, at) => `${poolWords(p)} (${at(p.source)}) → ${at(p.target)}`,
  copy: ({ dtype, shape, source, target }, at) =>
    `${dtype}${formatShape(shape)} ${at(source)} → ${at(target)}`,
  fill: ({ dtype, length, value, target }, at) => `${dtype}[${length}] ${value} → ${at(target)}`,
  gather: ({ dtype, count, axisSize, source, indices, target }, at) =>
    `${dtype} ${count} of ${axisSize} (${at(source)}, ${at(indices)}) → ${at(target)}`,
  scatterAdd: ({ dtype, count, axisSize, source, indices, target }, at) =>
    `${dtype} ${count} into ${axisSize} (${at(source)}, ${at(indices)}) → ${at(target)}`,
  argReduce: ({ largest, reduced, source, target }, at) =>
    `${largest ? 'largest' : 'smallest'} of ${reduced} (${at(source)}) → ${at(target)}`,
  cumulativeSum: ({ dtype, reduced, source, target }, at) =>
    `${dtype} along ${reduced} (${at(source)}) → ${at(target)}`,
  recurrent: ({ cell, dtype, batch, steps, units, inputs, kernel, target }, at) =>
    `${cell} ${dtype}[${batch}, ${steps}, ${units}] (${at(inputs)}, ${at(kernel)}) → ${at(target)}`,
  recurrentGradient: ({ cell, dtype, batch, steps, units, record, kernel, upstream, target }, at) =>
    `${cell} ${dtype}[${batch}, ${steps}, ${units}] (${at(record)}, ${at(kernel)}, ${at(upstream)})` +
    ` → ${at(target)}`,
  softmax: ({ dtype, logarithm, rows, columns, source, target }, at) =>
    `${dtype}[${rows}, ${columns}]${logarithm ? ' logarithm' : ''} (${at(source)}) → ${at(target)}`,
  softmaxCrossEntropy: ({ dtype, rows, columns, logits, labels, target }, at) =>
    `${dtype}[${rows}, ${columns}] (${at(logits)}, ${at(labels)}) → ${at(target)}`,
  softmaxCrossEntropyGradient: ({ dtype, rows, columns, logits, labels, upstream, target }, at) =>
    `${dtype}[${rows}, ${columns}] (${at(logits)}, ${at(labels)}, ${at(upstream)}) → ${at(target)}`,
  ctcLoss: ({ dtype, batch, steps, classes, mostLabels, logits, labels, target }, at) =>
    `${dtype}[${batch}, ${steps}, ${classes}], ${mostLabels} labels (${at(logits)}, ${at(labels)}) → ${at(target)}`,
  ctcLossGradient: (
    { dtype, batch, steps, classes, mostLabels, logits, labels, upstream, target },
    at,
  ) =>
    `${dtype}[${batch}, ${steps}, ${classes}], ${mostLabels} labels (${at(logits)}, ${at(labels)}, ${at(upstream)}) → ${at(target)}`,
  random: ({ distribution, dtype, length, target }, at) =>
    `${distribution} ${dtype}[${length}] → ${at(target)}`,
  iota: ({ dtype, outer, reduced, inner, target }, at) =>
    `${dtype}[${outer}, ${reduced}, ${inner}] → ${at(target)}`,
  requireFinite: ({ dtype, source }, at) => `${dtype} ${at(source)}`,
}

type Windowed = WindowGeometry & { readonly dtype: string }

function poolWords(w: Windowed): string {
  const { dtype, batch, height, width, channels, outHeight, outWidth } = w
  const stride = `${w.strideHeight} × ${w.strideWidth}`
  return (
    `${dtype}[${batch}, ${height}, ${width}, ${channels}] ⊛ ${w.windowHeight} × ${w.windowWidth}` +
    `${stride === '1 × 1' ? '' : ` by ${stride}`} → ${outHeight} × ${outWidth}`
  )
}

function filterWords(c: FilterGeometry): string {
  const dilation = `${c.dilationHeight} × ${c.dilationWidth}`
  return (
    `${poolWords(c)} × ${c.outputs}${c.groups === 1 ? '' : ` in ${c.groups} groups`}` +
    `${dilation === '1 × 1' ? '' : `, dilation ${dilation}`}`
  )
}

/**
 * The calls in their order, with the layer and operation each stands for. `arena+64` is a place in the
 * memory that calls share; `input 2`, `state 3`, `scalars+8` and `outputs+0` are what a run is given.
 * A fused call is followed by its register program: `a` are its inputs, `r` its registers.
 */
export function printProgram(program: Program): string {
  const { buffers, slots, instructions, labels, arenaBytes, flops } = program
  const at = (id: BufferId): string => {
    const { slot, byteOffset } = buffers[id]
    if (slot === 0) return `arena+${byteOffset}`
    const { kind } = slots[slot - 1]
    return kind === 'input' || kind === 'state' ? `${kind} ${slot}` : `${kind}+${byteOffset}`
  }
  const lines = instructions.flatMap((instruction, i) => {
    const describe = words[instruction.kind] as Words[Instruction['kind']]
    const label = labels[i] ? `  # ${labels[i]}` : ''
    const call = `${i}: ${instruction.kind} ${describe(instruction as never, at)}${label}`
    return instruction.kind === 'fused' ? [call, ...registerLines(instruction)] : [call]
  })
  const head = `${instructions.length} kernel calls, arena of ${formatBytes(arenaBytes)}, ${flops.toLocaleString('en')} operations`
  return [head, ...lines].join('\n')
}

function registerLines({ inputs, constants, lines, outputs }: FusedInstruction): string[] {
  const operand = (k: number): string => {
    if (k < inputs.length) return `a${k}`
    const constant = k - inputs.length
    return constant < constants.length
      ? String(constants[constant])
      : `r${constant - constants.length}`
  }
  return [
    ...lines.map(
      ({ op, into, operands }) => `     r${into} = ${op}(${operands.map(operand).join(', ')})`,
    ),
    `     → ${outputs.map(o => operand(o.operand)).join(', ')}`,
  ]
}
