// Programs that hold fused kernels to account: every operation, type, layout and reduction.

import { isFloat } from '../base/dtype.js'
import { type RegisterOp, registerCode } from '../graph/opcodes.js'
import {
  all,
  type Case,
  floats,
  fused,
  noise,
  numbers,
  type ProgramBuilder,
  valuesFor,
} from './program-builder.conformance.js'

export function fusedCases(): Case[] {
  return [
    ...unaryCases(),
    ...binaryCases(),
    ...layoutCases(),
    ...optimizerCases(),
    ...reduceCases(),
  ]
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

/** Register programs that kernels may have compiled whole, over lengths with and without a tail. */
function optimizerCases(): Case[] {
  const moments = [
    ['subtract', 0, 0, 1],
    ['multiplyAdd', 0, 9, 6, 1],
    ['square', 1, 0],
    ['subtract', 1, 10, 2],
    ['multiplyAdd', 1, 10, 7, 2],
  ] as const
  const step = [
    ['sqrt', 3, 10],
    ['add', 3, 12, 8],
    ['divide', 3, 11, 12],
  ] as const
  const programs = {
    Adam: [...moments, ['multiply', 2, 9, 3], ...step, ['subtract', 3, 5, 12]],
    AdamW: [
      ...moments,
      ['multiply', 4, 5, 4],
      ['subtract', 4, 5, 13],
      ['multiply', 2, 9, 3],
      ...step,
      ['subtract', 3, 13, 12],
    ],
    momentum: [
      ['multiply', 0, 1, 6],
      ['multiply', 1, 0, 3],
      ['subtract', 1, 9, 10],
      ['negate', 0, 10],
      ['subtract', 0, 5, 9],
    ],
  } as const
  const outputs = { Adam: [9, 10, 12], AdamW: [9, 10, 12], momentum: [10, null, 9] }
  return (['Adam', 'AdamW', 'momentum'] as const).flatMap(name =>
    floats.flatMap(computeType =>
      [1, 24, 2059].map(length => ({
        name: `fused ${name} ${computeType} of ${length}`,
        tolerance: 16,
        build: (b: ProgramBuilder) => {
          const gradient = b.input(computeType, noise(length))
          const mean = b.state(computeType, noise(length, 2))
          const variance = b.state(computeType, noise(length, 3).map(Math.abs))
          const rate = b.input(computeType, [0.01])
          const decay = b.input(computeType, [0.001])
          const weight = b.state(computeType, noise(length, 4))
          const targets = [mean, variance, weight]
          b.push(
            fused({
              computeType,
              shape: [length],
              inputs: [
                gradient,
                mean,
                variance,
                { buffer: rate, strides: [0] },
                { buffer: decay, strides: [0] },
                weight,
              ],
              constants: [0.1, 0.001, 1e-7],
              lines: programs[name],
              outputs: outputs[name].flatMap((from, k) =>
                from === null ? [] : [[targets[k], from] as const],
              ),
            }),
          )
        },
      })),
    ),
  )
}

function layoutCases(): Case[] {
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
