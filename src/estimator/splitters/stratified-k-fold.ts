// K folds in which every class has its share (Kohavi 1995, "A study of cross-validation").

import type { Labels } from '../../base/label.js'
import type { GivenParameters } from '../../base/parameters.js'
import type { Random } from '../../base/philox.js'
import type { Fold } from '../folds.js'
import {
  BaseSplitter,
  checkClasses,
  checkFolds,
  codedRows,
  foldParameters,
  foldsBy,
  shuffling,
} from './splitter.js'

/**
 * Folds of nearly equal size that keep the shares of the classes in `y`. Without `shuffle` the folds are
 * those of scikit-learn's `StratifiedKFold`. A class of fewer rows than folds is missing in some.
 *
 * @throws AthanorError ARGUMENT for no `y`, more folds than rows, or where every class has fewer rows
 * than there are folds; SHAPE.
 * @example
 * ```ts
 * const folds = new StratifiedKFold({ nSplits: 2 }).split(6, ['a', 'a', 'a', 'a', 'b', 'b'])
 * console.log(folds[0].test) // [0, 1, 4]
 * ```
 */
export class StratifiedKFold extends BaseSplitter<typeof foldParameters> {
  static readonly parameters = foldParameters
  private readonly random: (() => Random) | undefined

  constructor(given?: GivenParameters<typeof foldParameters>) {
    super('StratifiedKFold', foldParameters, given)
    this.random = shuffling('StratifiedKFold', this.params)
  }

  split(rows: number, y?: Labels): Fold[] {
    return stratifiedFolds(this.operation, rows, y, this.params.nSplits, this.random?.())
  }

  count(): number {
    return this.params.nSplits
  }
}

/** The folds of one cut. */
export function stratifiedFolds(
  operation: string,
  rows: number,
  y: Labels | undefined,
  folds: number,
  random?: Random,
): Fold[] {
  checkFolds(operation, folds, rows)
  const { codes, counts } = codedRows(operation, 'y', y, rows)
  checkClasses(operation, folds, counts)
  const { places, ofPlace } = byAppearance(codes, counts)
  const queues = sharesOfFolds(ofPlace, folds)
  if (random !== undefined) for (const queue of queues) random.shuffle(queue)
  const next = new Uint32Array(queues.length)
  const foldOf = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    const c = places[codes[row]]
    foldOf[row] = queues[c][next[c]++]
  }
  return foldsBy(foldOf, folds)
}

/** Classes in the order in which they appear: the place of each, and the rows at each place. */
function byAppearance(codes: Int32Array, counts: Float64Array) {
  const places = new Int32Array(counts.length).fill(-1)
  const ofPlace: number[] = []
  for (let row = 0; row < codes.length; row++)
    if (places[codes[row]] < 0) places[codes[row]] = ofPlace.push(counts[codes[row]]) - 1
  return { places, ofPlace }
}

/**
 * For each class the folds of its rows, in stretches. Rows sorted by class are dealt out in turn, which
 * says how many of each class a fold gets.
 */
function sharesOfFolds(counts: readonly number[], folds: number): Uint32Array[] {
  let dealt = 0
  return counts.map(count => {
    const share = new Uint32Array(folds)
    for (let i = 0; i < count; i++) share[(dealt + i) % folds]++
    dealt += count
    const queue = new Uint32Array(count)
    let at = 0
    share.forEach((rows, fold) => {
      queue.fill(fold, at, at + rows)
      at += rows
    })
    return queue
  })
}
