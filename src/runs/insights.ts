// What a fitted estimator itself says of its features: coefficients, importances that it counted.

import type { Tree } from '../classic/trees/tree.js'
import type { TreeEnsemble } from '../classic/trees/tree-ensemble.js'
import type { TreeWords } from '../classic/trees/tree-words.js'
import { EstimatorCore } from './estimator-core.js'
import type { Language } from './messages/language.js'
import { type Say, sayIn } from './messages/messages.js'
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

const withTrees = new Set<Trained['family']>(['tree', 'forest', 'boosting'])

/** The tree that a model is, or the first of many, as a picture; undefined for other models. */
export async function treePicture(
  { core, family }: Trained,
  classes: readonly string[],
): Promise<ReportData['tree']> {
  if (!(core instanceof EstimatorCore) || !withTrees.has(family)) return undefined
  const estimator = core.estimator as unknown as {
    readonly treeCount?: number
    readonly trees?: TreeEnsemble
    readonly tree: Tree | ((index: number) => Tree)
  }
  const tree = typeof estimator.tree === 'function' ? estimator.tree(0) : estimator.tree
  const { treeToSvg } = await import('../classic/trees/tree-to-svg.js')
  const named = tree.classes === undefined ? {} : { classNames: classes }
  const featureNames = core.features.names
  const drawn = (language: Language) =>
    treeToSvg(tree, {
      featureNames,
      maxDepth: drawnDepth,
      words: treeWords(sayIn(language)),
      ...named,
    })
  return {
    svg: { en: drawn('en'), zh: drawn('zh') },
    nodes: tree.nodeCount,
    levels: drawnDepth,
    trees: estimator.treeCount ?? (family === 'boosting' ? treesIn(estimator.trees) : 1),
    adds: family === 'boosting',
  }
}

function treesIn(trees: TreeEnsemble | undefined): number {
  return trees === undefined ? 1 : trees.treeStart.length - 1
}

function treeWords(say: Say): TreeWords {
  // The numbers are put in by whoever draws.
  const n = '{n}'
  return {
    yes: say('treeYes'),
    no: say('treeNo'),
    row: say('treeRow', { n }),
    rows: say('treeRows', { n }),
    more: say('treeMore', { n }),
    isThere: say('treeIsThere', { name: '{name}' }),
    missingLeft: say('treeMissingLeft'),
    missingRight: say('treeMissingRight'),
    weight: say('treeWeight'),
    impurity: say('treeImpurity'),
    value: say('treeValue'),
    picture: say('treePicture', { n }),
  }
}

function round(value: number): number {
  return Number(value.toPrecision(5))
}
