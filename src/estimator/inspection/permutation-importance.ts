// How much a model's score falls when one column's values are shuffled: Breiman 2001, "Random forests";
// Fisher, Rudin & Dominici 2019.

import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { aFunction, either, numberIn, tested, wholeNumber } from '../../base/value-kinds.js'
import { throwIfAborted } from '../../execute/jobs.js'
import type { Estimator, FitProgress } from '../contract.js'
import type { FeaturesLike } from '../matrix.js'
import { RowSet, takeLabels } from '../row-set.js'
import { type Scoring, scorerOf, someScoring } from '../scoring.js'
import type { Targets } from '../targets.js'

/** Options of `permutationImportance`. */
export interface PermutationImportanceOptions {
  /** What is measured; the estimator's own `score` by default. */
  readonly scoring?: Scoring
  /** Times that each column is shuffled. Default: 5. */
  readonly nRepeats?: number
  /** Seed of the shuffles. Default: 0. */
  readonly randomState?: number
  readonly sampleWeight?: ArrayLike<number>
  /** Rows to look at, drawn by the seed: a number, or a share as a fraction. Default: all. */
  readonly maxSamples?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: FitProgress) => void
}

const options = new OptionTable<PermutationImportanceOptions>({
  scoring: someScoring,
  nRepeats: wholeNumber({ min: 1 }),
  randomState: wholeNumber({ min: 0 }),
  sampleWeight: tested('weights, one a row', value => typeof value === 'object' && value !== null),
  maxSamples: either(wholeNumber({ min: 1 }), numberIn({ above: 0, max: 1 })),
  signal: tested('an AbortSignal', value => value instanceof AbortSignal),
  onProgress: aFunction(),
})

/** What `permutationImportance` gives, by column. */
export interface PermutationImportance {
  readonly names: readonly string[]
  /** The loss of score in each repeat. */
  readonly importances: readonly Float64Array[]
  readonly importancesMean: Float64Array
  readonly importancesStd: Float64Array
  /** The score of the rows as they are. */
  readonly score: number
}

/**
 * The loss of score when one column at a time is shuffled, on rows that the model should not have
 * learned from. As scikit-learn's `permutation_importance`. Of two columns that say the same, neither
 * looks important.
 *
 * @throws AthanorError STATE before fit; SHAPE, DATA, ARGUMENT for rows, targets and options that
 * don't fit; INTERRUPTED after `signal`.
 * @example
 * ```ts
 * const rows = Array.from({ length: 40 }, (_, i) => [i, (i * 7) % 5])
 * const model = await new Ridge().fit(rows, rows.map(([v]) => 2 * v))
 * const { importancesMean } = await permutationImportance(model, rows, rows.map(([v]) => 2 * v))
 * console.log(importancesMean[0] > importancesMean[1]) // true
 * ```
 */
export async function permutationImportance(
  estimator: Estimator,
  x: FeaturesLike,
  y: Targets,
  given: PermutationImportanceOptions = {},
): Promise<PermutationImportance> {
  const operation = 'permutationImportance'
  const {
    scoring,
    nRepeats = 5,
    randomState = 0,
    maxSamples,
    signal,
    onProgress,
  } = options.check(operation, given)
  const all = await RowSet.of(operation, x)
  const random = new Random(randomState, 0x706572)
  const kept = sampled(all.rows, maxSamples, random)
  const set = kept === undefined ? all : all.subset(kept)
  const targets = await all.targets(y)
  const truth = kept === undefined ? targets : takeLabels(targets, kept)
  const weight = given.sampleWeight
  const sampleWeight =
    weight === undefined || kept === undefined
      ? weight
      : Float64Array.from(kept, row => weight[row])
  const score = scorerOf(operation, scoring, estimator)
  const base = await score(estimator, set.x, truth, { sampleWeight })
  const names = set.names.filter(name => typeof y !== 'string' || name !== y)
  const importances: Float64Array[] = []
  for (const [i, name] of names.entries()) {
    const place = set.placeOf(name)
    const losses = new Float64Array(nRepeats)
    for (let repeat = 0; repeat < nRepeats; repeat++) {
      throwIfAborted(operation, signal)
      const order = random.shuffle(Uint32Array.from({ length: set.rows }, (_, r) => r))
      losses[repeat] =
        base - (await score(estimator, set.permuted(place, order), truth, { sampleWeight }))
      onProgress?.({
        fraction: (i * nRepeats + repeat + 1) / (names.length * nRepeats),
        iteration: i,
        loss: 0,
      })
    }
    importances.push(losses)
  }
  return {
    names,
    importances,
    importancesMean: Float64Array.from(importances, meanOf),
    importancesStd: Float64Array.from(importances, values => {
      const mean = meanOf(values)
      return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
    }),
    score: base,
  }
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Rows without repeats, ascending; undefined for all. */
function sampled(rows: number, most: number | undefined, random: Random): Uint32Array | undefined {
  if (most === undefined) return undefined
  const count =
    most <= 1 && most > 0 && !(Number.isInteger(most) && most > 1)
      ? Math.max(1, Math.floor(most * rows))
      : most
  if (count >= rows) return undefined
  const order = random.shuffle(Uint32Array.from({ length: rows }, (_, r) => r))
  return order.slice(0, count).sort()
}
