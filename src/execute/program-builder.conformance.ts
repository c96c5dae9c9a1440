// Small Programs put together by hand, with the values that go into them.

import { type DType, dtypes, type TypedArray } from '../base/dtype.js'
import { sizeOf, stridesOf } from '../base/shape.js'
import type { Buffer, BufferId, Instruction, Program, Slot } from '../compile/program.js'
import type { ReduceKind, RegisterOp } from '../graph/opcodes.js'
import type { Executor } from './executor.js'

interface Output {
  readonly buffer: BufferId
  readonly dtype: DType
  readonly length: number
  readonly byteOffset: number
}

export class ProgramBuilder {
  private readonly buffers: Buffer[] = []
  private readonly slots: Slot[] = []
  private readonly values: TypedArray[] = []
  private readonly instructions: Instruction[] = []
  private readonly outputs: Output[] = []
  private readonly outputBuffers: number[] = []
  private arenaBytes = 0
  private outputBytes = 0

  input(dtype: DType, values: ArrayLike<number>): BufferId {
    return this.bind('input', dtype, values)
  }

  state(dtype: DType, values: ArrayLike<number>): BufferId {
    return this.bind('state', dtype, values)
  }

  private bind(kind: 'input' | 'state', dtype: DType, values: ArrayLike<number>): BufferId {
    this.slots.push({ kind, dtype, length: values.length })
    this.values.push(new dtypes[dtype].array(values))
    return this.buffer(this.slots.length, 0, dtype, values.length)
  }

  scalar(value: number): BufferId {
    this.slots.push({ kind: 'scalars', dtype: 'float64', length: 8 })
    this.values.push(Float64Array.of(value))
    return this.buffer(this.slots.length, 0, 'float64', 1)
  }

  temporary(dtype: DType, length: number): BufferId {
    const id = this.buffer(0, this.arenaBytes, dtype, length)
    this.arenaBytes += align(length * dtypes[dtype].bytes)
    return id
  }

  output(dtype: DType, length: number): BufferId {
    // Slot numbers of outputs are set when the program is finished.
    const id = this.buffer(-1, this.outputBytes, dtype, length)
    this.outputs.push({ buffer: id, dtype, length, byteOffset: this.outputBytes })
    this.outputBuffers.push(id)
    this.outputBytes += align(length * dtypes[dtype].bytes)
    return id
  }

  private buffer(slot: number, byteOffset: number, dtype: DType, length: number): BufferId {
    return this.buffers.push({ slot, byteOffset, dtype, length }) - 1
  }

  push(instruction: Instruction): this {
    this.instructions.push(instruction)
    return this
  }

  finish(flops = 0): BuiltProgram {
    const slots: Slot[] = [
      ...this.slots,
      { kind: 'outputs', dtype: 'float32', length: this.outputBytes },
    ]
    const buffers = this.buffers.map(b => (b.slot === -1 ? { ...b, slot: slots.length } : b))
    const program: Program = {
      buffers,
      slots,
      instructions: this.instructions,
      arenaBytes: this.arenaBytes,
      flops,
      labels: this.instructions.map((instruction, i) => `${instruction.kind} ${i}`),
    }
    return new BuiltProgram(program, this.values, this.outputs)
  }
}

export class BuiltProgram {
  constructor(
    readonly program: Program,
    readonly values: readonly TypedArray[],
    readonly outputs: readonly Output[],
  ) {}

  /** Results: outputs in order, then states. */
  run(executor: Executor): TypedArray[] {
    const loaded = executor.load(this.program)
    try {
      const { bindings, collect } = this.bind(executor)
      loaded.run(bindings)
      return collect()
    } finally {
      loaded.dispose()
    }
  }

  bind(executor: Executor) {
    const block = new ArrayBuffer(this.program.slots.at(-1)!.length)
    const states = this.values.map((values, k) =>
      this.program.slots[k].kind === 'state'
        ? executor.createStorage(this.program.slots[k].dtype, values)
        : undefined,
    )
    const bindings = [...this.values.map((values, k) => states[k] ?? values), block]
    const collect = () => [
      ...this.outputs.map(({ dtype, byteOffset, length }) =>
        new dtypes[dtype].array(block, byteOffset, length).slice(),
      ),
      ...states.flatMap(state => (state ? [state.read()] : [])),
    ]
    return { bindings, collect, block }
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64
}

export interface FusedParts {
  readonly computeType?: 'float32' | 'float64' | 'int32'
  readonly shape: readonly number[]
  readonly inputs: readonly (BufferId | { buffer: BufferId; strides: readonly number[] })[]
  readonly constants?: readonly number[]
  readonly lines: readonly (readonly [op: RegisterOp, into: number, ...operands: number[]])[]
  readonly outputs: readonly (readonly [buffer: BufferId, operand: number, reduce?: ReduceKind])[]
  /** [outer, reduced, inner]; by default the whole shape is outer. */
  readonly view?: readonly [number, number, number]
}

export function fused(parts: FusedParts): Instruction {
  const { shape, lines } = parts
  const [outer, reduced, inner] = parts.view ?? [sizeOf(shape), 1, 1]
  return {
    kind: 'fused',
    computeType: parts.computeType ?? 'float32',
    shape,
    inputs: parts.inputs.map(input =>
      typeof input === 'number' ? { buffer: input, strides: stridesOf(shape) } : input,
    ),
    constants: parts.constants ?? [],
    lines: lines.map(([op, into, ...operands]) => ({ op, into, operands })),
    registers: lines.reduce((most, [, into]) => Math.max(most, into + 1), 0),
    outputs: parts.outputs.map(([buffer, operand, reduce = 'none']) => ({
      buffer,
      operand,
      reduce,
    })),
    outer,
    reduced,
    inner,
  }
}

/** Numbers in [−1, 1) from a small generator (mulberry32): the same in every run. */
export function noise(length: number, seed = 1): Float64Array {
  let state = seed >>> 0
  return Float64Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1
  })
}

export function wholeNumbers(length: number, below: number, seed = 1): Int32Array {
  return Int32Array.from(noise(length, seed), x => Math.floor(((x + 1) / 2) * below))
}

/** One small Program, and how near its results must be. */
export interface Case {
  readonly name: string
  readonly build: (b: ProgramBuilder) => void
  /** Allowed |error| / ε / (1 + |expected|); 0 = the same bits. */
  readonly tolerance?: number
}

export const floats = ['float32', 'float64'] as const
export const numbers = ['float32', 'float64', 'int32'] as const
export const all: readonly DType[] = ['float32', 'float64', 'int32', 'bool']

/** Values that suit a type: small numbers, some negative, some equal. */
export function valuesFor(dtype: DType, length: number, seed = 1): ArrayLike<number> {
  if (dtype === 'bool') return wholeNumbers(length, 2, seed)
  if (dtype === 'int32') return wholeNumbers(length, 41, seed).map(x => x - 20)
  return noise(length, seed).map(x => x * 3)
}
