// What a fitted estimator itself says of its features: coefficients, importances that it counted.

import type { Tree } from '../classic/trees/tree.js'
import { EstimatorCore } from './estimator-core.js'
import { families } from './model-families.js'
import type { ReportData } from './report/report-data.js'
import type { Trained } from './trained.js'

/** Coefficients shown at most: those of the largest size. */
const mostCoefficients = 20
const mostClasses = 6

interface Linear {
  readonly coef: ArrayLike<number>
  readonly intercept: ArrayLike<number> | number
}

/** Of a linear model on scaled features; undefined for others. */
export function coefficientsOf(
  { core, family }: Trained,
  classes: readonly string[],
): ReportData['coefficients'] {
  if (!(core instanceof EstimatorCore) || families[family].says !== 'coefficients') return undefined
  const { coef } = core.estimator as unknown as Partial<Linear>
  const { names, width } = core.features
  if (coef === undefined || coef.length === 0 || coef.length % width !== 0) return undefined
  const outputs = coef.length / width
  if (outputs !== 1 && outputs !== classes.length) return undefined
  const shown = Math.min(outputs, mostClasses)
  const rows = names.map((feature, j) => ({
    feature,
    values: Array.from({ length: shown }, (_, k) => round(coef[k * width + j])),
  }))
  const size = ({ values }: { values: readonly number[] }) => Math.max(...values.map(Math.abs))
  return {
    labels: outputs === 1 ? [] : classes.slice(0, shown),
    rows: rows.sort((a, b) => size(b) - size(a)).slice(0, mostCoefficients),
    features: width,
  }
}

/** By how much splits on a column lessened impurity or loss, as shares; of trees and their ensembles. */
export function countedImportances({ core, family }: Trained): ReportData['counted'] {
  if (!(core instanceof EstimatorCore) || families[family].says !== 'importances') return undefined
  const { featureImportances } = core.estimator as unknown as {
    readonly featureImportances?: ArrayLike<number>
  }
  const { sources, width } = core.features
  if (featureImportances === undefined || featureImportances.length !== width) return undefined
  const sums = new Map<string, number>()
  for (let j = 0; j < width; j++)
    sums.set(sources[j], (sums.get(sources[j]) ?? 0) + featureImportances[j])
  const total = [...sums.values()].reduce((sum, value) => sum + value, 0)
  if (!(total > 0)) return undefined
  return [...sums]
    .map(([column, value]) => ({ column, share: round(value / total) }))
    .sort((a, b) => b.share - a.share)
}

/** Levels that are drawn. */
const drawnDepth = 4

/** The tree that a model is, or the first of its forest, as a picture; undefined for other models. */
export async function treePicture(
  { core, family }: Trained,
  classes: readonly string[],
): Promise<ReportData['tree']> {
  if (!(core instanceof EstimatorCore) || (family !== 'tree' && family !== 'forest'))
    return undefined
  const estimator = core.estimator as unknown as {
    readonly treeCount?: number
    readonly tree: Tree | ((index: number) => Tree)
  }
  const tree = typeof estimator.tree === 'function' ? estimator.tree(0) : estimator.tree
  const { treeToSvg } = await import('../classic/trees/tree-to-svg.js')
  const named = core.estimator.estimatorType === 'classifier' ? { classNames: classes } : {}
  const featureNames = core.features.names
  return {
    svg: treeToSvg(tree, { featureNames, maxDepth: drawnDepth, ...named }),
    nodes: tree.nodeCount,
    levels: drawnDepth,
    trees: estimator.treeCount ?? 1,
  }
}

function round(value: number): number {
  return Number(value.toPrecision(5))
}
