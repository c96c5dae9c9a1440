// K folds that divide no group and keep the shares of the classes as well as groups allow: the groups
// whose classes differ most first, each to the fold where the classes are then most even (Wasikowski
// 2020, as in scikit-learn).

import type { Labels } from '../../base/label.js'
import type { GivenParameters } from '../../base/parameters.js'
import type { Random } from '../../base/philox.js'
import type { Fold } from '../folds.js'
import { checkGroups } from './group-k-fold.js'
import {
  BaseSplitter,
  checkClasses,
  checkFolds,
  codedRows,
  foldParameters,
  foldsBy,
  rowNumbers,
  shuffling,
} from './splitter.js'

/**
 * Folds that divide no group of `groups` and keep the shares of the classes in `y` as far as that allows.
 * With `shuffle` groups of equal spread come in a random order. Without it the folds are those of
 * scikit-learn's `StratifiedGroupKFold`.
 *
 * @throws AthanorError ARGUMENT for no `y` or `groups`, fewer groups than folds, or where every class has
 * fewer rows than there are folds; SHAPE.
 * @example
 * ```ts
 * const y = [0, 0, 1, 1, 0, 1]
 * const folds = new StratifiedGroupKFold({ nSplits: 2 }).split(6, y, [1, 1, 2, 2, 3, 3])
 * console.log(folds.length) // 2
 * ```
 */
export class StratifiedGroupKFold extends BaseSplitter<typeof foldParameters> {
  static readonly parameters = foldParameters
  private readonly random: (() => Random) | undefined

  constructor(given?: GivenParameters<typeof foldParameters>) {
    super('StratifiedGroupKFold', foldParameters, given)
    this.random = shuffling('StratifiedGroupKFold', this.params)
  }

  split(rows: number, y?: Labels, groups?: Labels): Fold[] {
    const { nSplits } = this.params
    checkFolds(this.operation, nSplits, rows)
    const classes = codedRows(this.operation, 'y', y, rows)
    checkClasses(this.operation, nSplits, classes.counts)
    const grouped = codedRows(this.operation, 'groups', groups, rows)
    checkGroups(this.operation, nSplits, grouped.counts.length)
    const width = classes.counts.length
    const ofGroup = grouped.counts.reduce<Float64Array[]>((list, _) => {
      list.push(new Float64Array(width))
      return list
    }, [])
    for (let row = 0; row < rows; row++) ofGroup[grouped.codes[row]][classes.codes[row]]++
    const foldOf = assign(ofGroup, classes.counts, nSplits, this.random?.())
    return foldsBy(
      grouped.codes.map(group => foldOf[group]),
      nSplits,
    )
  }

  count(): number {
    return this.params.nSplits
  }
}

function assign(
  ofGroup: readonly Float64Array[],
  classRows: Float64Array,
  folds: number,
  random: Random | undefined,
): Uint32Array {
  const order = rowNumbers(ofGroup.length)
  random?.shuffle(order)
  const spread = ofGroup.map(counts => standardDeviation(counts))
  // Array.prototype.sort is stable: groups of equal spread stay in the order they have.
  const sorted = Array.from(order).sort((a, b) => spread[b] - spread[a])
  const ofFold = Array.from({ length: folds }, () => new Float64Array(classRows.length))
  const foldOf = new Uint32Array(ofGroup.length)
  for (const group of sorted) {
    const fold = evenest(ofFold, ofGroup[group], classRows)
    for (let c = 0; c < classRows.length; c++) ofFold[fold][c] += ofGroup[group][c]
    foldOf[group] = fold
  }
  return foldOf
}

/** The fold where, with the group in it, the classes are spread most evenly; of equal ones the emptier. */
function evenest(
  ofFold: readonly Float64Array[],
  group: Float64Array,
  classRows: Float64Array,
): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  let fewest = Number.POSITIVE_INFINITY
  for (let fold = 0; fold < ofFold.length; fold++) {
    const spreads = classRows.map((all, c) =>
      standardDeviation(
        ofFold.map((counts, other) => (counts[c] + (other === fold ? group[c] : 0)) / all),
        inOrder,
      ),
    )
    const spread = pairwise(spreads) / spreads.length
    const rows = ofFold[fold].reduce((a, b) => a + b, 0)
    const isClose = Math.abs(spread - least) <= 1e-8 + 1e-5 * least && least < Infinity
    if (spread < least || (isClose && rows < fewest)) {
      best = fold
      least = spread
      fewest = rows
    }
  }
  return best
}

/** Summed in numpy's order, so that ties are broken as scikit-learn breaks them. */
function standardDeviation(values: ArrayLike<number>, sum = pairwise): number {
  const mean = sum(values) / values.length
  const squares = Float64Array.from(values, value => (value - mean) * (value - mean))
  return Math.sqrt(sum(squares) / values.length)
}

function inOrder(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum
}

/** Eight sums side by side, as numpy adds up to 128 numbers that lie together. */
function pairwise(values: ArrayLike<number>): number {
  if (values.length < 8) return inOrder(values)
  if (values.length > 128) {
    const half = (values.length >> 1) - ((values.length >> 1) % 8)
    const list = Array.from(values)
    return pairwise(list.slice(0, half)) + pairwise(list.slice(half))
  }
  const r = Array.from({ length: 8 }, (_, i) => values[i])
  let i = 8
  for (; i < values.length - (values.length % 8); i += 8)
    for (let k = 0; k < 8; k++) r[k] += values[i + k]
  let sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]))
  for (; i < values.length; i++) sum += values[i]
  return sum
}
