// From parameters and rows to trees: the job of kernels/learn/grow-trees.cpp.

import { argumentError } from '../../base/errors.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import { isSparse, type Matrix } from '../../estimator/matrix.js'
import { runJob } from '../../execute/jobs.js'
import type { JobArguments } from '../../execute/open-job.js'
import type { TreeEnsemble } from './tree-ensemble.js'
import { countOf, featureCount, type MaxFeatures, signsOf } from './tree-parameters.js'

/** The kinds of kernels/learn/impurity.h. */
const impurities = {
  gini: 0,
  entropy: 1,
  logLoss: 1,
  squaredError: 2,
  friedmanMse: 2,
  absoluteError: 3,
  poisson: 4,
} as const

/** Parameters as trees and forests have them. */
export interface GrowthParams {
  readonly criterion: keyof typeof impurities
  readonly maxDepth: number | undefined
  readonly minSamplesSplit: number
  readonly minSamplesLeaf: number
  readonly minWeightFractionLeaf: number
  readonly maxFeatures: MaxFeatures
  readonly maxLeafNodes: number | undefined
  readonly minImpurityDecrease: number
  readonly ccpAlpha: number
  readonly monotonicCst: readonly number[] | undefined
  readonly randomState: number
}

export interface SamplingParams {
  readonly nEstimators: number
  readonly bootstrap: boolean
  readonly oobScore: boolean
  readonly maxSamples: number | undefined
}

export interface GrowthCall {
  readonly training: Training<AnyMatrix>
  readonly params: GrowthParams
  /** Thresholds are drawn instead of sought. */
  readonly drawn: boolean
  /** Classes as codes, or numbers. */
  readonly classes: number
  readonly targets: Int32Array | Float64Array
  readonly weights: Float64Array | undefined
  /** For forests. */
  readonly sampling?: SamplingParams
  readonly balancedSubsample?: boolean
  /** What is known of inner nodes too. */
  readonly details?: boolean
  readonly path?: boolean
}

/** What is known of each node of a single tree. */
export interface NodeDetails {
  /** What it would predict: `outputs` numbers a node. */
  readonly values: Float64Array
  readonly impurity: Float64Array
  /** Weights of the training rows in it. */
  readonly weight: Float64Array
}

export interface GrownTrees {
  readonly trees: TreeEnsemble
  /** Training rows in each node; drawn ones count once. */
  readonly nNodeSamples: Uint32Array
  /** Falls of impurity by feature; they add up to 1, or are all 0. */
  readonly featureImportances: Float64Array
  /** By training row the sum over trees that had not drawn it, `outputs` a row, and their number. */
  readonly outOfBag: Float64Array
  readonly judges: Uint32Array
  readonly details: NodeDetails
  readonly path: { readonly ccpAlphas: Float64Array; readonly impurities: Float64Array }
}

/** The features, dense: a sparse matrix is written out. */
export function denseOf(x: AnyMatrix): Matrix {
  return isSparse(x) ? x.toDense() : x
}

/** The job's arguments. Errors: ARGUMENT for parameters that don't fit the rows. */
export function growthJob(call: GrowthCall): JobArguments {
  const { training, params, drawn, classes, targets, weights, sampling } = call
  const { operation, rows, width } = training
  const { x } = denseOf(training.x)
  const { bootstrap = false, oobScore = false, nEstimators = 1, maxSamples } = sampling ?? {}
  if (!bootstrap && maxSamples !== undefined)
    throw argumentError(operation, 'maxSamples with bootstrap only', `${maxSamples} without`)
  if (!bootstrap && oobScore)
    throw argumentError(operation, 'oobScore with bootstrap only', 'oobScore without')
  const signs = signsOf(operation, params.monotonicCst, width, classes)
  const leastLeaf = countOf(params.minSamplesLeaf, rows, Math.ceil)
  const leastSplit = Math.max(2, countOf(params.minSamplesSplit, rows, Math.ceil), 2 * leastLeaf)
  const total = weights?.reduce((a, b) => a + b, 0) ?? rows
  const drawnRows =
    maxSamples === undefined ? rows : Math.max(1, countOf(maxSamples, total, Math.floor))
  // Drawn rows carry no weights: their number is what there is of them.
  const allWeight = bootstrap ? drawnRows : total
  return {
    kind: 'growTrees',
    numbers: [
      ...[rows, width, Number(x instanceof Float32Array), impurities[params.criterion], classes],
      ...[params.maxDepth ?? 2147483647, leastSplit, leastLeaf],
      ...[params.minWeightFractionLeaf * allWeight, params.minImpurityDecrease],
      ...[featureCount(params.maxFeatures, width), params.maxLeafNodes ?? 0, Number(drawn)],
      ...[nEstimators, params.randomState, Number(bootstrap), drawnRows],
      ...[Number(call.balancedSubsample === true), Number(oobScore), Number(call.details === true)],
      ...[params.ccpAlpha, Number(call.path === true)],
    ],
    arrays: [x, targets, weights ?? new Float64Array(0), signs ?? new Int8Array(0)],
  }
}

/** Errors: ARGUMENT for parameters that don't fit the rows; INTERRUPTED; MEMORY; NOT_FINITE. */
export async function growTrees(call: GrowthCall): Promise<GrownTrees> {
  const { operation, signal, onProgress } = call.training
  const results = await runJob(operation, { ...growthJob(call), signal, onProgress })
  const [starts, feature, threshold, flags, left, values, counts, importances, ...more] = results
  const [outOfBag, judges, nodeValues, impurity, weight, alphas, pathImpurities] = more
  const outputs = Math.max(1, call.classes)
  return {
    trees: {
      outputs,
      leafWidth: outputs,
      rounds: false,
      base: new Float64Array(outputs),
      treeStart: new Int32Array(starts),
      treeOutput: undefined,
      feature: new Int32Array(feature),
      threshold: new Float64Array(threshold),
      flags: new Uint8Array(flags),
      left: new Int32Array(left),
      values: new Float64Array(values),
      setStart: new Int32Array(1),
      setWords: new Uint32Array(0),
    },
    nNodeSamples: new Uint32Array(counts),
    featureImportances: new Float64Array(importances),
    outOfBag: new Float64Array(outOfBag),
    judges: new Uint32Array(judges),
    details: {
      values: new Float64Array(nodeValues),
      impurity: new Float64Array(impurity),
      weight: new Float64Array(weight),
    },
    path: {
      ccpAlphas: new Float64Array(alphas),
      impurities: new Float64Array(pathImpurities),
    },
  }
}
