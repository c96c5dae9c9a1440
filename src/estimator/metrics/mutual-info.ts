// What one clustering tells about the other: mutual information, normalised by the entropies, and
// adjusted for chance (Vinh, Epps & Bailey 2010); homogeneity, completeness and their mean, the
// V-measure (Rosenberg & Hirschberg 2007).

import type { Labels } from '../../base/label.js'
import { noOptions, OptionTable } from '../../base/options.js'
import { numberIn, oneOf } from '../../base/value-kinds.js'
import { type Contingency, contingencyOf } from './contingency.js'
import { expectedMutualInfo } from './expected-mutual-info.js'

/** Options of `normalizedMutualInfo` and `adjustedMutualInfo`. */
export interface MutualInfoOptions {
  /** Which mean of the two entropies stands below. Default: `arithmetic`. */
  readonly averageMethod?: 'min' | 'geometric' | 'arithmetic' | 'max'
}

const mutualInfoOptions = new OptionTable<MutualInfoOptions>({
  averageMethod: oneOf(['min', 'geometric', 'arithmetic', 'max']),
})

const means: Record<
  NonNullable<MutualInfoOptions['averageMethod']>,
  (a: number, b: number) => number
> = {
  min: Math.min,
  geometric: (a, b) => Math.sqrt(a * b),
  arithmetic: (a, b) => (a + b) / 2,
  max: Math.max,
}

/** −Σ p ln p of counts. */
function entropy(counts: Float64Array, rows: number): number {
  if (counts.length === 1) return 0
  let sum = 0
  for (const count of counts) sum -= (count / rows) * (Math.log(count) - Math.log(rows))
  return sum
}

function informationOf({ rows, ofClass, ofCluster, ...cells }: Contingency): number {
  if (ofClass.length === 1 || ofCluster.length === 1) return 0
  const { cellClass, cellCluster, cellRows } = cells
  let sum = 0
  for (let i = 0; i < cellRows.length; i++) {
    const expected = ofClass[cellClass[i]] * ofCluster[cellCluster[i]]
    const share = cellRows[i] / rows
    const term = share * (Math.log(cellRows[i]) + Math.log(rows) - Math.log(expected))
    if (Math.abs(term) >= 2 ** -52) sum += term
  }
  return Math.max(0, sum)
}

/**
 * Mutual information of classes and clusters, in nats, 0 or more. As scikit-learn's
 * `mutual_info_score`.
 *
 * @throws AthanorError as `contingencyMatrix`.
 * @example
 * ```ts
 * mutualInfo([0, 0, 1, 1], [0, 0, 1, 1]) // 0.693…
 * ```
 */
export function mutualInfo(labelsTrue: Labels, labelsPred: Labels, options: object = {}): number {
  noOptions.check('mutualInfo', options)
  return informationOf(contingencyOf('mutualInfo', labelsTrue, labelsPred))
}

/**
 * Mutual information ÷ a mean of the two entropies, from 0 to 1. Many small clusters raise it by chance;
 * `adjustedMutualInfo` takes that away. As scikit-learn's `normalized_mutual_info_score`.
 *
 * @throws AthanorError as `contingencyMatrix`.
 * @example
 * ```ts
 * normalizedMutualInfo(['a', 'a', 'b', 'b'], [0, 0, 1, 2]) // 0.8
 * ```
 */
export function normalizedMutualInfo(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: MutualInfoOptions = {},
): number {
  const operation = 'normalizedMutualInfo'
  const { averageMethod = 'arithmetic' } = mutualInfoOptions.check(operation, options)
  const table = contingencyOf(operation, labelsTrue, labelsPred)
  const { rows, ofClass, ofCluster } = table
  if (ofClass.length === 1 && ofCluster.length === 1) return 1
  const information = informationOf(table)
  if (information === 0) return 0
  return information / means[averageMethod](entropy(ofClass, rows), entropy(ofCluster, rows))
}

/**
 * Mutual information less what random clusters of these sizes would have, ÷ the most it could be less
 * that: 1 is the same clustering, 0 chance. As scikit-learn's `adjusted_mutual_info_score`.
 *
 * @throws AthanorError as `contingencyMatrix`.
 * @example
 * ```ts
 * adjustedMutualInfo([0, 0, 1, 1], [0, 0, 1, 2]) // 0.571…
 * ```
 */
export function adjustedMutualInfo(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: MutualInfoOptions = {},
): number {
  const operation = 'adjustedMutualInfo'
  const { averageMethod = 'arithmetic' } = mutualInfoOptions.check(operation, options)
  const table = contingencyOf(operation, labelsTrue, labelsPred)
  const { rows, ofClass, ofCluster } = table
  if (ofClass.length === 1 && ofCluster.length === 1) return 1
  if (ofClass.length === 1 || ofCluster.length === 1) return 0
  const chance = expectedMutualInfo(ofClass, ofCluster, rows)
  const most = means[averageMethod](entropy(ofClass, rows), entropy(ofCluster, rows))
  return awayFromZero(informationOf(table) - chance) / awayFromZero(most - chance)
}

/** Where both differences vanish (every row a cluster of its own) the quotient is 1. */
function awayFromZero(value: number): number {
  return value < 0 ? Math.min(value, -(2 ** -52)) : Math.max(value, 2 ** -52)
}

/** The three measures. */
export interface VMeasures {
  /** Each cluster holds one class alone: 1. */
  readonly homogeneity: number
  /** Each class lies in one cluster alone: 1. */
  readonly completeness: number
  /** Their harmonic mean. */
  readonly vMeasure: number
}

/** Options of `vMeasure`. */
export interface VMeasureOptions {
  /** How many times completeness counts as much as homogeneity. Default: 1. */
  readonly beta?: number
}

const vMeasureOptions = new OptionTable<VMeasureOptions>({ beta: numberIn({ min: 0 }) })

function measures(operation: string, labelsTrue: Labels, labelsPred: Labels, beta = 1): VMeasures {
  const table = contingencyOf(operation, labelsTrue, labelsPred)
  const information = informationOf(table)
  const ofClasses = entropy(table.ofClass, table.rows)
  const ofClusters = entropy(table.ofCluster, table.rows)
  const homogeneity = ofClasses === 0 ? 1 : information / ofClasses
  const completeness = ofClusters === 0 ? 1 : information / ofClusters
  const both = homogeneity + completeness
  return {
    homogeneity,
    completeness,
    vMeasure:
      both === 0
        ? 0
        : ((1 + beta) * homogeneity * completeness) / (beta * homogeneity + completeness),
  }
}

/**
 * Homogeneity, completeness and V-measure at once. As scikit-learn's
 * `homogeneity_completeness_v_measure`.
 *
 * @throws AthanorError as `contingencyMatrix`; ARGUMENT for a `beta` below 0.
 * @example
 * ```ts
 * homogeneityCompletenessVMeasure([0, 0, 1, 1], [0, 0, 1, 2]).completeness // 0.666…
 * ```
 */
export function homogeneityCompletenessVMeasure(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: VMeasureOptions = {},
): VMeasures {
  const operation = 'homogeneityCompletenessVMeasure'
  const { beta } = vMeasureOptions.check(operation, options)
  return measures(operation, labelsTrue, labelsPred, beta)
}

/**
 * 1 where each cluster holds rows of one class alone: mutual information ÷ entropy of the classes.
 * As scikit-learn's `homogeneity_score`.
 *
 * @throws AthanorError as `contingencyMatrix`.
 * @example
 * ```ts
 * homogeneity([0, 0, 1, 1], [0, 0, 1, 2]) // 1
 * ```
 */
export function homogeneity(labelsTrue: Labels, labelsPred: Labels, options: object = {}): number {
  noOptions.check('homogeneity', options)
  return measures('homogeneity', labelsTrue, labelsPred).homogeneity
}

/**
 * 1 where the rows of each class lie in one cluster: mutual information ÷ entropy of the clusters.
 * As scikit-learn's `completeness_score`.
 *
 * @throws AthanorError as `contingencyMatrix`.
 * @example
 * ```ts
 * completeness([0, 0, 1, 1], [0, 0, 0, 0]) // 1
 * ```
 */
export function completeness(labelsTrue: Labels, labelsPred: Labels, options: object = {}): number {
  noOptions.check('completeness', options)
  return measures('completeness', labelsTrue, labelsPred).completeness
}

/**
 * The harmonic mean of homogeneity and completeness. As scikit-learn's `v_measure_score`.
 *
 * @throws AthanorError as `contingencyMatrix`; ARGUMENT for a `beta` below 0.
 * @example
 * ```ts
 * vMeasure([0, 0, 1, 1], [0, 0, 1, 2]) // 0.8
 * ```
 */
export function vMeasure(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: VMeasureOptions = {},
): number {
  const { beta } = vMeasureOptions.check('vMeasure', options)
  return measures('vMeasure', labelsTrue, labelsPred, beta).vMeasure
}
