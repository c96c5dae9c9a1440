// What every executor has to do, held against the reference executor. An executor's own test calls
// `checkExecutor` and adds only what is particular to it.

import { describe, expect, test } from 'vitest'
import { type DType, dtypes, isFloat, type TypedArray } from '../base/dtype.js'
import { sizeOf, stridesOf } from '../base/shape.js'
import type { Instruction, MatmulInstruction } from '../compile/program.js'
import { type RegisterOp, registerCode } from '../graph/opcodes.js'
import type { Executor } from './executor.js'
import {
  type BuiltProgram,
  fused,
  noise,
  ProgramBuilder,
  wholeNumbers,
} from './program-builder.conformance.js'
import { ReferenceExecutor } from './reference.js'

export interface ExecutorCase {
  /** `native avx2`, `wasm simd128`. */
  readonly name: string
  /** Opens one with that many threads, where there is a choice. */
  readonly open: (threads: number) => Executor
  readonly threadCounts: readonly number[]
}

interface Case {
  readonly name: string
  readonly build: (b: ProgramBuilder) => void
  /** Allowed |error| / ε / (1 + |expected|); 0 = the same bits. */
  readonly tolerance?: number
}

const floats = ['float32', 'float64'] as const
const numbers = ['float32', 'float64', 'int32'] as const
const all: readonly DType[] = ['float32', 'float64', 'int32', 'bool']
const epsilon = { float32: 2 ** -23, float64: 2 ** -52, int32: 0, bool: 0 }

/** Values that suit a type: small numbers, some negative, some equal. */
function valuesFor(dtype: DType, length: number, seed = 1): ArrayLike<number> {
  if (dtype === 'bool') return wholeNumbers(length, 2, seed)
  if (dtype === 'int32') return wholeNumbers(length, 41, seed).map(x => x - 20)
  return noise(length, seed).map(x => x * 3)
}

const cases: Case[] = [
  ...unaryCases(),
  ...binaryCases(),
  ...fusedCases(),
  ...reduceCases(),
  ...matmulCases(),
  ...copyCases(),
  ...indexCases(),
  ...scanCases(),
  ...softmaxCases(),
  ...sourceCases(),
]

export function checkExecutor({ name, open, threadCounts }: ExecutorCase): void {
  describe(name, () => {
    const executor = open(threadCounts[0])
    const reference = new ReferenceExecutor()
    const built = cases.map(({ build }) => {
      const builder = new ProgramBuilder()
      build(builder)
      return builder.finish()
    })

    test.each(cases.map((c, i) => [c.name, i] as const))('%s', (_, i) => {
      expectClose(built[i].run(executor), built[i].run(reference), cases[i].tolerance ?? 4)
    })

    test('gives the same bits at any number of threads', () => {
      for (const program of [...built, ...largePrograms()]) {
        const first = program.run(open(threadCounts[0])).map(bitsOf)
        for (const threads of threadCounts.slice(1))
          expect(program.run(open(threads)).map(bitsOf)).toEqual(first)
      }
      open(threadCounts[0])
    })

    test('runs large programs off the calling thread, with the same bits', async () => {
      for (const small of largePrograms()) {
        const loaded = executor.load({ ...small.program, flops: 1e12 })
        const { bindings, collect } = small.bind(executor)
        await loaded.runAsync(bindings)
        expect(collect().map(bitsOf)).toEqual(small.run(executor).map(bitsOf))
        loaded.dispose()
      }
    })

    test('keeps its arena apart from bindings when programs take turns', () => {
      const loaded = built.map(({ program }) => executor.load(program))
      const bound = built.map(b => b.bind(executor))
      for (let i = 0; i < built.length; i++) loaded[i].run(bound[i].bindings)
      built.forEach((b, i) => {
        expect(bound[i].collect().map(bitsOf)).toEqual(b.run(executor).map(bitsOf))
      })
      for (const program of loaded) program.dispose()
    })

    checkFaults(executor)
    checkStorage(executor)
  })
}

function checkFaults(executor: Executor): void {
  test.each([-1, 3, 2 ** 31 - 1, -(2 ** 31)])(
    'stops at index %i and names the instruction',
    index => {
      for (const kind of ['gather', 'scatterAdd'] as const) {
        const b = new ProgramBuilder()
        const source = b.input('float32', [1, 2, 3, 4, 5, 6])
        const indices = b.input('int32', [0, index])
        const target = b.output('float32', 6)
        const shape = { outer: 1, axisSize: 3, inner: kind === 'gather' ? 2 : 2, count: 2 }
        b.push({ kind, dtype: 'float32', ...shape, source, indices, target })
        expect(() => b.finish().run(executor)).toThrow(
          expect.objectContaining({ code: 'INDEX', operation: `${kind} 0` }),
        )
      }
    },
  )

  test.each([-1, 4])('stops at label %i', label => {
    const rows = 2
    const columns = 4
    for (const isGradient of [false, true]) {
      const b = new ProgramBuilder()
      const logits = b.input('float32', noise(8))
      const labels = b.input('int32', [0, label])
      const upstream = b.input('float32', [1, 1])
      const target = b.output('float32', 8)
      const parts = { dtype: 'float32', rows, columns, logits, labels, target } as const
      b.push(
        isGradient
          ? { kind: 'softmaxCrossEntropyGradient', ...parts, upstream, upstreamStride: 1 }
          : { kind: 'softmaxCrossEntropy', ...parts },
      )
      expect(() => b.finish().run(executor)).toThrow(expect.objectContaining({ code: 'INDEX' }))
    }
  })

  test.each([Number.NaN, Infinity, -Infinity])('withholds what follows a loss of %d', value => {
    for (const dtype of floats) {
      const b = new ProgramBuilder()
      const source = b.input(dtype, [value])
      const state = b.state(dtype, [5])
      b.push({ kind: 'requireFinite', dtype, source })
      b.push({ kind: 'fill', dtype, target: state, length: 1, value: 0 })
      const built = b.finish()
      const loaded = executor.load(built.program)
      const { bindings, collect } = built.bind(executor)
      expect(() => loaded.run(bindings)).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }))
      expect([...collect()[0]]).toEqual([5])
      loaded.dispose()
    }
  })

  test('refuses bindings that do not fit', () => {
    const b = new ProgramBuilder()
    const source = b.input('float32', [1, 2, 3])
    const state = b.state('float32', [0, 0, 0])
    b.push(fused({ shape: [3], inputs: [source], lines: [], outputs: [[state, 0]] }))
    const { program } = b.finish()
    const loaded = executor.load(program)
    const good = executor.createStorage('float32', new Float32Array(3))
    const small = executor.createStorage('float32', new Float32Array(2))
    const values = new Float32Array(3)
    const block = new ArrayBuffer(0)
    expect(() => loaded.run([values, good])).toThrow()
    expect(() => loaded.run([values.subarray(1), good, block])).toThrow()
    expect(() => loaded.run([values, small, block])).toThrow()
    loaded.run([values, good, block])
    loaded.dispose()
    expect(() => loaded.run([values, good, block])).toThrow()
    loaded.dispose()
  })
}

function checkStorage(executor: Executor): void {
  test('keeps storages: copies in, copies out, overwrites, disposes', () => {
    for (const dtype of all) {
      const values = new dtypes[dtype].array(valuesFor(dtype, 5))
      const storage = executor.createStorage(dtype, values)
      const copy = values.slice()
      values.fill(0)
      expect(storage.read()).toEqual(copy)
      storage.read().fill(1)
      expect(storage.read()).toEqual(copy)
      storage.write(values)
      expect(storage.read()).toEqual(values)
      storage.dispose()
      expect(() => storage.read()).toThrow(expect.objectContaining({ code: 'STATE' }))
      storage.dispose()
    }
  })

  test('takes storages as inputs and updates a state in place', () => {
    const b = new ProgramBuilder()
    const step = b.input('float32', [1, 2, 3])
    const state = b.state('float32', [0, 0, 0])
    b.push(
      fused({
        shape: [3],
        inputs: [state, step],
        lines: [['add', 0, 0, 1]],
        outputs: [[state, 2]],
      }),
    )
    const loaded = executor.load(b.finish().program)
    const a = executor.createStorage('float32', Float32Array.of(1, 2, 3))
    const s = executor.createStorage('float32', new Float32Array(3))
    for (let i = 0; i < 10; i++) loaded.run([a, s, new ArrayBuffer(0)])
    expect([...s.read()]).toEqual([10, 20, 30])
    loaded.dispose()
  })
}

function unaryCases(): Case[] {
  const special = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-4, 10, -10, 30, -30, 3.999, 100]
  const domain: Partial<Record<RegisterOp, (x: number) => number>> = {
    log: x => Math.abs(x) + 1e-3,
    log1p: x => Math.abs(x),
    sqrt: x => Math.abs(x),
    rsqrt: x => Math.abs(x) + 1e-3,
    reciprocal: x => (x === 0 ? 1 : x),
    exp: x => Math.max(-30, Math.min(30, x)),
    expm1: x => Math.max(-30, Math.min(30, x)),
  }
  const ops = Object.keys(registerCode).filter(
    op => registerCode[op as RegisterOp] < 32,
  ) as RegisterOp[]
  return ops.flatMap(op =>
    floats.map(computeType => ({
      name: `fused ${op} ${computeType}`,
      tolerance: 8,
      build: (b: ProgramBuilder) => {
        const values = Float64Array.from([...special, ...noise(21).map(x => x * 6)])
        const x = b.input(computeType, values.map(domain[op] ?? (v => v)))
        const y = b.output(computeType, values.length)
        const { length } = values
        const lines = [[op, 0, 0] as const]
        b.push(fused({ computeType, shape: [length], inputs: [x], lines, outputs: [[y, 1]] }))
      },
    })),
  )
}

function binaryCases(): Case[] {
  const ops = Object.keys(registerCode).filter(op => registerCode[op as RegisterOp] >= 32)
  return (ops as RegisterOp[]).flatMap(op =>
    numbers
      .filter(type => type !== 'int32' || !['divide', 'power', 'modulo'].includes(op))
      .map(computeType => ({
        name: `fused ${op} ${computeType}`,
        tolerance: op === 'power' ? 64 : 4,
        build: (b: ProgramBuilder) => {
          const length = 67
          const positive = op === 'power' ? Math.abs : (x: number) => x
          const values = [1, 2, 3].map(seed =>
            b.input(computeType, Float64Array.from(valuesFor(computeType, length, seed), positive)),
          )
          const y = b.output(computeType, length)
          const operands = registerCode[op] >= 64 ? [0, 1, 2] : [0, 1]
          b.push(
            fused({
              computeType,
              shape: [length],
              inputs: values,
              lines: [[op, 0, ...operands]],
              outputs: [[y, 3]],
            }),
          )
        },
      })),
  )
}

function fusedCases(): Case[] {
  return [
    ...numbers.flatMap(computeType =>
      all
        .filter(from => computeType !== 'int32' || !isFloat(from))
        .map(from => ({
          name: `fused converts ${from} through ${computeType} into every type`,
          tolerance: computeType === 'float32' && from === 'float64' ? 2 ** 29 : 1,
          build: (b: ProgramBuilder) => {
            const length = 37
            const x = b.input(from, valuesFor(from, length))
            const outputs = all.map(dtype => [b.output(dtype, length), 0] as const)
            b.push(fused({ computeType, shape: [length], inputs: [x], lines: [], outputs }))
          },
        })),
    ),
    {
      name: 'fused broadcasts along each axis',
      build: b => {
        const shape = [3, 5, 7]
        const whole = b.input('float32', noise(105))
        const rows = b.input('float32', noise(15, 2))
        const columns = b.input('float32', noise(7, 3))
        const single = b.input('float32', [0.25])
        const middle = b.input('float32', noise(5, 4))
        const out = b.output('float32', 105)
        b.push(
          fused({
            shape,
            inputs: [
              whole,
              { buffer: rows, strides: [5, 1, 0] },
              { buffer: columns, strides: [0, 0, 1] },
              { buffer: single, strides: [0, 0, 0] },
              { buffer: middle, strides: [0, 1, 0] },
            ],
            constants: [2, -1],
            lines: [
              ['multiply', 0, 0, 1],
              ['add', 1, 7, 2],
              ['multiply', 0, 8, 3],
              ['add', 2, 7, 4],
              ['multiplyAdd', 0, 9, 5, 6],
            ],
            outputs: [[out, 7]],
          }),
        )
      },
    },
    {
      name: 'fused reads transposed and reversed strides',
      build: b => {
        const a = b.input('float32', noise(77))
        const c = b.input('float32', noise(77, 2))
        const out = b.output('float32', 77)
        b.push(
          fused({
            shape: [7, 11],
            inputs: [
              { buffer: a, strides: [1, 7] },
              { buffer: c, strides: [11, 1] },
            ],
            lines: [['subtract', 0, 0, 1]],
            outputs: [[out, 2]],
          }),
        )
      },
    },
    {
      name: 'fused of rank 0, and with a constant alone',
      build: b => {
        const x = b.input('float64', [2])
        const y = b.output('float64', 1)
        const z = b.output('float64', 5)
        const parts = { computeType: 'float64', lines: [] } as const
        b.push(
          fused({ ...parts, shape: [], inputs: [x], lines: [['square', 0, 0]], outputs: [[y, 1]] }),
        )
        b.push(fused({ ...parts, shape: [5], inputs: [], constants: [3.5], outputs: [[z, 0]] }))
      },
    },
    {
      name: 'fused over nothing',
      build: b => {
        const x = b.input('float32', [])
        const y = b.output('float32', 0)
        b.push(fused({ shape: [0, 4], inputs: [x], lines: [['exp', 0, 0]], outputs: [[y, 1]] }))
      },
    },
    {
      name: 'fused stores in place what it reads',
      build: b => {
        const state = b.state('float32', noise(1500))
        const other = b.input('float32', noise(1500, 2))
        const out = b.output('float32', 1500)
        b.push(
          fused({
            shape: [1500],
            inputs: [state, other],
            lines: [
              ['add', 0, 0, 1],
              ['multiply', 1, 0, 1],
            ],
            outputs: [
              [state, 2],
              [out, 3],
            ],
          }),
        )
      },
    },
    {
      name: 'int32 arithmetic wraps around',
      tolerance: 0,
      build: b => {
        const x = b.input('int32', [2147483647, -2147483648, 65536, 123456789])
        const y = b.output('int32', 4)
        const z = b.output('int32', 4)
        b.push(
          fused({
            computeType: 'int32',
            shape: [4],
            inputs: [x],
            lines: [
              ['add', 0, 0, 0],
              ['multiply', 1, 0, 0],
            ],
            outputs: [
              [y, 1],
              [z, 2],
            ],
          }),
        )
      },
    },
  ]
}

function reduceCases(): Case[] {
  const views = [
    [1, 1, 1],
    [1, 257, 1],
    [3, 70, 1],
    [5, 1, 4],
    [1, 33, 19],
    [4, 3, 130],
    [2, 1025, 3],
    [1, 5000, 1],
    [1, 40, 600],
    [700, 3, 1],
    [3, 0, 2],
    [0, 3, 2],
    [2, 3, 0],
  ] as const
  return views.flatMap(view =>
    numbers.map(dtype => ({
      name: `fused reductions of ${dtype} over [${view}]`,
      tolerance: 200,
      build: (b: ProgramBuilder) => {
        const [outer, reduced, inner] = view
        const size = outer * reduced * inner
        const x = b.input(dtype, valuesFor(dtype, size))
        const kept = outer * inner
        const keptTypes =
          reduced === 0 ? (['sum', 'prod'] as const) : (['sum', 'max', 'min'] as const)
        const outputs = keptTypes.map(kind => [b.output(dtype, kept), 1, kind] as const)
        b.push(
          fused({
            computeType: dtype,
            shape: [outer, reduced, inner],
            inputs: [x],
            lines: [['multiply', 0, 0, 0]],
            outputs: [...outputs, [b.output(dtype, size), 1]],
            view,
          }),
        )
      },
    })),
  )
}

function matmulCases(): Case[] {
  const sizes = [
    [1, 1, 1, 1],
    [1, 7, 5, 3],
    [1, 32, 64, 17],
    [1, 6, 16, 300],
    [3, 13, 31, 9],
    [1, 67, 1, 45],
    [1, 1, 67, 45],
    [2, 0, 3, 4],
    [1, 4, 5, 0],
    [1, 130, 70, 520],
  ] as const
  return sizes.flatMap(([batch, rows, columns, depth]) =>
    floats.flatMap(dtype =>
      [0, 1, 2, 3].map(transposes => ({
        name: `matmul ${dtype} ${batch}×[${rows}, ${depth}]·[${depth}, ${columns}], transposes ${transposes}`,
        tolerance: 16 + depth,
        build: (b: ProgramBuilder) => {
          const operand = (m: number, n: number, isTransposed: boolean, seed: number) => ({
            buffer: b.input(dtype, noise(batch * m * n, seed)),
            batchStride: m * n,
            rowStride: isTransposed ? 1 : n,
            columnStride: isTransposed ? m : 1,
          })
          const left = operand(rows, depth, transposes % 2 === 1, 1)
          const right = operand(depth, columns, transposes >= 2, 2)
          const bias = transposes === 0 ? undefined : b.input(dtype, noise(columns, 3))
          const out = b.output(dtype, batch * rows * columns)
          const activation = (['copy', 'relu', 'tanh', 'sigmoid'] as const)[transposes]
          const shape = { batch, rows, columns, depth }
          const instruction: MatmulInstruction = {
            kind: 'matmul',
            dtype,
            ...shape,
            left,
            right,
            out,
            bias,
            activation,
          }
          b.push(instruction)
        },
      })),
    ),
  )
}

interface CopyParts {
  readonly shape: readonly number[]
  readonly from?: readonly [offset: number, strides: readonly number[], length: number]
  readonly to?: readonly [offset: number, strides: readonly number[], length: number]
}

function copyCases(): Case[] {
  const parts: Record<string, CopyParts> = {
    'as it is': { shape: [3, 4, 5] },
    scalar: { shape: [] },
    nothing: { shape: [3, 0, 2] },
    transpose: { shape: [37, 53], from: [0, [1, 37], 37 * 53] },
    'transpose of the first and last axis': { shape: [17, 5, 33], from: [0, [1, 17, 85], 2805] },
    permutation: { shape: [4, 6, 5, 7], from: [0, [5, 20, 1, 120], 840] },
    reverse: { shape: [9, 8], from: [71, [-8, -1], 72] },
    'every third': { shape: [5, 6], from: [2, [30, 3], 150] },
    repeat: { shape: [6, 4, 3], from: [1, [0, 1, 0], 5] },
    'into a part': { shape: [4, 3], to: [13, [10, 1], 60] },
    'into a reversed part': { shape: [4, 3], to: [40, [-10, 2], 60] },
    'rank 6': { shape: [2, 3, 2, 2, 3, 2], from: [0, [1, 2, 6, 12, 24, 72], 144] },
    'large rows': { shape: [3, 40000], from: [5, [40010, 1], 120030] },
    'large transpose': { shape: [300, 400], from: [0, [1, 300], 120000] },
    'many small planes': { shape: [5000, 3, 4], from: [0, [12, 1, 3], 60000] },
    'large strided column': { shape: [70000], from: [0, [2], 140000] },
  }
  return Object.entries(parts).flatMap(([name, { shape, from, to }]) =>
    all.map(dtype => ({
      name: `copy ${dtype}: ${name}`,
      tolerance: 0,
      build: (b: ProgramBuilder) => {
        const size = sizeOf(shape)
        const [sourceOffset, sourceStrides, sourceLength] = from ?? [0, stridesOf(shape), size]
        const [targetOffset, targetStrides, targetLength] = to ?? [0, stridesOf(shape), size]
        const source = b.input(dtype, valuesFor(dtype, sourceLength))
        const target = b.output(dtype, targetLength)
        const sides = { source, sourceOffset, sourceStrides, target, targetOffset, targetStrides }
        b.push({ kind: 'fill', dtype, target, length: targetLength, value: 0 })
        b.push({ kind: 'copy', dtype, shape, ...sides })
      },
    })),
  )
}

function indexCases(): Case[] {
  const shapes = [
    [1, 1, 1, 1],
    [1, 10, 1, 25],
    [3, 7, 5, 11],
    [2, 50, 64, 200],
    [4, 9, 3, 6],
    [1, 5, 4, 0],
    [0, 5, 4, 3],
    [1, 100, 33, 3000],
    [600, 20, 1, 30],
  ] as const
  return shapes.flatMap(([outer, axisSize, inner, count]) => {
    const shape = { outer, axisSize, inner, count }
    return [
      ...all.map(dtype => ({
        name: `gather ${dtype} ${count} of [${outer}, ${axisSize}, ${inner}]`,
        tolerance: 0,
        build: (b: ProgramBuilder) => {
          const source = b.input(dtype, valuesFor(dtype, outer * axisSize * inner))
          const indices = b.input('int32', wholeNumbers(count, axisSize, 5))
          const target = b.output(dtype, outer * count * inner)
          b.push({ kind: 'gather', dtype, ...shape, source, indices, target })
        },
      })),
      ...numbers.map(dtype => ({
        name: `scatterAdd ${dtype} ${count} into [${outer}, ${axisSize}, ${inner}]`,
        tolerance: 0,
        build: (b: ProgramBuilder) => {
          const source = b.input(dtype, valuesFor(dtype, outer * count * inner))
          const indices = b.input('int32', wholeNumbers(count, axisSize, 5))
          const target = b.output(dtype, outer * axisSize * inner)
          b.push({ kind: 'scatterAdd', dtype, ...shape, source, indices, target })
        },
      })),
    ]
  })
}

function scanCases(): Case[] {
  const views = [
    [1, 1, 1],
    [3, 17, 1],
    [2, 9, 5],
    [1, 40, 300],
    [50, 1000, 1],
    [2, 3, 0],
    [0, 3, 2],
  ] as const
  return views.flatMap(([outer, reduced, inner]) => {
    const size = outer * reduced * inner
    const view = { outer, reduced, inner }
    return [
      ...all.flatMap(dtype =>
        [true, false].map(largest => ({
          name: `argReduce ${dtype} largest ${largest} over [${outer}, ${reduced}, ${inner}]`,
          tolerance: 0,
          build: (b: ProgramBuilder) => {
            const source = b.input(dtype, valuesFor(dtype, size))
            const target = b.output('int32', outer * inner)
            b.push({ kind: 'argReduce', dtype, largest, ...view, source, target })
          },
        })),
      ),
      ...numbers.flatMap(dtype =>
        [0, 1, 2, 3].map(way => ({
          name: `cumulativeSum ${dtype} over [${outer}, ${reduced}, ${inner}], way ${way}`,
          tolerance: 1,
          build: (b: ProgramBuilder) => {
            const source = b.input(dtype, valuesFor(dtype, size))
            const target = b.output(dtype, size)
            const directions = { exclusive: way % 2 === 1, reverse: way >= 2 }
            b.push({ kind: 'cumulativeSum', dtype, ...view, ...directions, source, target })
          },
        })),
      ),
      ...numbers.map(dtype => ({
        name: `iota ${dtype} over [${outer}, ${reduced}, ${inner}]`,
        tolerance: 0,
        build: (b: ProgramBuilder) => {
          b.push({ kind: 'iota', dtype, ...view, target: b.output(dtype, size) })
        },
      })),
    ]
  })
}

function softmaxCases(): Case[] {
  const shapes = [
    [1, 1],
    [3, 10],
    [128, 10],
    [5, 1000],
    [7, 33],
    [0, 4],
  ] as const
  return shapes.flatMap(([rows, columns]) =>
    floats.flatMap(dtype => {
      const scaled = (b: ProgramBuilder) =>
        b.input(
          dtype,
          noise(rows * columns).map((x, i) => (i % 11 === 3 ? x * 500 : x * 8)),
        )
      const labelsFor = (b: ProgramBuilder) => b.input('int32', wholeNumbers(rows, columns, 3))
      const shape = { dtype, rows, columns }
      return [
        {
          name: `softmax and its logarithm ${dtype} [${rows}, ${columns}]`,
          tolerance: 16,
          build: (b: ProgramBuilder) => {
            const source = scaled(b)
            for (const logarithm of [false, true]) {
              const target = b.output(dtype, rows * columns)
              b.push({ kind: 'softmax', ...shape, logarithm, source, target })
            }
          },
        },
        {
          name: `softmaxCrossEntropy ${dtype} [${rows}, ${columns}]`,
          tolerance: 16,
          build: (b: ProgramBuilder) => {
            const logits = scaled(b)
            const labels = labelsFor(b)
            const target = b.output(dtype, rows)
            b.push({ kind: 'softmaxCrossEntropy', ...shape, logits, labels, target })
          },
        },
        ...([0, 1] as const).map(upstreamStride => ({
          name: `softmaxCrossEntropyGradient ${dtype} [${rows}, ${columns}], stride ${upstreamStride}`,
          tolerance: 16,
          build: (b: ProgramBuilder) => {
            const logits = scaled(b)
            const labels = labelsFor(b)
            const upstream = b.input(dtype, noise(upstreamStride === 0 ? 1 : rows, 4))
            const target = b.output(dtype, rows * columns)
            b.push({
              kind: 'softmaxCrossEntropyGradient',
              ...shape,
              logits,
              labels,
              upstream,
              upstreamStride,
              target,
            })
          },
        })),
      ]
    }),
  )
}

function sourceCases(): Case[] {
  return [
    ...all.map(dtype => ({
      name: `fill ${dtype}`,
      tolerance: 0,
      build: (b: ProgramBuilder) => {
        const value = dtype === 'bool' ? 1 : dtype === 'int32' ? -7 : 0.1
        for (const length of [0, 1, 70000])
          b.push({ kind: 'fill', dtype, target: b.output(dtype, length), length, value })
      },
    })),
    ...[0, 1, 3, 64, 65, 40000].flatMap(length =>
      (['int32', 'float32', 'float64'] as const).map(dtype => ({
        name: `random ${dtype}, ${length} numbers`,
        tolerance: 0,
        build: (b: ProgramBuilder) => {
          const distribution: 'bits' | 'uniform' = dtype === 'int32' ? 'bits' : 'uniform'
          const target = b.output(dtype, length)
          const counter = b.scalar(2 ** 52 - 1234567)
          const key = { seedLow: 0xdeadbeef, seedHigh: 42, stream: 0x80000001 }
          b.push({ kind: 'random', distribution, dtype, ...key, counter, length, target })
        },
      })),
    ),
  ]
}

/** Large enough that every kernel family splits its work. */
function largePrograms(): BuiltProgram[] {
  const b = new ProgramBuilder()
  const [rows, depth, columns] = [300, 257, 129]
  const left = b.input('float32', noise(rows * depth))
  const right = b.state('float32', noise(depth * columns, 2))
  const product = b.temporary('float32', rows * columns)
  const contiguous = (buffer: number, n: number) => ({
    buffer,
    batchStride: 0,
    rowStride: n,
    columnStride: 1,
  })
  const steps: Instruction[] = [
    {
      kind: 'matmul',
      dtype: 'float32',
      batch: 1,
      rows,
      columns,
      depth,
      left: contiguous(left, depth),
      right: contiguous(right, columns),
      out: product,
      activation: 'tanh',
    },
    fused({
      shape: [rows, columns],
      inputs: [product],
      lines: [['exp', 0, 0]],
      outputs: [
        [b.output('float32', 1), 1, 'sum'],
        [b.output('float32', rows * columns), 1],
      ],
      view: [1, rows * columns, 1],
    }),
    fused({
      shape: [rows, columns],
      inputs: [product],
      lines: [['square', 0, 0]],
      outputs: [[b.output('float32', columns), 1, 'sum']],
      view: [1, rows, columns],
    }),
    fused({
      shape: [rows, columns],
      inputs: [product],
      lines: [],
      outputs: [[b.output('float32', rows), 0, 'sum']],
      view: [rows, columns, 1],
    }),
    {
      kind: 'softmax',
      dtype: 'float32',
      logarithm: true,
      rows,
      columns,
      source: product,
      target: b.output('float32', rows * columns),
    },
    {
      kind: 'scatterAdd',
      dtype: 'float32',
      outer: 1,
      axisSize: 50,
      inner: columns,
      count: rows,
      source: product,
      indices: b.input('int32', wholeNumbers(rows, 50)),
      target: b.output('float32', 50 * columns),
    },
  ]
  for (const step of steps) b.push(step)
  return [b.finish()]
}

function bitsOf(array: TypedArray): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64')
}

function expectClose(actual: TypedArray[], expected: TypedArray[], tolerance: number): void {
  expect(actual.length).toBe(expected.length)
  for (let k = 0; k < actual.length; k++) {
    const unit = actual[k] instanceof Float32Array ? epsilon.float32 : epsilon.float64
    const isInteger = actual[k] instanceof Int32Array || actual[k] instanceof Uint8Array
    for (let i = 0; i < expected[k].length; i++) {
      const [a, e] = [actual[k][i], expected[k][i]]
      if (Object.is(a, e) || a === e) continue
      const error = Math.abs(a - e)
      if (!isInteger && error <= tolerance * unit * (1 + Math.abs(e))) continue
      throw new Error(`result ${k}, element ${i}: expected ${e}, received ${a}`)
    }
  }
}
