// A Program as the words that the kernels' decoder reads; kernels/program.h writes the layout down.

import { type DType, dtypes } from '../base/dtype.js'
import type {
  AlignmentParts,
  BufferId,
  FilterGeometry,
  Instruction,
  MatmulOperand,
  Program,
  WindowGeometry,
} from '../compile/program.js'
import { cellCode, instructionCode, reduceCode, registerCode } from '../graph/opcodes.js'

const magic = 0x314e5441 // "ATN1"
const version = 1
const twoTo32 = 2 ** 32

/** Bytes that the binding of a slot must have. */
export function slotBytes(slot: Program['slots'][number]): number {
  const isBlock = slot.kind === 'scalars' || slot.kind === 'outputs'
  return isBlock ? slot.length : slot.length * dtypes[slot.dtype].bytes
}

export function encodeProgram(program: Program): Int32Array {
  const writer = new WordWriter()
  const { slots, buffers, instructions } = program
  writer.words(magic, version, 0, slots.length, buffers.length, instructions.length)
  writer.wide(program.arenaBytes)
  for (const slot of slots) {
    writer.flag(slot.kind === 'state' || slot.kind === 'outputs')
    writer.wide(slotBytes(slot))
  }
  for (const buffer of buffers) {
    writer.words(buffer.slot, dtypes[buffer.dtype].code)
    writer.wide(buffer.byteOffset, buffer.length)
  }
  for (const instruction of instructions) {
    const start = writer.length
    writer.words(instructionCode[instruction.kind], 0)
    ;(encoders[instruction.kind] as Encode<Instruction['kind']>)(writer, instruction)
    writer.patch(start + 1, writer.length - start)
  }
  writer.patch(2, writer.length)
  return writer.finish()
}

class WordWriter {
  private readonly list: number[] = []
  private readonly float = new Float64Array(1)
  private readonly halves = new Int32Array(this.float.buffer)

  get length(): number {
    return this.list.length
  }

  words(...values: readonly number[]): void {
    for (const value of values) this.list.push(value | 0)
  }

  wide(...values: readonly number[]): void {
    for (const value of values) {
      const high = Math.floor(value / twoTo32)
      this.list.push((value - high * twoTo32) | 0, high | 0)
    }
  }

  number(value: number): void {
    this.float[0] = value
    this.list.push(this.halves[0], this.halves[1])
  }

  flag(value: boolean): void {
    this.list.push(value ? 1 : 0)
  }

  dtype(value: DType): void {
    this.list.push(dtypes[value].code)
  }

  patch(at: number, value: number): void {
    this.list[at] = value
  }

  finish(): Int32Array {
    return Int32Array.from(this.list)
  }
}

type Encode<K extends Instruction['kind']> = (
  writer: WordWriter,
  instruction: Extract<Instruction, { kind: K }>,
) => void

const encoders: { readonly [K in Instruction['kind']]: Encode<K> } = {
  fused: (w, f) => {
    w.dtype(f.computeType)
    w.words(f.shape.length)
    w.wide(...f.shape)
    w.words(f.inputs.length)
    for (const { buffer, strides } of f.inputs) {
      w.words(buffer)
      w.wide(...strides)
    }
    w.words(f.constants.length)
    for (const constant of f.constants) w.number(constant)
    w.words(f.lines.length)
    for (const {
      op,
      into,
      operands: [a = 0, b = 0, c = 0],
    } of f.lines)
      w.words(registerCode[op], into, a, b, c)
    w.words(f.registers, f.outputs.length)
    for (const { buffer, operand, reduce } of f.outputs)
      w.words(buffer, operand, reduceCode[reduce])
    w.wide(f.outer, f.reduced, f.inner)
  },
  matmul: (w, m) => {
    w.dtype(m.dtype)
    w.wide(m.batch, m.rows, m.columns, m.depth)
    operand(w, m.left)
    operand(w, m.right)
    w.words(m.out, m.bias ?? -1, registerCode[m.activation])
  },
  convolution: (w, c) => {
    filtered(w, c)
    w.words(c.source, c.filter, c.target, c.bias ?? -1, registerCode[c.activation])
  },
  convolutionInput: (w, c) => {
    filtered(w, c)
    w.words(c.upstream, c.filter, c.target)
  },
  convolutionFilter: (w, c) => {
    filtered(w, c)
    w.words(c.source, c.upstream, c.target)
  },
  maxPool: (w, p) => {
    windows(w, p)
    w.words(p.source, p.target)
  },
  maxPoolGradient: (w, p) => {
    windows(w, p)
    w.words(p.source, p.upstream, p.target)
  },
  maxPoolPick: (w, p) => {
    windows(w, p)
    w.words(p.source, p.values, p.target)
  },
  sumPool: (w, p) => {
    windows(w, p)
    w.words(p.source, p.target)
  },
  sumPoolGradient: (w, p) => {
    windows(w, p)
    w.words(p.source, p.target)
  },
  copy: (w, c) => {
    w.dtype(c.dtype)
    w.words(c.shape.length)
    w.wide(...c.shape)
    w.words(c.source)
    w.wide(c.sourceOffset, ...c.sourceStrides)
    w.words(c.target)
    w.wide(c.targetOffset, ...c.targetStrides)
  },
  fill: (w, f) => {
    w.dtype(f.dtype)
    w.words(f.target)
    w.wide(f.length)
    w.number(f.value)
  },
  gather: indexed,
  scatterAdd: indexed,
  argReduce: (w, a) => {
    w.dtype(a.dtype)
    w.flag(a.largest)
    w.wide(a.outer, a.reduced, a.inner)
    w.words(a.source, a.target)
  },
  cumulativeSum: (w, c) => {
    w.dtype(c.dtype)
    w.wide(c.outer, c.reduced, c.inner)
    w.flag(c.exclusive)
    w.flag(c.reverse)
    w.words(c.source, c.target)
  },
  recurrent: (w, r) => {
    w.words(cellCode[r.cell])
    w.dtype(r.dtype)
    w.wide(r.batch, r.steps, r.units)
    w.flag(r.backwards)
    w.words(r.inputs, r.kernel, r.bias ?? -1, r.hidden, r.cellState ?? -1, r.mask ?? -1, r.target)
  },
  recurrentGradient: (w, r) => {
    w.words(cellCode[r.cell])
    w.dtype(r.dtype)
    w.wide(r.batch, r.steps, r.units)
    w.flag(r.backwards)
    w.words(r.record, r.kernel, r.hidden, r.cellState ?? -1, r.mask ?? -1, r.upstream)
    w.flag(r.upstreamLast)
    w.words(r.cellUpstream ?? -1)
    w.flag(r.cellUpstreamLast)
    w.words(r.target)
  },
  softmax: (w, s) => {
    w.dtype(s.dtype)
    w.flag(s.logarithm)
    w.wide(s.rows, s.columns)
    w.words(s.source, s.target)
  },
  softmaxCrossEntropy: (w, s) => {
    w.dtype(s.dtype)
    w.wide(s.rows, s.columns)
    w.words(s.logits, s.labels, s.target)
  },
  softmaxCrossEntropyGradient: (w, s) => {
    w.dtype(s.dtype)
    w.wide(s.rows, s.columns)
    w.words(s.logits, s.labels, s.upstream, s.upstreamStride, s.target)
  },
  ctcLoss: (w, c) => {
    alignment(w, c)
    w.words(c.target)
  },
  ctcLossGradient: (w, c) => {
    alignment(w, c)
    w.words(c.upstream, c.upstreamStride, c.target)
  },
  random: (w, r) => {
    w.flag(r.distribution === 'uniform')
    w.dtype(r.dtype)
    w.words(r.seedLow, r.seedHigh, r.stream, r.counter)
    w.wide(r.length)
    w.words(r.target)
  },
  requireFinite: (w, r) => {
    w.dtype(r.dtype)
    w.words(r.source)
  },
  iota: (w, i) => {
    w.dtype(i.dtype)
    w.wide(i.outer, i.reduced, i.inner)
    w.words(i.target)
  },
}

function operand(w: WordWriter, m: MatmulOperand): void {
  w.words(m.buffer)
  w.wide(m.batchStride, m.rowStride, m.columnStride)
}

function alignment(w: WordWriter, a: AlignmentParts): void {
  w.dtype(a.dtype)
  w.wide(a.batch, a.steps, a.classes, a.mostLabels)
  w.words(a.blank)
  w.flag(a.zeroInfinity)
  w.words(a.logits, a.labels, a.inputLengths, a.labelLengths)
}

function windows(w: WordWriter, g: WindowGeometry & { readonly dtype: DType }): void {
  w.dtype(g.dtype)
  w.wide(g.batch, g.height, g.width, g.channels, g.outHeight, g.outWidth)
  w.wide(g.windowHeight, g.windowWidth, g.strideHeight, g.strideWidth)
  w.wide(g.top, g.left, g.dilationHeight, g.dilationWidth)
}

function filtered(w: WordWriter, g: FilterGeometry): void {
  windows(w, g)
  w.wide(g.outputs, g.groups)
}

interface Indexed {
  readonly dtype: DType
  readonly outer: number
  readonly axisSize: number
  readonly inner: number
  readonly count: number
  readonly source: BufferId
  readonly indices: BufferId
  readonly target: BufferId
}

function indexed(w: WordWriter, k: Indexed): void {
  w.dtype(k.dtype)
  w.wide(k.outer, k.axisSize, k.inner, k.count)
  w.words(k.source, k.indices, k.target)
}
