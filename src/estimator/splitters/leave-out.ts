// Every row, every few rows, every group is tested once: exhaustive cross-validation.

import { AthanorError, argumentError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import { type GivenParameters, integerParameter } from '../../base/parameters.js'
import type { Fold } from '../folds.js'
import { BaseSplitter, checkRows, codedRows, foldOfFew, splitBy } from './splitter.js'

const noParameters = {}

/** Folds that one may list at most. */
const mostFolds = 2 ** 24

function needRows(operation: string, rows: number | undefined): number {
  if (rows === undefined) throw argumentError(operation, 'the number of rows', 'none')
  checkRows(operation, rows)
  return rows
}

/**
 * As many folds as rows: each tests one row and trains on all others. Dear, and its scores of single rows
 * vary widely; for a few dozen rows. A fold's `train` is listed anew each time it is read. As
 * scikit-learn's `LeaveOneOut`.
 *
 * @throws AthanorError ARGUMENT for fewer than two rows.
 * @example
 * ```ts
 * new LeaveOneOut().split(3).map(fold => fold.train) // [[1, 2], [0, 2], [0, 1]]
 * ```
 */
export class LeaveOneOut extends BaseSplitter<typeof noParameters> {
  static readonly parameters = noParameters

  constructor(given?: GivenParameters<typeof noParameters>) {
    super('LeaveOneOut', noParameters, given)
  }

  split(rows: number): Fold[] {
    if (needRows(this.operation, rows) < 2)
      throw argumentError(this.operation, 'two rows or more', String(rows))
    return Array.from({ length: rows }, (_, row) => foldOfFew(rows, Uint32Array.of(row)))
  }

  count(rows?: number): number {
    return needRows(this.operation, rows)
  }
}

const fewParameters = { p: integerParameter({ min: 1, doc: 'Rows to test in each fold.' }) }

/**
 * A fold for each choice of `p` rows to test; their number grows as rowsᵖ ÷ p!. As scikit-learn's
 * `LeavePOut`.
 *
 * @throws AthanorError ARGUMENT for `p` or fewer rows; MEMORY for more folds than can be listed.
 * @example
 * ```ts
 * new LeavePOut({ p: 2 }).split(4).length // 6
 * ```
 */
export class LeavePOut extends BaseSplitter<typeof fewParameters> {
  static readonly parameters = fewParameters

  constructor(given: GivenParameters<typeof fewParameters>) {
    super('LeavePOut', fewParameters, given)
  }

  split(rows: number): Fold[] {
    const { p } = this.params
    if (needRows(this.operation, rows) <= p)
      throw argumentError(this.operation, `more than ${p} rows`, String(rows), 'Lower p')
    return choicesOf(this.operation, rows, p).map(test => foldOfFew(rows, Uint32Array.from(test)))
  }

  count(rows?: number): number {
    return numberOfChoices(needRows(this.operation, rows), this.params.p)
  }
}

/**
 * A fold for each group, which is tested while all others train; groups ascend. As scikit-learn's
 * `LeaveOneGroupOut`.
 *
 * @throws AthanorError ARGUMENT for no `groups`, or one alone; SHAPE.
 * @example
 * ```ts
 * const folds = new LeaveOneGroupOut().split(4, undefined, ['b', 'a', 'b', 'c'])
 * console.log(folds.map(fold => fold.test)) // [[1], [0, 2], [3]]
 * ```
 */
export class LeaveOneGroupOut extends BaseSplitter<typeof noParameters> {
  static readonly parameters = noParameters

  constructor(given?: GivenParameters<typeof noParameters>) {
    super('LeaveOneGroupOut', noParameters, given)
  }

  split(rows: number, _y?: Labels, groups?: Labels): Fold[] {
    return groupsOut(this.operation, rows, groups, 1)
  }

  count(_rows?: number, _y?: Labels, groups?: Labels): number {
    return codedRows(this.operation, 'groups', groups).counts.length
  }
}

const groupsParameters = {
  nGroups: integerParameter({ min: 1, doc: 'Groups to test in each fold.' }),
}

/**
 * A fold for each choice of `nGroups` groups to test. As scikit-learn's `LeavePGroupsOut`.
 *
 * @throws AthanorError ARGUMENT for no `groups`, or no more than `nGroups`; SHAPE; MEMORY for more folds
 * than can be listed.
 * @example
 * ```ts
 * const groups = ['a', 'b', 'c', 'd']
 * new LeavePGroupsOut({ nGroups: 2 }).split(4, undefined, groups).length // 6
 * ```
 */
export class LeavePGroupsOut extends BaseSplitter<typeof groupsParameters> {
  static readonly parameters = groupsParameters

  constructor(given: GivenParameters<typeof groupsParameters>) {
    super('LeavePGroupsOut', groupsParameters, given)
  }

  split(rows: number, _y?: Labels, groups?: Labels): Fold[] {
    return groupsOut(this.operation, rows, groups, this.params.nGroups)
  }

  count(_rows?: number, _y?: Labels, groups?: Labels): number {
    const { counts } = codedRows(this.operation, 'groups', groups)
    return numberOfChoices(counts.length, this.params.nGroups)
  }
}

function groupsOut(
  operation: string,
  rows: number,
  groups: Labels | undefined,
  tested: number,
): Fold[] {
  const { codes, counts } = codedRows(operation, 'groups', groups, rows)
  if (counts.length <= tested)
    throw argumentError(operation, `more than ${tested} groups`, String(counts.length))
  return choicesOf(operation, counts.length, tested).map(choice => {
    const isTested = new Uint8Array(counts.length)
    for (const group of choice) isTested[group] = 1
    return splitBy(rows, row => isTested[codes[row]] === 1)
  })
}

function numberOfChoices(of: number, take: number): number {
  let choices = 1
  for (let k = 1; k <= take; k++) choices = (choices * (of - take + k)) / k
  return Math.max(0, Math.round(choices))
}

/** All choices of `take` among 0 to `of - 1`, each ascending, in the order of a dictionary. */
function choicesOf(operation: string, of: number, take: number): number[][] {
  const count = numberOfChoices(of, take)
  if (count > mostFolds)
    throw new AthanorError('MEMORY', {
      operation,
      expected: `at most ${mostFolds} folds`,
      received: String(count),
      fix: 'Choose KFold or ShuffleSplit',
    })
  const choices: number[][] = []
  const choice = Array.from({ length: take }, (_, i) => i)
  for (;;) {
    choices.push([...choice])
    let at = take - 1
    while (at >= 0 && choice[at] === of - take + at) at--
    if (at < 0) return choices
    choice[at]++
    for (let i = at + 1; i < take; i++) choice[i] = choice[i - 1] + 1
  }
}
