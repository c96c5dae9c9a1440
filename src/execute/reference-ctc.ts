// Connectionist temporal classification for the reference executor (Graves, Fernández, Gomez and
// Schmidhuber 2006): alpha and beta over the labels with blanks between them, as logarithms.

import type { TypedArray } from '../base/dtype.js'
import type {
  AlignmentParts,
  CtcLossGradientInstruction,
  CtcLossInstruction,
} from '../compile/program.js'
import { indexOutOfRange } from './faults.js'

type Arrays = readonly TypedArray[]

const never = Number.NEGATIVE_INFINITY

interface Row {
  readonly steps: number
  /** Classes of the states: blank, label, blank, …, label, blank. */
  readonly states: readonly number[]
  /** Log-probabilities [steps][classes]. */
  readonly logs: readonly (readonly number[])[]
}

function rowOf(k: AlignmentParts, arrays: Arrays, b: number, label: string): Row {
  const [logits, labels, inputLengths, labelLengths] = [
    arrays[k.logits],
    arrays[k.labels],
    arrays[k.inputLengths],
    arrays[k.labelLengths],
  ]
  const steps = inputLengths[b]
  const count = labelLengths[b]
  if (!(steps >= 0 && steps <= k.steps && count >= 0 && count <= k.mostLabels))
    throw indexOutOfRange(label)
  const states = [k.blank]
  for (let i = 0; i < count; i++) {
    const c = labels[b * k.mostLabels + i]
    if (!(c >= 0 && c < k.classes) || c === k.blank) throw indexOutOfRange(label)
    states.push(c, k.blank)
  }
  const logs = Array.from({ length: steps }, (_, t) => {
    const from = (b * k.steps + t) * k.classes
    const x = Array.from(logits.subarray(from, from + k.classes))
    const all = logSum(x)
    return x.map(value => value - all)
  })
  return { steps, states, logs }
}

function logSum(values: readonly number[]): number {
  const most = values.reduce((a, b) => Math.max(a, b), never)
  if (most === never) return never
  return most + Math.log(values.reduce((sum, v) => sum + Math.exp(v - most), 0))
}

const mayPass = (states: readonly number[], s: number) => s % 2 === 1 && states[s] !== states[s - 2]

/** alpha[t][s]: the first t + 1 steps spell the first states and end in s. */
function forward({ steps, states, logs }: Row): number[][] {
  const alpha: number[][] = []
  for (let t = 0; t < steps; t++) {
    const before = alpha[t - 1]
    alpha.push(
      states.map((c, s) => {
        if (before === undefined) return s < 2 ? logs[0][c] : never
        const from = [before[s]]
        if (s >= 1) from.push(before[s - 1])
        if (s >= 2 && mayPass(states, s)) from.push(before[s - 2])
        return logSum(from) + logs[t][c]
      }),
    )
  }
  return alpha
}

/** beta[t][s]: from state s at step t, the steps after t spell the rest. */
function backward({ steps, states, logs }: Row): number[][] {
  const beta = new Array<number[]>(steps)
  const last = states.length - 1
  for (let t = steps - 1; t >= 0; t--)
    beta[t] = states.map((_, s) => {
      if (t === steps - 1) return s >= last - 1 ? 0 : never
      const to = (at: number) => beta[t + 1][at] + logs[t + 1][states[at]]
      const paths = [to(s)]
      if (s + 1 <= last) paths.push(to(s + 1))
      if (s + 2 <= last && mayPass(states, s + 2)) paths.push(to(s + 2))
      return logSum(paths)
    })
  return beta
}

/** log p of the labels. */
function likelihood(row: Row, alpha: readonly (readonly number[])[]): number {
  if (row.steps === 0) return row.states.length === 1 ? 0 : never
  return logSum(alpha[row.steps - 1].slice(-2))
}

export function runCtcLoss(k: CtcLossInstruction, arrays: Arrays, label: string): void {
  for (let b = 0; b < k.batch; b++) {
    const row = rowOf(k, arrays, b, label)
    const logP = likelihood(row, forward(row))
    arrays[k.target][b] = logP === never && k.zeroInfinity ? 0 : -logP
  }
}

export function runCtcLossGradient(
  k: CtcLossGradientInstruction,
  arrays: Arrays,
  label: string,
): void {
  const target = arrays[k.target].fill(0)
  for (let b = 0; b < k.batch; b++) {
    const row = rowOf(k, arrays, b, label)
    const alpha = forward(row)
    const beta = backward(row)
    const logP = likelihood(row, alpha)
    if (logP === never && k.zeroInfinity) continue
    const u = arrays[k.upstream][b * k.upstreamStride]
    for (let t = 0; t < row.steps; t++) {
      const posterior = new Array<number>(k.classes).fill(0)
      row.states.forEach((c, s) => {
        posterior[c] += Math.exp(alpha[t][s] + beta[t][s] - logP)
      })
      for (let c = 0; c < k.classes; c++)
        target[(b * k.steps + t) * k.classes + c] =
          logP === never ? Number.NaN : (Math.exp(row.logs[t][c]) - posterior[c]) * u
    }
  }
}
