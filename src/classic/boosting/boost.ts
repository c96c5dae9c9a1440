// Runs the boosting job: rows held out, constraints as arrays, results as a state.

import { AthanorError } from '../../base/errors.js'
import type { Training } from '../../estimator/base-estimator.js'
import { runJob } from '../../execute/jobs.js'
import type { TreeEnsemble } from '../trees/tree-ensemble.js'
import type { BoostedTrees } from './boosted-trees.js'
import type { BoostingParams } from './boosting-parameters.js'
import { categoricalFlags, interactionGroups, monotonicDirections } from './feature-references.js'
import { heldOutRows } from './held-out-rows.js'

/** Losses, with their numbers in kernels/learn/boosting-loss.h. */
export const losses = {
  squaredError: 0,
  absoluteError: 1,
  quantile: 2,
  poisson: 3,
  gamma: 4,
  binaryLogLoss: 5,
  multiclassLogLoss: 6,
} as const

export type BoostingLoss = keyof typeof losses

export interface BoostingTask {
  readonly loss: BoostingLoss
  /** For the loss `quantile`. */
  readonly quantile?: number
  /** Trees of an iteration: classes, beyond two. */
  readonly outputs: number
  /** Targets; for log losses numbers of classes. */
  readonly y: Float64Array
  readonly sampleWeight: Float64Array | undefined
  /** Held-out rows keep the shares of these. */
  readonly stratify?: Int32Array
}

/** Early stopping begins beyond so many rows, where it is 'auto'. */
const rowsForStopping = 10_000

/** What the job says about its end: `Stop` of kernels/learn/hist-gradient-boosting.cpp. */
const tooManyCategories = 3

/**
 * Learns an ensemble.
 *
 * @throws AthanorError ARGUMENT for columns that are not there; DATA for too many categories, or too few
 * rows to hold any out; INTERRUPTED after the signal; NOT_FINITE where the loss overflows.
 */
export async function boost(
  training: Training,
  params: BoostingParams,
  task: BoostingTask,
): Promise<BoostedTrees> {
  const { operation, x, rows, width, signal, onProgress } = training
  const { maxLeafNodes, maxDepth, validationFraction: fraction, randomState } = params
  const columns = { operation, width, names: x.names }
  const categorical = categoricalFlags(columns, params.categoricalFeatures)
  const directions = monotonicDirections(columns, params.monotonicCst, categorical)
  const groups = interactionGroups(columns, params.interactionCst)
  const stops =
    params.earlyStopping === 'auto' ? rows > rowsForStopping : (params.earlyStopping as boolean)
  const held =
    stops && fraction !== undefined
      ? heldOutRows(operation, rows, fraction, randomState, task.stratify)
      : undefined
  const none = new Int32Array(0)
  const results = await runJob(operation, {
    kind: 'histGradientBoosting',
    numbers: [
      ...[rows, width, Number(x.x instanceof Float64Array)],
      ...[held?.train.length ?? rows, held?.heldOut.length ?? 0],
      ...[losses[task.loss], task.quantile ?? 0.5, task.outputs],
      ...[params.learningRate, params.maxIter, maxLeafNodes ?? 0, maxDepth ?? 0],
      ...[params.minSamplesLeaf, params.l2Regularization, params.maxFeatures, params.maxBins],
      ...[randomState, stops ? params.nIterNoChange : 0, params.tol, groups.length],
    ],
    arrays: [
      ...[x.x, task.y, task.sampleWeight ?? none, held?.train ?? none, held?.heldOut ?? none],
      ...[categorical, directions, Int32Array.from(groups, group => group.length)],
      Int32Array.from(groups.flat()),
    ],
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  return stateOf(operation, results, task.outputs, x.names, params.maxBins)
}

function stateOf(
  operation: string,
  results: readonly ArrayBuffer[],
  outputs: number,
  names: readonly string[] | undefined,
  maxBins: number,
): BoostedTrees {
  const doubles = (i: number) => new Float64Array(results[i])
  const integers = (i: number) => new Int32Array(results[i])
  const [stop, , feature] = doubles(0)
  if (stop === tooManyCategories)
    throw new AthanorError('DATA', {
      operation,
      expected: `at most ${maxBins} categories in a categorical feature`,
      received: `more in ${names === undefined ? `feature ${feature}` : `'${names[feature]}'`}`,
      fix: 'Treat it as a number, merge rare categories, or encode it with TargetEncoder',
    })
  const treeStart = integers(4)
  const trees: TreeEnsemble = {
    outputs,
    leafWidth: 1,
    rounds: false,
    base: doubles(1),
    treeStart,
    treeOutput:
      outputs === 1
        ? undefined
        : Int32Array.from({ length: treeStart.length - 1 }, (_, tree) => tree % outputs),
    feature: integers(5),
    threshold: doubles(6),
    flags: new Uint8Array(results[7]),
    left: integers(8),
    values: doubles(9),
    setStart: integers(10),
    setWords: new Uint32Array(results[11]),
  }
  const counts = integers(14)
  const all = doubles(15)
  const categoricalColumns = Int32Array.from(counts.keys()).filter(column => counts[column] > 0)
  let next = 0
  const categories = Array.from(categoricalColumns, column => {
    const begin = next
    next += counts[column]
    return all.slice(begin, next)
  })
  return {
    trees,
    categoricalColumns,
    categories,
    gain: doubles(13),
    count: doubles(12),
    trainScore: doubles(2).map(loss => -loss),
    validationScore: doubles(3).map(loss => -loss),
  }
}
