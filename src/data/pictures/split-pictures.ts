// Pictures dealt out to training, validation and test: by class, pictures that equal each other to one part,
// but for those that the source itself has put into different ones.

import { AthanorError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import {
  defaultFractions,
  fractionsKind,
  type Split,
  type SplitFractions,
  someSeed,
  splitRows,
} from '../split.js'
import type { PictureDataset } from './picture-dataset.js'

/** Options of `splitPictures`. */
export interface PictureSplitOptions {
  /**
   * Shares of the parts. Those of a validation or test part that the source has are not used: what they would
   * take stays in training. Default: 0.7, 0.15 and 0.15.
   */
  readonly fractions?: SplitFractions
  /** Default 0. */
  readonly seed?: number
}

const splitOptions = new OptionTable<PictureSplitOptions>({
  fractions: fractionsKind,
  seed: someSeed,
})

/** Rows of the three parts, and how they were found. */
export interface PictureSplit extends Split {
  /** `given` where the source says of any row which part it is in. */
  readonly method: 'stratified' | 'given'
  /** Rows of validation and test that equal a training row, because the source has put them there. */
  readonly leaked: number
}

/**
 * Every picture whose class is known, in one part. What the source has put into validation or test stays
 * there. All other rows are dealt out, class by class, to training and to those parts that the source does
 * not have; pictures that equal each other go together, as the first of them does.
 *
 * @throws AthanorError DATA where nothing is left to train on; ARGUMENT for an unknown option, or a value that
 * is not taken.
 * @example
 * ```ts
 * const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2)
 * const pixels = Uint8Array.from({ length: 40 }, (_, i) => i)
 * const pictures = PictureDataset.fromPixels(pixels, [1, 1, 1], labels, ['a', 'b'])
 * splitPictures(pictures).train.length // 28
 * ```
 */
export function splitPictures(
  pictures: PictureDataset,
  options: PictureSplitOptions = {},
): PictureSplit {
  const { fractions = defaultFractions, seed = 0 } = splitOptions.check('splitPictures', options)
  const { labels, parts } = pictures
  const given = { train: [] as number[], validation: [] as number[], test: [] as number[] }
  const open: number[] = []
  const has = new Set(parts?.filter(part => part !== undefined))
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] < 0) continue
    const part = parts?.[row]
    if (part === 'validation' || part === 'test') given[part].push(row)
    else open.push(row)
  }
  const share = {
    validation: has.has('validation') ? 0 : fractions.validation,
    test: has.has('test') ? 0 : fractions.test,
  }
  const split = divided(
    pictures,
    open,
    {
      train: 1 - share.validation - share.test,
      ...share,
    },
    seed,
  )
  if (split.train.length === 0)
    throw new AthanorError('DATA', {
      operation: `dividing ${pictures.source}`,
      expected: 'pictures to train on',
      received: 'none',
    })
  const result = {
    train: split.train,
    validation: has.has('validation') ? Uint32Array.from(given.validation) : split.validation,
    test: has.has('test') ? Uint32Array.from(given.test) : split.test,
  }
  return {
    ...result,
    method: has.size > 0 ? 'given' : 'stratified',
    leaked: countLeaked(pictures, result),
  }
}

/** Equal pictures are dealt out as one, by the class of the first. */
function divided(
  { labels, duplicateOf }: PictureDataset,
  rows: readonly number[],
  fractions: SplitFractions,
  seed: number,
): Split {
  const members = new Map<number, number[]>()
  for (const row of rows) {
    const first = duplicateOf?.[row] ?? row
    const list = members.get(first)
    if (list === undefined) members.set(first, [row])
    else list.push(row)
  }
  const groups = [...members.values()]
  const parts = splitRows({
    rows: groups.length,
    fractions,
    method: 'stratified',
    seed,
    labels: Int32Array.from(groups, ([first]) => labels[first]),
  })
  const rowsOf = (ids: Uint32Array) => Uint32Array.from([...ids].flatMap(id => groups[id])).sort()
  return {
    train: rowsOf(parts.train),
    validation: rowsOf(parts.validation),
    test: rowsOf(parts.test),
  }
}

function countLeaked({ duplicateOf }: PictureDataset, split: Split): number {
  if (duplicateOf === undefined) return 0
  const trained = new Set<number>()
  for (const row of split.train) trained.add(duplicateOf[row])
  let leaked = 0
  for (const part of [split.validation, split.test])
    for (const row of part) if (trained.has(duplicateOf[row])) leaked++
  return leaked
}
