// Splitters by name, to read those that were saved.

import { AthanorError } from '../../base/errors.js'
import { suggestName } from '../../base/nearest-name.js'
import { GroupKFold } from './group-k-fold.js'
import { KFold } from './k-fold.js'
import { LeaveOneGroupOut, LeaveOneOut, LeavePGroupsOut, LeavePOut } from './leave-out.js'
import { PredefinedSplit } from './predefined-split.js'
import { RepeatedKFold, RepeatedStratifiedKFold } from './repeated.js'
import { GroupShuffleSplit, ShuffleSplit } from './shuffle-split.js'
import type { Splitter, SplitterJson } from './splitter.js'
import { StratifiedGroupKFold } from './stratified-group-k-fold.js'
import { StratifiedKFold } from './stratified-k-fold.js'
import { StratifiedShuffleSplit } from './stratified-shuffle-split.js'
import { TimeSeriesSplit } from './time-series-split.js'

/** Every splitter there is. */
export const splitterClasses = {
  GroupKFold,
  GroupShuffleSplit,
  KFold,
  LeaveOneGroupOut,
  LeaveOneOut,
  LeavePGroupsOut,
  LeavePOut,
  PredefinedSplit,
  RepeatedKFold,
  RepeatedStratifiedKFold,
  ShuffleSplit,
  StratifiedGroupKFold,
  StratifiedKFold,
  StratifiedShuffleSplit,
  TimeSeriesSplit,
} as const

/**
 * The splitter from what its `toJSON` gave.
 *
 * @throws AthanorError FORMAT for a class that is not known; ARGUMENT for parameters it refuses.
 * @example
 * ```ts
 * const splitter = splitterFromJSON(new KFold({ nSplits: 3 }).toJSON())
 * splitter.count() // 3
 * ```
 */
export function splitterFromJSON(json: unknown): Splitter {
  const { splitter: name, params } = (json ?? {}) as Partial<SplitterJson>
  if (typeof name !== 'string' || !Object.hasOwn(splitterClasses, name))
    throw new AthanorError('FORMAT', {
      operation: 'splitterFromJSON',
      expected: 'a splitter of a known class',
      received: typeof name === 'string' ? `'${name}'` : 'something else',
      fix: typeof name === 'string' ? suggestName(name, Object.keys(splitterClasses)) : undefined,
    })
  const Class = splitterClasses[name as keyof typeof splitterClasses] as new (
    given: unknown,
  ) => Splitter
  return new Class(params)
}
