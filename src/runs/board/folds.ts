// The training rows cut into folds the way the run was split: by class, by group, by time.

import { Random } from '../../base/philox.js'
import { kFold } from '../../estimator/folds.js'
import type { PreparedData } from '../prepare-data.js'
import { labelsOf, timesOf } from '../prepare-data.js'
import type { TrainSettings } from '../train-options.js'

/** Rows of the sample's table. */
export interface RowFold {
  readonly train: Uint32Array
  readonly test: Uint32Array
}

export const standardFolds = 5

/** Cut by seed and settings alone. Fewer folds where there are not enough groups or rows. */
export function foldsOf(
  data: PreparedData,
  settings: TrainSettings,
  count = standardFolds,
): RowFold[] {
  const { sample, keys, splitMethod, task, encoder, target } = data
  const rows = sample.split.train
  const { seed = 0, group, time } = settings
  const ids = rows.map(row => sample.rowIds?.[row] ?? row)
  const folds = Math.max(2, Math.min(count, Math.floor(rows.length / 2)))
  const own = (places: Uint32Array) => places.map(place => rows[place])
  if (splitMethod === 'group' && group !== undefined) {
    const cut = byGroup(labelsOf(keys.column(group), ids), folds, seed)
    if (cut !== undefined)
      return cut.map(({ train, test }) => ({ train: own(train), test: own(test) }))
  }
  if (splitMethod === 'time' && time !== undefined)
    return byTime(timesOf(keys.column(time), ids), folds).map(({ train, test }) => ({
      train: own(train),
      test: own(test),
    }))
  const stratify = task === 'classification' ? encoder.encode(keys.column(target), ids) : undefined
  return kFold(rows.length, { folds, seed, ...(stratify === undefined ? {} : { stratify }) }).map(
    ({ train, test }) => ({ train: own(train), test: own(test) }),
  )
}

/** No group in two folds; the largest groups go first, each to the fold with the fewest rows. */
function byGroup(groups: Int32Array, count: number, seed: number): RowFold[] | undefined {
  const sizes = new Map<number, number>()
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const folds = Math.min(count, sizes.size)
  if (folds < 2) return undefined
  const names = new Random(seed, 0x67726f75).shuffle(Int32Array.from(sizes.keys()))
  const ordered = Array.from(names).sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))
  const filled = new Float64Array(folds)
  const foldOf = new Map<number, number>()
  for (const name of ordered) {
    const fold = filled.indexOf(Math.min(...filled))
    foldOf.set(name, fold)
    filled[fold] += sizes.get(name) ?? 0
  }
  const places = Uint32Array.from(groups.keys())
  return Array.from({ length: folds }, (_, fold) => ({
    train: places.filter(place => foldOf.get(groups[place]) !== fold),
    test: places.filter(place => foldOf.get(groups[place]) === fold),
  }))
}

/** Each fold is tested on what comes next after its training rows. Rows without a time come first. */
function byTime(times: Float64Array, count: number): RowFold[] {
  const value = (place: number) =>
    Number.isNaN(times[place]) ? Number.NEGATIVE_INFINITY : times[place]
  const order = Uint32Array.from(times.keys()).sort((a, b) => value(a) - value(b) || a - b)
  const edge = (i: number) => Math.round((i * order.length) / (count + 1))
  return Array.from({ length: count }, (_, i) => ({
    train: order.slice(0, edge(i + 1)),
    test: order.slice(edge(i + 1), edge(i + 2)),
  })).filter(({ train, test }) => train.length > 0 && test.length > 0)
}
