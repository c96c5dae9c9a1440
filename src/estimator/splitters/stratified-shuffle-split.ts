// Random cuts in which every class has its share, to a row.

import { argumentError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import type { GivenParameters } from '../../base/parameters.js'
import type { Random } from '../../base/philox.js'
import type { Fold } from '../folds.js'
import { type Sizes, sizeParameters, sizesOf } from './shuffle-sizes.js'
import { BaseSplitter, codedRows, nSplits, randomOf, seedParameter } from './splitter.js'

const parameters = { nSplits: nSplits(10, 1), ...sizeParameters, randomState: seedParameter }

/**
 * `nSplits` random cuts that keep the shares of the classes in `y`, by default a tenth of the rows to
 * test. Row numbers come in a random order. As scikit-learn's `StratifiedShuffleSplit`.
 *
 * @throws AthanorError ARGUMENT for no `y`, a class of one row, or fewer rows on either side than there
 * are classes; SHAPE.
 * @example
 * ```ts
 * const y = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b']
 * new StratifiedShuffleSplit({ testSize: 0.5 }).split(8, y)[0].test.length // 4
 * ```
 */
export class StratifiedShuffleSplit extends BaseSplitter<typeof parameters> {
  static readonly parameters = parameters

  constructor(given?: GivenParameters<typeof parameters>) {
    super('StratifiedShuffleSplit', parameters, given)
  }

  split(rows: number, y?: Labels): Fold[] {
    const random = randomOf(this.params.randomState)
    const draw = stratifiedDraw(this.operation, rows, y, this.params, 0.1)
    return Array.from({ length: this.params.nSplits }, () => draw(random))
  }

  count(): number {
    return this.params.nSplits
  }
}

/** Checks, and gives the function that makes one random cut. */
export function stratifiedDraw(
  operation: string,
  rows: number,
  y: Labels | undefined,
  given: Sizes,
  standard: number,
): (random: Random) => Fold {
  const { codes, counts } = codedRows(operation, 'y', y, rows)
  const { train, test } = sizesOf(operation, rows, given, standard)
  if (counts.some(count => count < 2))
    throw argumentError(
      operation,
      'two rows or more of each class',
      `a class of one row`,
      'Leave such classes out, or do not stratify',
    )
  for (const [name, size] of [
    ['train on', train],
    ['test', test],
  ] as const)
    if (size < counts.length)
      throw argumentError(
        operation,
        `at least ${counts.length} rows to ${name}, one of each class`,
        String(size),
        name === 'test' ? 'Raise testSize' : 'Raise trainSize, or lower testSize',
      )
  const rowsOf = Array.from(counts, count => new Uint32Array(count))
  const next = new Uint32Array(counts.length)
  codes.forEach((c, row) => {
    rowsOf[c][next[c]++] = row
  })
  return random => {
    const trained = apportion(counts, train, random)
    const left = counts.map((count, c) => count - trained[c])
    const tested = apportion(left, test, random)
    const out = { train: new Uint32Array(train), test: new Uint32Array(test) }
    let toTrain = 0
    let toTest = 0
    rowsOf.forEach((own, c) => {
      const order = random.shuffle(own.slice())
      out.train.set(order.subarray(0, trained[c]), toTrain)
      out.test.set(order.subarray(trained[c], trained[c] + tested[c]), toTest)
      toTrain += trained[c]
      toTest += tested[c]
    })
    random.shuffle(out.train)
    random.shuffle(out.test)
    return out
  }
}

/**
 * How many of `wanted` rows each class gives: its share rounded down, and what is left over to the classes
 * with the largest remainders, drawn at random among equal ones.
 */
function apportion(counts: Float64Array, wanted: number, random: Random): Float64Array {
  const all = counts.reduce((a, b) => a + b, 0)
  const exact = counts.map(count => (count / all) * wanted)
  const shares = exact.map(Math.floor)
  let left = wanted - shares.reduce((a, b) => a + b, 0)
  const remainder = exact.map((value, c) => value - shares[c])
  for (const value of [...new Set(remainder)].sort((a, b) => b - a)) {
    if (left === 0) break
    const equal = Array.from(remainder.keys()).filter(c => remainder[c] === value)
    if (left < equal.length) random.shuffle(equal)
    for (const c of equal.slice(0, left)) {
      shares[c]++
      left--
    }
  }
  return shares
}
