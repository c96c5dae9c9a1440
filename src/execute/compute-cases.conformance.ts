// The paths that heavy kernels choose between by size and layout: packed and unpacked products, tiles
// that cut rows or hold several, reductions in chunks; and numbers at the edges of the float range.

import { type RegisterOp, registerCode } from '../graph/opcodes.js'
import {
  type Case,
  floats,
  fused,
  noise,
  type ProgramBuilder,
  valuesFor,
  wholeNumbers,
} from './program-builder.conformance.js'

export function computeCases(): Case[] {
  return [...specialValueCases(), ...broadcastCases(), ...reduceCases(), ...matmulCases()]
}

const edges = [
  ...[0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, 1e-7, -1e-7, 1e-20, -1e-20, 20, -20, 80, -80],
  ...[100, -100, 8388609, -8388609, 1e10, -1e10, 3e38, -3e38, Number.POSITIVE_INFINITY],
  ...[Number.NEGATIVE_INFINITY, Number.NaN],
]

function specialValueCases(): Case[] {
  const cases: Case[] = []
  for (const [name, code] of Object.entries(registerCode)) {
    const op = name as RegisterOp
    const operands = code < 32 ? 1 : code < 64 ? 2 : 3
    for (const computeType of floats) {
      cases.push({
        name: `fused ${op} ${computeType} at the edges of the range`,
        tolerance: 8,
        build: b => {
          const pairs =
            operands === 1 ? edges.map(x => [x, x]) : edges.flatMap(x => edges.map(y => [x, y]))
          const x = b.input(
            computeType,
            pairs.map(pair => pair[0]),
          )
          const y = b.input(
            computeType,
            pairs.map(pair => pair[1]),
          )
          const z = b.output(computeType, pairs.length)
          const from = [0, 1, operands === 3 && op === 'where' ? 0 : 1].slice(0, operands)
          // a · b + c may be rounded once or twice: keep its product exact.
          if (op === 'multiplyAdd') from[1] = 2
          const lines = [[op, 0, ...from]] as const
          b.push(
            fused({
              computeType,
              shape: [pairs.length],
              inputs: [x, y],
              constants: [0.5],
              lines,
              outputs: [[z, 3]],
            }),
          )
        },
      })
    }
  }
  return cases
}

function broadcastCases(): Case[] {
  const shapes = [
    [37, 3],
    [5, 300],
    [3, 700],
    [2, 1033],
    [600, 2],
    [1, 511],
    [7, 64],
  ] as const
  const cases: Case[] = shapes.map(([rows, columns]) => ({
    name: `fused adds a row and a column over [${rows}, ${columns}]`,
    tolerance: 2,
    build: b => {
      const x = b.input('float32', noise(rows * columns))
      const row = b.input('float32', noise(columns, 2))
      const column = b.input('float32', noise(rows, 3))
      const mask = b.input('bool', wholeNumbers(columns, 2, 4))
      const y = b.output('float32', rows * columns)
      const z = b.output('int32', rows * columns)
      b.push(
        fused({
          shape: [rows, columns],
          inputs: [
            x,
            { buffer: row, strides: [0, 1] },
            { buffer: column, strides: [1, 0] },
            { buffer: mask, strides: [0, 1] },
          ],
          lines: [
            ['add', 0, 0, 1],
            ['multiply', 0, 4, 2],
            ['where', 1, 3, 4, 0],
            ['greater', 0, 4, 2],
          ],
          outputs: [
            [y, 5],
            [z, 4],
          ],
        }),
      )
    },
  }))
  const box = [4, 5, 6, 7] as const
  for (const strides of [
    [210, 42, 7, 1],
    [0, 7, 0, 1],
    [5, 1, 0, 0],
    [0, 0, 1, 0],
    [1, 4, 20, 120],
    [0, 6, 1, 0],
    [42, 0, 7, 1],
  ]) {
    cases.push({
      name: `fused reads strides [${strides}] over [${box}]`,
      tolerance: 0,
      build: b => {
        const length = 1 + strides.reduce((sum, stride, axis) => sum + stride * (box[axis] - 1), 0)
        const x = b.input('int32', wholeNumbers(length, 1000))
        const y = b.output('float32', 840)
        b.push(
          fused({
            shape: box,
            inputs: [{ buffer: x, strides }],
            constants: [3],
            lines: [['multiply', 0, 0, 1]],
            outputs: [[y, 2]],
          }),
        )
      },
    })
  }
  return cases
}

function reduceCases(): Case[] {
  const cases: Case[] = []
  for (const kind of ['sum', 'max', 'min', 'prod'] as const)
    for (const view of [
      [2, 600, 1],
      [1, 4, 150],
      [3, 5, 1],
      [1, 300, 2],
      [60, 4, 9],
    ] as const)
      cases.push({
        name: `fused ${kind} over [${view}] lets NaN and infinity through`,
        tolerance: 100,
        build: b => {
          const size = view[0] * view[1] * view[2]
          const values = Float64Array.from(noise(size), x => 1 + x / 1000)
          values[3] = Number.NaN
          values[size - 1] = Number.POSITIVE_INFINITY
          const x = b.input('float32', values)
          const y = b.output('float32', view[0] * view[2])
          b.push(fused({ shape: view, inputs: [x], lines: [], outputs: [[y, 0, kind]], view }))
        },
      })
  for (const [rows, columns] of [
    [300, 10],
    [70, 1100],
    [129, 512],
    [40000, 3],
    [3, 40000],
  ] as const)
    for (const axis of [0, 1, 'all'] as const)
      cases.push({
        name: `fused sums x · row · column over axis ${axis} of [${rows}, ${columns}], and keeps it`,
        tolerance: 60,
        build: b => {
          const size = rows * columns
          const x = b.input('float32', noise(size))
          const row = b.input('float32', noise(columns, 2))
          const column = b.input('float64', noise(rows, 3))
          const view =
            axis === 0
              ? ([1, rows, columns] as const)
              : axis === 1
                ? ([rows, columns, 1] as const)
                : ([1, size, 1] as const)
          const kept = view[0] * view[2]
          b.push(
            fused({
              shape: [rows, columns],
              inputs: [x, { buffer: row, strides: [0, 1] }, { buffer: column, strides: [1, 0] }],
              lines: [
                ['multiply', 0, 0, 1],
                ['multiply', 1, 3, 2],
                ['greater', 0, 4, 2],
              ],
              outputs: [
                [b.output('float32', kept), 4, 'sum'],
                [b.output('int32', kept), 3, 'sum'],
                [b.output('float32', kept), 4, 'max'],
                [b.output('float32', size), 4],
              ],
              view,
            }),
          )
        },
      })
  cases.push({
    name: 'fused sum of a million numbers near 1 keeps its digits',
    tolerance: 1,
    build: b => {
      const x = b.input(
        'float32',
        Float64Array.from(noise(1_000_003), n => 1 + n / 100),
      )
      const y = b.output('float32', 1)
      b.push(
        fused({
          shape: [1_000_003],
          inputs: [x],
          lines: [],
          outputs: [[y, 0, 'sum']],
          view: [1, 1_000_003, 1],
        }),
      )
    },
  })
  return cases
}

function matmulCases(): Case[] {
  const cases: Case[] = []
  const add = (
    dtype: 'float32' | 'float64',
    [batch, rows, depth, columns]: readonly [number, number, number, number],
    [leftTurned, rightTurned]: readonly [boolean, boolean],
    activation: RegisterOp = 'copy',
    options: { bias?: boolean; shared?: boolean } = {},
  ) => {
    const ending = `${options.bias ? ' + bias' : ''}${options.shared ? ', one right side' : ''}`
    cases.push({
      name: `matmul ${dtype} ${batch} × [${rows}, ${depth}]${leftTurned ? 'ᵀ' : ''} · [${depth}, ${columns}]${rightTurned ? 'ᵀ' : ''}${ending}, ${activation}`,
      tolerance: 2 * (depth + 10),
      build: (b: ProgramBuilder) => {
        const left = b.input(dtype, valuesFor(dtype, batch * rows * depth))
        const right = b.input(
          dtype,
          valuesFor(dtype, (options.shared ? 1 : batch) * depth * columns, 2),
        )
        const out = b.output(dtype, batch * rows * columns)
        const bias = options.bias ? { bias: b.input(dtype, valuesFor(dtype, columns, 3)) } : {}
        b.push({
          kind: 'matmul',
          dtype,
          batch,
          rows,
          columns,
          depth,
          left: {
            buffer: left,
            batchStride: rows * depth,
            rowStride: leftTurned ? 1 : depth,
            columnStride: leftTurned ? rows : 1,
          },
          right: {
            buffer: right,
            batchStride: options.shared ? 0 : depth * columns,
            rowStride: rightTurned ? 1 : columns,
            columnStride: rightTurned ? depth : 1,
          },
          out,
          ...bias,
          activation,
        })
      },
    })
  }
  const turns = [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const
  for (const dtype of floats)
    for (const turn of turns) {
      add(dtype, [1, 131, 300, 70], turn, 'relu', { bias: true })
      add(dtype, [1, 17, 33, 9], turn, 'tanh', { bias: true })
      add(dtype, [3, 5, 7, 19], turn)
      add(dtype, [1, 1, 257, 40], turn)
      add(dtype, [1, 90, 7, 1], turn, 'sigmoid', { bias: true })
    }
  add('float32', [1, 100, 517, 259], [true, true], 'softplus', { bias: true })
  add('float32', [1, 6, 1000, 300], [false, false], 'relu', { bias: true })
  add('float32', [40, 3, 16, 24], [false, false], 'relu', { bias: true, shared: true })
  add('float32', [2, 120, 130, 140], [false, true])
  add('float64', [2, 3, 0, 5], [false, false], 'exp', { bias: true })
  add('float32', [1, 13, 0, 4], [false, false])
  return cases
}
