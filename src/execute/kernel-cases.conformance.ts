// Programs for every instruction but the fused one: matmul, copies, gathers, scans, softmax, sources.

import { sizeOf, stridesOf } from '../base/shape.js'
import type { MatmulInstruction } from '../compile/program.js'
import {
  all,
  type Case,
  floats,
  noise,
  numbers,
  type ProgramBuilder,
  valuesFor,
  wholeNumbers,
} from './program-builder.conformance.js'
import { recurrentCases } from './recurrent-cases.conformance.js'

export function kernelCases(): Case[] {
  return [
    ...matmulCases(),
    ...copyCases(),
    ...indexCases(),
    ...scanCases(),
    ...recurrentCases(),
    ...softmaxCases(),
    ...alignmentCases(),
    ...sourceCases(),
  ]
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

function alignmentCases(): Case[] {
  const shapes = [
    [0, 4, 3, 2],
    [1, 1, 2, 0],
    [3, 12, 5, 4],
    [2, 40, 33, 9],
    [5, 7, 3, 6],
  ] as const
  return shapes.flatMap(([batch, steps, classes, mostLabels]) =>
    floats.flatMap(dtype =>
      [true, false].map(zeroInfinity => ({
        name: `ctcLoss and its gradient ${dtype} [${batch}, ${steps}, ${classes}], ${mostLabels} labels${zeroInfinity ? ', ∞ = 0' : ''}`,
        tolerance: 64,
        build: (b: ProgramBuilder) => {
          const parts = {
            ...{ dtype, batch, steps, classes, mostLabels, blank: classes - 1, zeroInfinity },
            logits: b.input(
              dtype,
              noise(batch * steps * classes).map(x => x * 4),
            ),
            labels: b.input('int32', wholeNumbers(batch * mostLabels, classes - 1, 5)),
            inputLengths: b.input('int32', wholeNumbers(batch, steps + 1, 6)),
            labelLengths: b.input('int32', wholeNumbers(batch, mostLabels + 1, 7)),
          }
          b.push({ kind: 'ctcLoss', ...parts, target: b.output(dtype, batch) })
          for (const upstreamStride of [0, 1] as const) {
            const upstream = b.input(dtype, noise(upstreamStride === 0 ? 1 : batch, 4))
            const target = b.output(dtype, batch * steps * classes)
            b.push({ kind: 'ctcLossGradient', ...parts, upstream, upstreamStride, target })
          }
        },
      })),
    ),
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
