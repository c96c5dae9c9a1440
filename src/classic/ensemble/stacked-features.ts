// What the members of a stack say of rows, as features for the final estimator.

import { argumentError } from '../../base/errors.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Classifier, Regressor } from '../../estimator/contract.js'
import { type FeaturesLike, isSparse, type Matrix } from '../../estimator/matrix.js'
import { hasProbabilities } from './members.js'

export const stackMethods = ['auto', 'predictProba', 'decisionFunction', 'predict'] as const
export type StackMethod = (typeof stackMethods)[number]
export type FoundMethod = Exclude<StackMethod, 'auto'>

/** What a classifier is asked: what was wished, or the first that it has. Errors: ARGUMENT. */
export function methodOf(
  operation: string,
  name: string,
  member: Classifier | Regressor,
  wished: StackMethod,
): FoundMethod {
  const { decisionFunction } = member as Classifier
  const has: Record<FoundMethod, boolean> = {
    predictProba: member.estimatorType === 'classifier' && hasProbabilities(member as Classifier),
    decisionFunction: decisionFunction !== undefined,
    predict: true,
  }
  if (wished === 'auto')
    return has.predictProba ? 'predictProba' : has.decisionFunction ? 'decisionFunction' : 'predict'
  if (!has[wished])
    throw argumentError(operation, `estimators with ${wished}`, `'${name}', which has none`)
  return wished
}

/** Columns that a member gives: of two classes one, since the other says nothing new. */
export function columnsOf(method: FoundMethod, classes: number): number {
  return method === 'predict' || classes <= 2 ? 1 : classes
}

/** What a member says, row-major `rows × columnsOf`. */
export async function saidBy(
  member: Classifier | Regressor,
  method: FoundMethod,
  x: FeaturesLike,
  classes: number,
): Promise<Float64Array> {
  const classifier = member as Classifier
  if (method === 'predict') return Float64Array.from(await member.predict(x as never), Number)
  if (method === 'decisionFunction')
    return Float64Array.from((await classifier.decisionFunction?.(x as never)) ?? [])
  const shares = Float64Array.from((await classifier.predictProba?.(x as never)) ?? [])
  if (classes > 2) return shares
  return Float64Array.from(
    { length: shares.length / classes },
    (_, row) => shares[(row + 1) * classes - 1],
  )
}

/** Columns side by side; with `passed`, the features behind them. */
export function sideBySide(
  rows: number,
  blocks: readonly { readonly values: Float64Array; readonly columns: number }[],
  passed: AnyMatrix | undefined,
): Matrix {
  const own = blocks.reduce((sum, { columns }) => sum + columns, 0)
  const dense = passed === undefined ? undefined : isSparse(passed) ? passed.toDense() : passed
  const width = own + (dense?.width ?? 0)
  const x = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    let at = row * width
    for (const { values, columns } of blocks)
      for (let c = 0; c < columns; c++) x[at++] = values[row * columns + c]
    if (dense !== undefined)
      for (let c = 0; c < dense.width; c++) x[at++] = dense.x[row * dense.width + c]
  }
  return { x, rows, width }
}
