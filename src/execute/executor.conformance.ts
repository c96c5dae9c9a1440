// What every executor has to do, held against the reference executor. An executor's own test calls
// `checkExecutor` and adds only what is particular to it.

import { describe, expect, test } from 'vitest'
import { dtypes, type TypedArray } from '../base/dtype.js'
import type { Instruction } from '../compile/program.js'
import { computeCases } from './compute-cases.conformance.js'
import type { Executor } from './executor.js'
import { fusedCases } from './fused-cases.conformance.js'
import { kernelCases } from './kernel-cases.conformance.js'
import {
  all,
  type BuiltProgram,
  type Case,
  floats,
  fused,
  noise,
  ProgramBuilder,
  valuesFor,
  wholeNumbers,
} from './program-builder.conformance.js'
import { ReferenceExecutor } from './reference.js'
import { pushFiltered, windowCases } from './window-cases.conformance.js'

export interface ExecutorCase {
  /** `native avx2`, `wasm simd128`. */
  readonly name: string
  /** Opens one with that many threads, where there is a choice. */
  readonly open: (threads: number) => Executor
  readonly threadCounts: readonly number[]
}

const epsilon = { float32: 2 ** -23, float64: 2 ** -52, int32: 0, bool: 0 }

const cases: readonly Case[] = [
  ...fusedCases(),
  ...kernelCases(),
  ...computeCases(),
  ...windowCases(),
]

/** A convolution by transformed tiles. */
const among = { window: [3, 3], before: [1, 1], outputs: 20 } as const

/** For a machine that has much else to do. */
const timeout = 60_000

/** The reference executor's results, worked out once for all instruction sets. */
const expected: TypedArray[][] = []

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
      expected[i] ??= built[i].run(reference)
      expectClose(built[i].run(executor), expected[i], cases[i].tolerance ?? 4)
    })

    if (threadCounts.length > 1)
      test('gives the same bits at any number of threads', { timeout }, () => {
        const programs = [...built, ...largePrograms()]
        const [first, ...others] = threadCounts.map(threads => {
          const opened = open(threads)
          return programs.map(program => program.run(opened).map(bitsOf))
        })
        for (const other of others) expect(other).toEqual(first)
        open(threadCounts[0])
      })

    test('convolves a picture to the same bits alone as among others', () => {
      const planeOf = (batch: number) => {
        const builder = new ProgramBuilder()
        pushFiltered(builder, 'float32', { ...among, picture: [batch, 11, 9, 32] }, 'plane')
        return builder.finish().run(executor)[0]
      }
      const alone = planeOf(1)
      expect(bitsOf(planeOf(40).slice(0, alone.length))).toBe(bitsOf(alone))
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

    test('keeps its arena apart from bindings when programs take turns', { timeout }, () => {
      const loaded = built.map(({ program }) => executor.load(program))
      const bound = built.map(b => b.bind(executor))
      for (let i = 0; i < built.length; i++) loaded[i].run(bound[i].bindings)
      built.forEach((b, i) => {
        expect(bound[i].collect().map(bitsOf)).toEqual(b.run(executor).map(bitsOf))
      })
      for (const program of loaded) program.dispose()
    })

    test('refuses a plan larger than memory before anything runs', () => {
      const { program } = new ProgramBuilder().finish()
      expect(() => executor.load({ ...program, arenaBytes: 2 ** 45 })).toThrow(
        expect.objectContaining({ code: 'MEMORY' }),
      )
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

function expectClose(actual: TypedArray[], wanted: TypedArray[], tolerance: number): void {
  expect(actual.length).toBe(wanted.length)
  for (let k = 0; k < actual.length; k++) {
    const unit = actual[k] instanceof Float32Array ? epsilon.float32 : epsilon.float64
    const isInteger = actual[k] instanceof Int32Array || actual[k] instanceof Uint8Array
    for (let i = 0; i < wanted[k].length; i++) {
      const [a, e] = [actual[k][i], wanted[k][i]]
      if (Object.is(a, e) || a === e) continue
      const error = Math.abs(a - e)
      if (!isInteger && error <= tolerance * unit * (1 + Math.abs(e))) continue
      throw new Error(`result ${k}, element ${i}: expected ${e}, received ${a}`)
    }
  }
}
