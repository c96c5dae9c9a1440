// The two floors of a stack: members fitted on all rows and asked out of fold, and the final estimator above.

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Training } from '../../estimator/base-estimator.js'
import type { Classifier, Regressor } from '../../estimator/contract.js'
import { givenTo } from '../../estimator/inner-features.js'
import type { Matrix } from '../../estimator/matrix.js'
import { RowSet } from '../../estimator/row-set.js'
import { type Cv, foldsOf } from '../../estimator/selection/cv.js'
import { fitMember, membersOf, type NamedMembers, progressOf } from './members.js'
import {
  columnsOf,
  type FoundMethod,
  methodOf,
  type StackMethod,
  saidBy,
  sideBySide,
} from './stacked-features.js'

export interface StackParts<T extends Classifier | Regressor> {
  readonly named: NamedMembers<T>
  readonly final: T
  readonly cv: Cv
  readonly stackMethod: StackMethod
  readonly passthrough: boolean
}

export interface Stack<T> {
  readonly estimators: readonly T[]
  readonly finalEstimator: T
  readonly methods: readonly FoundMethod[]
}

/** Fits a stack; `classes` is 0 for regressors. */
export async function fitStack<T extends Classifier | Regressor>(
  training: Training<AnyMatrix>,
  y: ArrayLike<number>,
  classes: number,
  { named, final, cv, stackMethod, passthrough }: StackParts<T>,
): Promise<Stack<T>> {
  const { operation, sampleWeight, signal, onProgress } = training
  const members = membersOf(operation, named)
  const methods = members.map(([name, member]) => methodOf(operation, name, member, stackMethod))
  const set = await RowSet.of(operation, givenTo(training.x))
  const folds = foldsOf(cv, final, set.rows, Array.from(y), undefined)
  const all = Uint32Array.from({ length: set.rows }, (_, row) => row)
  const parts = members.length * (folds.length + 1) + 1
  let part = 0
  const fitOn = (estimator: T, rowIds: ArrayLike<number>): Promise<T> =>
    fitMember<T>(
      estimator,
      rowIds === all ? givenTo(training.x) : set.take(rowIds),
      Float64Array.from(rowIds, row => y[row]),
      {
        operation,
        signal,
        ...(classes > 0 && { classes }),
        sampleWeight: sampleWeight && Float64Array.from(rowIds, row => sampleWeight[row]),
        onProgress: progressOf(onProgress, part++, parts),
      },
    )
  const estimators: T[] = []
  const blocks: { values: Float64Array; columns: number }[] = []
  for (const [i, [, member]] of members.entries()) {
    estimators.push(await fitOn(member, all))
    const columns = columnsOf(methods[i], classes)
    const values = new Float64Array(set.rows * columns)
    for (const { train, test } of folds) {
      const said = await saidBy(await fitOn(member, train), methods[i], set.take(test), classes)
      for (let n = 0; n < test.length; n++)
        values.set(said.subarray(n * columns, (n + 1) * columns), test[n] * columns)
    }
    blocks.push({ values, columns })
  }
  const seen = sideBySide(set.rows, blocks, passthrough ? training.x : undefined)
  const finalEstimator = await fitMember<T>(final, seen, y, {
    operation,
    signal,
    sampleWeight,
    ...(classes > 0 && { classes }),
    onProgress: progressOf(onProgress, part, parts),
  })
  return { estimators, finalEstimator, methods }
}

/** What the final estimator sees of new rows. */
export async function stackFeatures<T extends Classifier | Regressor>(
  { estimators, methods }: Stack<T>,
  x: AnyMatrix,
  classes: number,
  passthrough: boolean,
): Promise<Matrix> {
  const blocks: { values: Float64Array; columns: number }[] = []
  for (const [i, member] of estimators.entries())
    blocks.push({
      values: await saidBy(member, methods[i], givenTo(x), classes),
      columns: columnsOf(methods[i], classes),
    })
  return sideBySide(x.rows, blocks, passthrough ? x : undefined)
}
