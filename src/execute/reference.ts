// The reference executor: runs a Program in TypeScript, element by element, in float64 (each stored
// value rounded to its type). Slow and plain on purpose: it is the oracle for the kernels.

import { wasmModule } from '#platform'
import { type DType, dtypes, type TypedArray } from '../base/dtype.js'
import { sizeOf, stridesOf } from '../base/shape.js'
import type {
  FusedInstruction,
  Instruction,
  MatmulInstruction,
  Program,
} from '../compile/program.js'
import { elementwise, isElementwise } from '../graph/elementwise.js'
import type { RegisterOp } from '../graph/opcodes.js'
import { knowsRelaxedSimd } from '../platform/kernel-files.js'
import type { Binding, Executor, LoadedProgram, Storage } from './executor.js'
import { indexOutOfRange, notFinite } from './faults.js'
import { HostStorage } from './host-storage.js'
import type { JobArguments, OpenJob } from './open-job.js'
import { runCtcLoss, runCtcLossGradient } from './reference-ctc.js'
import { philoxBits, philoxUniform } from './reference-random.js'
import { runRecurrent, runRecurrentGradient } from './reference-recurrent.js'
import { runConvolution, windowKernels } from './reference-windows.js'
import { WasmJobs } from './wasm-jobs.js'

export class ReferenceExecutor implements Executor {
  readonly name = 'reference'
  readonly isa = 'typescript'
  readonly threads = 1
  private jobs: WasmJobs | undefined

  load(program: Program): LoadedProgram {
    return new ReferenceProgram(program)
  }

  createStorage(dtype: DType, values: TypedArray): Storage {
    return HostStorage.copyOf(dtype, values)
  }

  /** Jobs have no second implementation in TypeScript: they run in WebAssembly. */
  openJob(job: JobArguments): OpenJob | undefined {
    this.jobs ??= new WasmJobs(wasmModule(knowsRelaxedSimd() ? 'relaxed' : 'simd128'))
    return this.jobs.open(job)
  }
}

class ReferenceProgram implements LoadedProgram {
  readonly bytes: number

  constructor(readonly program: Program) {
    this.bytes = program.arenaBytes
  }

  run(bindings: readonly Binding[]): void {
    const arena = new ArrayBuffer(this.program.arenaBytes)
    const arrays = this.program.buffers.map(buffer => {
      const binding = buffer.slot === 0 ? arena : bindings[buffer.slot - 1]
      return viewOf(binding, buffer.byteOffset, buffer.dtype, buffer.length)
    })
    this.program.instructions.forEach((instruction, i) => {
      runInstruction(instruction, arrays, this.program.labels[i])
    })
  }

  async runAsync(bindings: readonly Binding[]): Promise<void> {
    this.run(bindings)
  }

  dispose(): void {}
}

function viewOf(binding: Binding, byteOffset: number, dtype: DType, length: number): TypedArray {
  const { array } = dtypes[dtype]
  if (binding instanceof ArrayBuffer) return new array(binding, byteOffset, length)
  const values = ArrayBuffer.isView(binding)
    ? (binding as TypedArray)
    : (binding as HostStorage).values
  return new array(values.buffer as ArrayBuffer, values.byteOffset + byteOffset, length)
}

type Arrays = readonly TypedArray[]
type Kernel<K extends Instruction['kind']> = (
  instruction: Extract<Instruction, { kind: K }>,
  arrays: Arrays,
  label: string,
) => void

function runInstruction(instruction: Instruction, arrays: Arrays, label: string): void {
  ;(kernels[instruction.kind] as Kernel<Instruction['kind']>)(instruction, arrays, label)
}

const kernels: { readonly [K in Instruction['kind']]: Kernel<K> } = {
  fused: runFused,
  matmul: runMatmul,
  ...windowKernels,
  convolution: (c, arrays) => runConvolution(c, arrays, applyRegister),
  copy: (c, arrays) => {
    const source = arrays[c.source]
    const target = arrays[c.target]
    walk(c.shape, position => {
      let from = c.sourceOffset
      let to = c.targetOffset
      for (let axis = 0; axis < position.length; axis++) {
        from += position[axis] * c.sourceStrides[axis]
        to += position[axis] * c.targetStrides[axis]
      }
      target[to] = source[from]
    })
  },
  fill: (f, arrays) => {
    arrays[f.target].fill(f.value, 0, f.length)
  },
  gather: (k, arrays, label) => {
    const [source, indices, target] = [arrays[k.source], arrays[k.indices], arrays[k.target]]
    for (let o = 0; o < k.outer; o++)
      for (let j = 0; j < k.count; j++) {
        const index = checkIndex(indices[j], k.axisSize, label)
        for (let i = 0; i < k.inner; i++)
          target[(o * k.count + j) * k.inner + i] = source[(o * k.axisSize + index) * k.inner + i]
      }
  },
  scatterAdd: (k, arrays, label) => {
    const [source, indices, target] = [arrays[k.source], arrays[k.indices], arrays[k.target]]
    target.fill(0)
    for (let o = 0; o < k.outer; o++)
      for (let j = 0; j < k.count; j++) {
        const index = checkIndex(indices[j], k.axisSize, label)
        for (let i = 0; i < k.inner; i++)
          target[(o * k.axisSize + index) * k.inner + i] += source[(o * k.count + j) * k.inner + i]
      }
  },
  argReduce: (k, arrays) => {
    const [source, target] = [arrays[k.source], arrays[k.target]]
    alongMiddle(k, (base, step, at) => {
      let best = 0
      for (let r = 1; r < k.reduced; r++) {
        const value = source[base + r * step]
        const champion = source[base + best * step]
        if (Number.isNaN(champion)) break
        if (Number.isNaN(value) || (k.largest ? value > champion : value < champion)) best = r
      }
      target[at] = best
    })
  },
  cumulativeSum: (k, arrays) => {
    const [source, target] = [arrays[k.source], arrays[k.target]]
    alongMiddle(k, (base, step) => {
      let sum = 0
      for (let n = 0; n < k.reduced; n++) {
        const r = k.reverse ? k.reduced - 1 - n : n
        const value = source[base + r * step]
        if (k.exclusive) target[base + r * step] = sum
        sum += value
        if (!k.exclusive) target[base + r * step] = sum
      }
    })
  },
  recurrent: runRecurrent,
  recurrentGradient: runRecurrentGradient,
  softmax: (k, arrays) => {
    const [source, target] = [arrays[k.source], arrays[k.target]]
    for (let r = 0; r < k.rows; r++) {
      const { max, sum } = logSumExpParts(source, r * k.columns, k.columns)
      for (let c = 0; c < k.columns; c++) {
        const shifted = source[r * k.columns + c] - max
        target[r * k.columns + c] = k.logarithm ? shifted - Math.log(sum) : Math.exp(shifted) / sum
      }
    }
  },
  softmaxCrossEntropy: (k, arrays, label) => {
    const [logits, labels, target] = [arrays[k.logits], arrays[k.labels], arrays[k.target]]
    for (let r = 0; r < k.rows; r++) {
      const { max, sum } = logSumExpParts(logits, r * k.columns, k.columns)
      const hit = checkIndex(labels[r], k.columns, label)
      target[r] = max + Math.log(sum) - logits[r * k.columns + hit]
    }
  },
  softmaxCrossEntropyGradient: (k, arrays, label) => {
    const [logits, labels, upstream, target] = [k.logits, k.labels, k.upstream, k.target].map(
      id => arrays[id],
    )
    for (let r = 0; r < k.rows; r++) {
      const { max, sum } = logSumExpParts(logits, r * k.columns, k.columns)
      const hit = checkIndex(labels[r], k.columns, label)
      const u = upstream[r * k.upstreamStride]
      for (let c = 0; c < k.columns; c++) {
        const p = Math.exp(logits[r * k.columns + c] - max) / sum
        target[r * k.columns + c] = (p - (c === hit ? 1 : 0)) * u
      }
    }
  },
  ctcLoss: runCtcLoss,
  ctcLossGradient: runCtcLossGradient,
  random: (k, arrays) => {
    const counter = arrays[k.counter][0]
    const target = arrays[k.target]
    if (k.distribution === 'bits') philoxBits(target as Int32Array, k, counter)
    else philoxUniform(target as Float32Array | Float64Array, k, counter)
  },
  requireFinite: (k, arrays, label) => {
    if (!Number.isFinite(arrays[k.source][0])) throw notFinite(label)
  },
  iota: (k, arrays) => {
    const target = arrays[k.target]
    alongMiddle(k, (base, step) => {
      for (let r = 0; r < k.reduced; r++) target[base + r * step] = r
    })
  },
}

function checkIndex(index: number, size: number, label: string): number {
  if (index >= 0 && index < size) return index
  throw indexOutOfRange(label)
}

function logSumExpParts(values: TypedArray, from: number, count: number) {
  let max = Number.NEGATIVE_INFINITY
  for (let c = 0; c < count; c++) max = Math.max(max, values[from + c])
  let sum = 0
  for (let c = 0; c < count; c++) sum += Math.exp(values[from + c] - max)
  return { max, sum }
}

interface Middle {
  readonly outer: number
  readonly reduced: number
  readonly inner: number
}

/** Visits each line along the middle axis: its first index, its step, and its number. */
function alongMiddle(
  { outer, reduced, inner }: Middle,
  visit: (base: number, step: number, at: number) => void,
): void {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) visit(o * reduced * inner + i, inner, o * inner + i)
}

function walk(shape: readonly number[], visit: (position: readonly number[]) => void): void {
  const size = sizeOf(shape)
  const position = new Array<number>(shape.length).fill(0)
  for (let n = 0; n < size; n++) {
    visit(position)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++position[axis] < shape[axis]) break
      position[axis] = 0
    }
  }
}

function applyRegister(op: RegisterOp, a: number, b: number, c: number): number {
  if (isElementwise(op)) return elementwise[op].apply(a, b, c)
  if (op === 'multiplyAdd') return a * b + c
  if (op === 'trunc') return Math.trunc(a)
  return a
}

const startOf = {
  none: 0,
  sum: 0,
  prod: 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
}

const combine = {
  none: (_: number, value: number) => value,
  sum: (a: number, b: number) => a + b,
  prod: (a: number, b: number) => a * b,
  max: Math.max,
  min: Math.min,
}

function runFused(f: FusedInstruction, arrays: Arrays): void {
  const { inputs, constants, lines, outputs } = f
  const isInteger = f.computeType === 'int32'
  const operands = new Float64Array(inputs.length + constants.length + f.registers)
  operands.set(constants, inputs.length)
  const registerBase = inputs.length + constants.length
  const reductions = outputs.map(({ reduce }) =>
    reduce === 'none'
      ? null
      : new Float64Array(f.outer * f.inner).fill(
          isInteger && reduce === 'max'
            ? -2147483648
            : isInteger && reduce === 'min'
              ? 2147483647
              : startOf[reduce],
        ),
  )
  let n = 0
  walk(f.shape, position => {
    inputs.forEach(({ buffer, strides }, i) => {
      let at = 0
      for (let axis = 0; axis < position.length; axis++) at += position[axis] * strides[axis]
      operands[i] = arrays[buffer][at]
    })
    for (const { op, into, operands: o } of lines) {
      const value = applyRegister(op, operands[o[0]], operands[o[1]], operands[o[2]])
      operands[registerBase + into] =
        isInteger && op === 'multiply'
          ? Math.imul(operands[o[0]], operands[o[1]])
          : isInteger
            ? value | 0
            : value
    }
    outputs.forEach(({ buffer, operand, reduce }, i) => {
      const into = reductions[i]
      const value = operands[operand]
      if (into === null)
        arrays[buffer][n] = arrays[buffer] instanceof Uint8Array ? Number(value !== 0) : value
      else {
        const at = Math.floor(n / (f.reduced * f.inner)) * f.inner + (n % f.inner)
        into[at] = combine[reduce](into[at], value)
      }
    })
    n++
  })
  outputs.forEach(({ buffer }, i) => {
    const into = reductions[i]
    if (into !== null) for (let at = 0; at < into.length; at++) arrays[buffer][at] = into[at]
  })
}

function runMatmul(m: MatmulInstruction, arrays: Arrays): void {
  const [left, right, out] = [arrays[m.left.buffer], arrays[m.right.buffer], arrays[m.out]]
  const [batchStep, rowStep] = stridesOf([m.batch, m.rows, m.columns])
  for (let b = 0; b < m.batch; b++)
    for (let r = 0; r < m.rows; r++)
      for (let c = 0; c < m.columns; c++) {
        let sum = 0
        let l = b * m.left.batchStride + r * m.left.rowStride
        let k = b * m.right.batchStride + c * m.right.columnStride
        for (let d = 0; d < m.depth; d++) {
          sum += left[l] * right[k]
          l += m.left.columnStride
          k += m.right.rowStride
        }
        if (m.bias !== undefined) sum += arrays[m.bias][c]
        out[b * batchStep + r * rowStep + c] = applyRegister(m.activation, sum, 0, 0)
      }
}
