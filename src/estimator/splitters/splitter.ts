// What cuts rows into folds: the interface of all splitters, the parameters that several share, and the
// checks of what they are given.

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import {
  booleanParameter,
  type GivenParameters,
  integerParameter,
  optionalParameter,
  type ParametersOf,
  type ParameterTable,
  resolveParameters,
} from '../../base/parameters.js'
import { Random } from '../../base/philox.js'
import type { Fold } from '../folds.js'
import { encodeColumn } from '../metrics/input.js'

/** Cuts rows 0 to `rows - 1` into folds. The same parameters give the same folds at every call. */
export interface Splitter {
  readonly params: Readonly<Record<string, unknown>>
  /**
   * The folds, each with the row numbers to train and to test on.
   *
   * @throws AthanorError ARGUMENT where there are too few rows, classes or groups, or `y` or `groups`
   * are needed and not given; SHAPE for one of another length than `rows`.
   */
  split(rows: number, y?: Labels, groups?: Labels): Fold[]
  /** How many folds `split` gives; not all splitters need to be told rows or groups. */
  count(rows?: number, y?: Labels, groups?: Labels): number
  toJSON(): SplitterJson
}

/** A splitter as JSON, for `splitterFromJSON`. */
export interface SplitterJson {
  readonly splitter: string
  readonly params: Readonly<Record<string, unknown>>
}

/** What all splitters do alike: check their parameters, keep them, give them as JSON. */
export abstract class BaseSplitter<T extends ParameterTable> implements Splitter {
  readonly params: ParametersOf<T>

  protected constructor(
    protected readonly operation: string,
    table: T,
    given: GivenParameters<T> = {},
  ) {
    this.params = resolveParameters(operation, table, given)
  }

  abstract split(rows: number, y?: Labels, groups?: Labels): Fold[]
  abstract count(rows?: number, y?: Labels, groups?: Labels): number

  /** Its class and parameters. */
  toJSON(): SplitterJson {
    return { splitter: this.operation, params: { ...this.params } }
  }
}

/** How many folds. */
export function nSplits(standard: number, min = 2) {
  return integerParameter({ default: standard, min, doc: 'How many folds.' })
}

/** Seed of splitters that always draw. */
export const seedParameter = integerParameter({
  default: 0,
  min: 0,
  doc: 'Seed of the draw: the same seed gives the same folds. scikit-learn draws one where none is given.',
})

/** Parameters of splitters that may shuffle before they cut. */
export const foldParameters = {
  nSplits: nSplits(5),
  shuffle: booleanParameter({
    default: false,
    doc: 'Shuffle first; without it folds follow the order of the rows.',
  }),
  randomState: optionalParameter(
    integerParameter({ min: 0, doc: 'Seed of the shuffle, 0 by default; only with shuffle.' }),
  ),
}

/** Random stream of splitters: no other use of the same seed sees these numbers. */
const splitterStream = 0x666f6c64

/** The random numbers of a seed. */
export function randomOf(seed: number): Random {
  return new Random(seed, splitterStream)
}

/** The random numbers of splitters that may shuffle; undefined where they do not. */
export function shuffling(
  operation: string,
  { shuffle, randomState }: { readonly shuffle: boolean; readonly randomState?: number },
): (() => Random) | undefined {
  if (shuffle) return () => randomOf(randomState ?? 0)
  if (randomState !== undefined)
    throw argumentError(
      operation,
      'no randomState without shuffle, where it has no effect',
      String(randomState),
      'Pass shuffle: true, or leave randomState out',
    )
  return undefined
}

/** Refuses what is no number of rows. */
export function checkRows(operation: string, rows: number): void {
  if (!Number.isInteger(rows) || rows < 0 || rows > 2 ** 31)
    throw argumentError(operation, 'the number of rows', String(rows))
  if (rows === 0)
    throw new AthanorError('DATA', { operation, expected: 'at least one row', received: 'none' })
}

/** Refuses more folds than there are rows. */
export function checkFolds(operation: string, folds: number, rows: number): void {
  checkRows(operation, rows)
  if (folds > rows)
    throw argumentError(
      operation,
      `at most as many folds as rows (${rows})`,
      `nSplits ${folds}`,
      'Lower nSplits, or choose LeaveOneOut',
    )
}

export interface Coded {
  /** Place of each row's label among the distinct ones, ascending. */
  readonly codes: Int32Array
  /** Rows of each. */
  readonly counts: Float64Array
}

/** Labels of rows that a splitter needs. */
export function codedRows(
  operation: string,
  name: 'y' | 'groups',
  labels: Labels | undefined,
  rows?: number,
): Coded {
  if (labels === undefined || labels === null)
    throw argumentError(
      operation,
      name === 'y' ? 'y, the class of each row' : 'groups, the group of each row',
      'none',
      name === 'y' ? 'Pass y to split, or choose KFold' : 'Pass groups to split',
    )
  const { codes, labels: distinct } = encodeColumn(operation, name, labels)
  if (rows !== undefined) {
    checkRows(operation, rows)
    if (codes.length !== rows)
      throw shapeError(operation, `${rows} values in ${name}, one a row`, String(codes.length))
  }
  const counts = new Float64Array(distinct.length)
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++
  return { codes, counts }
}

/** Refuses classes that all have fewer rows than there are folds; one that has enough will do. */
export function checkClasses(operation: string, folds: number, counts: Float64Array): void {
  if (counts.every(count => count < folds))
    throw argumentError(
      operation,
      `a class with ${folds} rows or more, one for each fold`,
      `at most ${Math.max(...counts)} rows of a class`,
      'Lower nSplits; for a target that is a number choose KFold',
    )
}

/** 0, 1, 2, … */
export function rowNumbers(rows: number): Uint32Array {
  const out = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) out[i] = i
  return out
}

/** Folds from the number of the fold in which each row is tested; row numbers ascend. */
export function foldsBy(foldOf: ArrayLike<number>, folds: number): Fold[] {
  return Array.from({ length: folds }, (_, fold) =>
    splitBy(foldOf.length, row => foldOf[row] === fold),
  )
}

/** The rows that are tested and, to train on, all others. */
export function splitBy(rows: number, isTest: (row: number) => boolean): Fold {
  const train = new Uint32Array(rows)
  const test = new Uint32Array(rows)
  let trained = 0
  let tested = 0
  for (let row = 0; row < rows; row++) {
    if (isTest(row)) test[tested++] = row
    else train[trained++] = row
  }
  return { train: train.slice(0, trained), test: test.slice(0, tested) }
}

/**
 * A fold of few tested rows among many: the others are listed when they are asked for, so that as many
 * folds as rows take no quadratic memory.
 */
export function foldOfFew(rows: number, test: Uint32Array): Fold {
  return {
    test,
    get train() {
      const isTest = new Set(test)
      return splitBy(rows, row => isTest.has(row)).train
    },
  }
}
