// One machine for each pair of classes, as in LIBSVM: the pairs' problems, what they learn put together,
// and votes.

import { AthanorError } from '../../base/errors.js'
import { Random } from '../../base/philox.js'
import type { AnyMatrix, ClassifierTraining } from '../../estimator/base-classifier.js'
import { joinedIds, type SvmProblem, type SvmSolution } from './machine.js'
import { fitSigmoid, type Sigmoid } from './platt.js'
import type { ScoreRule } from './support-vectors.js'

/** Folds whose decision values the sigmoids are fitted on. */
const folds = 5

/** Pairs of classes in LIBSVM's order: (0, 1), (0, 2), …, (1, 2), …; the first one's rows are +1. */
export function pairsOf(classes: number): [number, number][] {
  const pairs: [number, number][] = []
  for (let i = 0; i < classes; i++) for (let j = i + 1; j < classes; j++) pairs.push([i, j])
  return pairs
}

/** Rows of each class that count, in their order. */
export function rowsByClass(
  { operation, codes, classes, labels }: ClassifierTraining<AnyMatrix>,
  bounds: Float64Array,
): Int32Array[] {
  const rows: number[][] = Array.from({ length: classes }, () => [])
  for (let i = 0; i < codes.length; i++) if (bounds[i] > 0) rows[codes[i]].push(i)
  const empty = rows.findIndex(own => own.length === 0)
  if (empty >= 0)
    throw new AthanorError('DATA', {
      operation,
      expected: 'rows of every class with a weight above 0',
      received: `none of ${labels[empty]}`,
    })
  return rows.map(own => Int32Array.from(own))
}

/** The problem of rows of which the first `firsts` belong to the pair's first class. */
function pairProblem(
  rows: Int32Array,
  isFirst: (place: number) => boolean,
  bounds: Float64Array,
  asked?: Int32Array,
): SvmProblem {
  const count = rows.length
  const target = new Float64Array(count)
  const low = new Float64Array(count)
  const high = new Float64Array(count)
  for (let p = 0; p < count; p++) {
    const first = isFirst(p)
    target[p] = first ? 1 : -1
    if (first) high[p] = bounds[rows[p]]
    else low[p] = -bounds[rows[p]]
  }
  return { rows, target, low, high, asked }
}

/** `bounds` are what |β| of a row may reach: C times its weight. */
export function pairProblems(byClass: readonly Int32Array[], bounds: Float64Array): SvmProblem[] {
  return pairsOf(byClass.length).map(([i, j]) => {
    const rows = joinedIds([byClass[i], byClass[j]])
    return pairProblem(rows, place => place < byClass[i].length, bounds)
  })
}

/** A pair's rows in random order, cut into folds; each fold is asked of a machine that knows the others. */
export interface PairFolds {
  readonly problems: SvmProblem[]
  readonly rows: Int32Array[]
}

export function pairFolds(
  byClass: readonly Int32Array[],
  bounds: Float64Array,
  seed: number,
): PairFolds[] {
  return pairsOf(byClass.length).map(([i, j], pair) => {
    const firsts = new Set(byClass[i])
    const rows = new Random(seed, pair).shuffle(joinedIds([byClass[i], byClass[j]]))
    const held: Int32Array[] = []
    const problems: SvmProblem[] = []
    for (let fold = 0; fold < folds; fold++) {
      const from = Math.floor((fold * rows.length) / folds)
      const to = Math.floor(((fold + 1) * rows.length) / folds)
      const others = joinedIds([rows.subarray(0, from), rows.subarray(to)])
      const asked = rows.slice(from, to)
      if (asked.length === 0) continue
      held.push(asked)
      problems.push(pairProblem(others, place => firsts.has(others[place]), bounds, asked))
    }
    return { problems, rows: held }
  })
}

/** The sigmoid of a pair from the decision values of its folds. */
export function pairSigmoid(
  { problems, rows }: PairFolds,
  solutions: readonly SvmSolution[],
  codes: Int32Array,
  first: number,
): Sigmoid {
  const decisions: number[] = []
  const isFirst: boolean[] = []
  solutions.forEach(({ decisions: values }, fold) => {
    // A machine that knew one class alone can only say that one.
    const { target } = problems[fold]
    const only = target.every(y => y === target[0]) ? (target[0] ?? 0) : undefined
    rows[fold].forEach((row, i) => {
      decisions.push(only ?? values[i])
      isFirst.push(codes[row] === first)
    })
  })
  return fitSigmoid(decisions, isFirst)
}

export interface PairMachines {
  /** Rows with a coefficient in some pair, class by class. */
  readonly support: Int32Array
  readonly nSupport: Int32Array
  /** Row-major `(classes − 1) × support vectors`. */
  readonly dualCoef: Float64Array
  /** One a pair. */
  readonly intercept: Float64Array
}

/** Coefficients as scikit-learn lays them out; with two classes those of the second one's side. */
export function combinePairs(
  byClass: readonly Int32Array[],
  solutions: readonly SvmSolution[],
): PairMachines {
  const classes = byClass.length
  const pairs = pairsOf(classes)
  const used = byClass.map(rows => new Uint8Array(rows.length))
  pairs.forEach(([i, j], pair) => {
    const { beta } = solutions[pair]
    const firsts = byClass[i].length
    for (let p = 0; p < beta.length; p++)
      if (beta[p] !== 0) used[p < firsts ? i : j][p < firsts ? p : p - firsts] = 1
  })
  const support: number[] = []
  const nSupport = new Int32Array(classes)
  const placeOf = byClass.map((rows, k) => {
    const places = new Int32Array(rows.length)
    for (let p = 0; p < rows.length; p++) {
      if (used[k][p] === 0) continue
      places[p] = support.length
      support.push(rows[p])
      nSupport[k]++
    }
    return places
  })
  const count = support.length
  const dualCoef = new Float64Array((classes - 1) * count)
  pairs.forEach(([i, j], pair) => {
    const { beta } = solutions[pair]
    const firsts = byClass[i].length
    for (let p = 0; p < beta.length; p++) {
      if (beta[p] === 0) continue
      const isFirst = p < firsts
      const set = isFirst ? j - 1 : i
      const place = isFirst ? placeOf[i][p] : placeOf[j][p - firsts]
      dualCoef[set * count + place] = classes === 2 ? -beta[p] : beta[p]
    }
  })
  const intercept = Float64Array.from(solutions, ({ rho }) => (classes === 2 ? rho : -rho))
  return { support: Int32Array.from(support), nSupport, dualCoef, intercept }
}

/** How each pair's decision is a sum over support vectors of its two classes. */
export function pairRule({ nSupport, dualCoef, intercept }: PairMachines): ScoreRule {
  const classes = nSupport.length
  const starts = new Int32Array(classes + 1)
  for (let k = 0; k < classes; k++) starts[k + 1] = starts[k] + nSupport[k]
  const segments = pairsOf(classes).flatMap(([i, j], pair) => [
    [pair, j - 1, starts[i], starts[i + 1]] as const,
    [pair, i, starts[j], starts[j + 1]] as const,
  ])
  return { outputs: intercept.length, coefficients: dualCoef, biases: intercept, segments }
}

/** Votes of the pairs, decisions above 0 for the first class; of equal counts the lower class. */
export function votesOf(decisions: Float64Array, classes: number): Int32Array {
  const pairs = pairsOf(classes)
  const rows = decisions.length / pairs.length
  const winners = new Int32Array(rows)
  const votes = new Int32Array(classes)
  for (let row = 0; row < rows; row++) {
    votes.fill(0)
    pairs.forEach(([i, j], pair) => {
      votes[decisions[row * pairs.length + pair] > 0 ? i : j]++
    })
    for (let k = 1; k < classes; k++) if (votes[k] > votes[winners[row]]) winners[row] = k
  }
  return winners
}

/** One score a class: its votes, and within equal votes what the pairs' decisions add up to. */
export function oneVersusRest(decisions: Float64Array, classes: number): Float64Array {
  const pairs = pairsOf(classes)
  const rows = decisions.length / pairs.length
  const out = new Float64Array(rows * classes)
  const sums = new Float64Array(classes)
  for (let row = 0; row < rows; row++) {
    sums.fill(0)
    pairs.forEach(([i, j], pair) => {
      const decision = decisions[row * pairs.length + pair]
      sums[i] += decision
      sums[j] -= decision
      out[row * classes + (decision < 0 ? j : i)]++
    })
    for (let k = 0; k < classes; k++)
      out[row * classes + k] += sums[k] / (3 * (Math.abs(sums[k]) + 1))
  }
  return out
}
