// The reference of the recurrent kernels: one row and one step after the other, in float64.

import type { TypedArray } from '../base/dtype.js'
import type { RecurrentGradientInstruction, RecurrentInstruction } from '../compile/program.js'
import { cellParts } from '../graph/recurrence.js'

type Arrays = readonly TypedArray[]

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const range = (n: number) => Array.from({ length: n }, (_, i) => i)

interface Sizes {
  readonly steps: number
  readonly backwards: boolean
}

/** Steps in the order of computation. */
function stepsOf({ steps, backwards }: Sizes): number[] {
  return backwards ? range(steps).reverse() : range(steps)
}

/** [batch, steps, units] planes of a record. */
function planesOf(
  record: TypedArray,
  count: number,
  { batch, steps, units }: RecurrentInstruction | RecurrentGradientInstruction,
) {
  const size = batch * steps * units
  return range(count).map(p => record.subarray(p * size, (p + 1) * size))
}

export function runRecurrent(k: RecurrentInstruction, arrays: Arrays): void {
  const { cell, batch, steps, units } = k
  const { gates, planes } = cellParts[cell]
  const width = gates * units
  const inputs = arrays[k.inputs]
  const kernel = arrays[k.kernel]
  const record = planesOf(arrays[k.target], planes, k)
  for (let b = 0; b < batch; b++) {
    let h = Float64Array.from(arrays[k.hidden].subarray(b * units, (b + 1) * units))
    const c =
      k.cellState === undefined
        ? new Float64Array(units)
        : Float64Array.from(arrays[k.cellState].subarray(b * units, (b + 1) * units))
    for (const t of stepsOf(k)) {
      const row = b * steps + t
      const next = h.slice()
      const keeps = k.mask !== undefined && arrays[k.mask][row] === 0
      const recurrent = (column: number) => {
        let sum = 0
        for (let j = 0; j < units; j++) sum += h[j] * kernel[j * width + column]
        return sum
      }
      for (let j = 0; j < units; j++) {
        const at = row * units + j
        const x = (gate: number) => inputs[row * width + gate * units + j]
        const r = (gate: number) =>
          recurrent(gate * units + j) +
          (k.bias === undefined ? 0 : arrays[k.bias][gate * units + j])
        if (cell === 'lstm') {
          const [i, f, g, o] = range(4).map(gate => x(gate) + r(gate))
          record[2][at] = sigmoid(i)
          record[3][at] = sigmoid(f)
          record[4][at] = Math.tanh(g)
          record[5][at] = sigmoid(o)
          const cell = sigmoid(f) * c[j] + sigmoid(i) * Math.tanh(g)
          if (!keeps) c[j] = cell
          next[j] = sigmoid(o) * Math.tanh(cell)
          record[1][at] = c[j]
        } else if (cell === 'gru') {
          const z = sigmoid(x(0) + r(0))
          const reset = sigmoid(x(1) + r(1))
          const m = r(2)
          const n = Math.tanh(x(2) + reset * m)
          record[1][at] = z
          record[2][at] = reset
          record[3][at] = n
          record[4][at] = m
          next[j] = z * h[j] + (1 - z) * n
        } else next[j] = Math.tanh(x(0) + r(0))
        if (keeps) next[j] = h[j]
        record[0][at] = next[j]
      }
      h = next
    }
  }
}

export function runRecurrentGradient(k: RecurrentGradientInstruction, arrays: Arrays): void {
  const { cell, batch, steps, units } = k
  const { gates, planes } = cellParts[cell]
  const width = gates * units
  const kernel = arrays[k.kernel]
  const record = planesOf(arrays[k.record], planes, k)
  const target = arrays[k.target]
  const rows = batch * steps * width
  const states = cell === 'gru' ? 2 * rows : rows
  const order = stepsOf(k).reverse()
  const upstreamAt = (id: number | undefined, last: boolean, b: number, t: number, j: number) => {
    if (id === undefined || (last && t !== order[0])) return 0
    return arrays[id][last ? b * units + j : (b * steps + t) * units + j]
  }
  for (let b = 0; b < batch; b++) {
    let dh = new Float64Array(units)
    const dc = new Float64Array(units)
    order.forEach((t, n) => {
      const row = b * steps + t
      const before = order[n + 1]
      const stateBefore = (plane: TypedArray, initial: number, j: number) =>
        before === undefined
          ? arrays[initial][b * units + j]
          : plane[(b * steps + before) * units + j]
      const keeps = k.mask !== undefined && arrays[k.mask][row] === 0
      const carried = new Float64Array(units)
      const toKernel = new Float64Array(width)
      for (let j = 0; j < units; j++) {
        const at = row * units + j
        const d = dh[j] + upstreamAt(k.upstream, k.upstreamLast, b, t, j)
        dc[j] += upstreamAt(k.cellUpstream, k.cellUpstreamLast, b, t, j)
        const pre = new Array<number>(gates).fill(0)
        if (keeps) carried[j] = d
        else if (cell === 'lstm') {
          const [i, f, g, o] = record.slice(2).map(plane => plane[at])
          const tanh = Math.tanh(record[1][at])
          const inner = dc[j] + d * o * (1 - tanh * tanh)
          pre[0] = inner * g * i * (1 - i)
          pre[1] = inner * stateBefore(record[1], k.cellState!, j) * f * (1 - f)
          pre[2] = inner * i * (1 - g * g)
          pre[3] = d * tanh * o * (1 - o)
          dc[j] = inner * f
        } else if (cell === 'gru') {
          const [z, r, c, m] = record.slice(1).map(plane => plane[at])
          pre[2] = d * (1 - z) * (1 - c * c)
          pre[0] = d * (stateBefore(record[0], k.hidden, j) - c) * z * (1 - z)
          pre[1] = pre[2] * m * r * (1 - r)
          carried[j] = d * z
        } else pre[0] = d * (1 - record[0][at] * record[0][at])
        for (let gate = 0; gate < gates; gate++) {
          const column = gate * units + j
          const resets = cell === 'gru' && gate === 2 && !keeps
          toKernel[column] = resets ? pre[2] * record[2][at] : pre[gate]
          target[row * width + column] = pre[gate]
          if (cell === 'gru') target[rows + row * width + column] = toKernel[column]
        }
      }
      for (let j = 0; j < units; j++)
        for (let column = 0; column < width; column++)
          carried[j] += toKernel[column] * kernel[j * width + column]
      dh = carried
    })
    for (let j = 0; j < units; j++) {
      target[states + b * units + j] = dh[j]
      if (cell === 'lstm') target[states + (batch + b) * units + j] = dc[j]
    }
  }
}
