// Reads models that LightGBM saved as text (`save_model('model.txt')`, format v2 to v4): boosting, random
// forests and dart, numbers and categories, one output or several.

import { AthanorError } from '../../base/errors.js'
import type { HistGradientBoostingClassifier } from '../boosting/hist-gradient-boosting-classifier.js'
import type { HistGradientBoostingRegressor } from '../boosting/hist-gradient-boosting-regressor.js'
import { estimatorOf, mostClasses, type ReadLink, type ReadModelOptions } from './read-model.js'
import { type SourceNode, TreeCollector } from './tree-collector.js'
import { nodeFlags } from './tree-ensemble.js'

/** How raw predictions become answers, by objective. */
const objectives: Readonly<Record<string, ReadLink>> = {
  binary: 'logistic',
  multiclass: 'softmax',
  multiclassova: 'logistic',
  regression: 'identity',
  regression_l1: 'identity',
  huber: 'identity',
  fair: 'identity',
  quantile: 'identity',
  mape: 'identity',
  poisson: 'log',
  gamma: 'log',
  tweedie: 'log',
  cross_entropy: 'logit',
  lambdarank: 'identity',
  rank_xendcg: 'identity',
  custom: 'identity',
}

/** Bits of `decision_type`: category, default left, then what counts as missing. */
const bits = { categorical: 1, defaultLeft: 2, missing: 12 } as const
const missingKinds = { none: 0, zero: 4, nan: 8 } as const

function refuse(where: string, expected: string, received: string): never {
  throw new AthanorError('FORMAT', {
    operation: `LightGBM model${where === '' ? '' : ` at ${where}`}`,
    expected,
    received,
    fix: 'The file was altered, or written by another version',
  })
}

/** The `key=value` lines of one part of the file. */
class Fields {
  private readonly values = new Map<string, string>()

  constructor(
    readonly where: string,
    lines: readonly string[],
  ) {
    for (const line of lines) {
      const at = line.indexOf('=')
      const key = at < 0 ? line : line.slice(0, at)
      if (this.values.has(key)) refuse(where, `'${key}' once`, 'twice')
      this.values.set(key, at < 0 ? '' : line.slice(at + 1))
    }
  }

  has(key: string): boolean {
    return this.values.has(key)
  }

  text(key: string): string {
    return this.values.get(key) ?? refuse(this.where, `a line '${key}=…'`, 'none')
  }

  /** A whole number. */
  integer(key: string, low: number, high: number): number {
    const value = Number(this.text(key))
    return Number.isInteger(value) && value >= low && value <= high
      ? value
      : refuse(`${this.where} ${key}`, `a whole number from ${low} to ${high}`, this.text(key))
  }

  /** Exactly `count` numbers. */
  numbers(key: string, count: number, accepts: (value: number) => boolean): number[] {
    const text = this.text(key).trim()
    const values = text === '' ? [] : text.split(' ').map(numberOf)
    if (values.length !== count)
      refuse(`${this.where} ${key}`, `${count} numbers`, `${values.length}`)
    const bad = values.findIndex(value => !accepts(value))
    if (bad >= 0) refuse(`${this.where} ${key}`, 'numbers in range', `${values[bad]} at ${bad}`)
    return values
  }
}

/** As C++ writes them: inf and nan too. */
function numberOf(text: string): number {
  if (/^[+-]?inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return text === '' ? Number.NaN : Number(text)
}

const finite = (value: number): boolean => Number.isFinite(value)
const whole = (low: number, high: number) => (value: number) =>
  Number.isInteger(value) && value >= low && value < high

/** Classes, features, nodes: more would be no file anybody wrote. */
const many = 2 ** 30

/**
 * The estimator that predicts as a LightGBM model does: a classifier for the objectives `binary`,
 * `multiclass` and `multiclassova`, else a regressor. Categories are their numbers (the codes that pandas
 * gave them). It can be saved, loaded and asked for importances like one of ours, and `fit` would learn
 * anew.
 *
 * @throws AthanorError FORMAT for anything that is not such a model, is damaged, or is of a kind that is not
 * read: linear trees, `reg_sqrt`, the objective `cross_entropy_lambda`.
 *
 * @example
 * ```ts
 * const model = lightgbmFromText(await (await fetch('/model.txt')).text())
 * await model.predict([[5.1, 3.5, 1.4, 0.2]])
 * ```
 */
export function lightgbmFromText(
  text: string,
  options: ReadModelOptions = {},
): HistGradientBoostingClassifier | HistGradientBoostingRegressor {
  if (typeof text !== 'string') refuse('', 'the text of a model file', typeof text)
  const { head, trees } = partsOf(text)
  const version = head.text('version')
  if (!['v2', 'v3', 'v4'].includes(version)) refuse('version', 'v2, v3 or v4', version)
  const features = head.integer('max_feature_idx', 0, many) + 1
  const classCount = head.integer('num_class', 1, mostClasses)
  const perIteration = head.has('num_tree_per_iteration')
    ? head.integer('num_tree_per_iteration', 1, many)
    : classCount
  const { link, sigmoid } = objectiveOf(head)
  if (perIteration !== classCount || (link !== 'softmax' && link !== 'logistic' && classCount > 1))
    refuse('num_tree_per_iteration', 'one tree a class', `${perIteration}`)
  if (link === 'softmax' && classCount < 2) refuse('num_class', 'at least two', `${classCount}`)
  if (trees.length % perIteration !== 0)
    refuse('', `a multiple of ${perIteration} trees`, `${trees.length}`)
  // Forests give means of trees; a sigmoid's steepness goes into the leaves.
  const means = head.has('average_output') ? trees.length / perIteration : 1
  const collector = new TreeCollector()
  trees.forEach((tree, i) => {
    addTree(collector, tree, i % perIteration, features, value => (value / means) * sigmoid)
  })
  return estimatorOf(
    {
      ...collector.finish(new Array(perIteration).fill(0), false),
      link,
      features,
      names: namesOf(head, features),
      classes: link === 'softmax' || link === 'logistic' ? Math.max(2, classCount) : undefined,
    },
    options,
  )
}

/** Lines before the first tree, and those of each tree. */
function partsOf(text: string): { readonly head: Fields; readonly trees: readonly Fields[] } {
  const lines = text.split(/\r?\n/)
  if (lines[0] !== 'tree')
    refuse('', "a file that begins with 'tree'", `'${lines[0].slice(0, 20)}'`)
  const end = lines.indexOf('end of trees')
  if (end < 0) refuse('', "a line 'end of trees'", 'none: the file was cut off')
  const starts = lines.flatMap((line, i) => (i < end && line.startsWith('Tree=') ? [i] : []))
  const part = (where: string, from: number, to: number) =>
    new Fields(
      where,
      lines.slice(from, to).filter(line => line !== ''),
    )
  const head = part('', 1, starts[0] ?? end)
  const trees = starts.map((start, i) => {
    if (lines[start] !== `Tree=${i}`) refuse('', `Tree=${i}`, lines[start])
    return part(`Tree=${i}`, start + 1, starts[i + 1] ?? end)
  })
  if (head.has('tree_sizes')) head.numbers('tree_sizes', trees.length, whole(1, many))
  return { head, trees }
}

function objectiveOf(head: Fields): { readonly link: ReadLink; readonly sigmoid: number } {
  if (!head.has('objective')) return { link: 'identity', sigmoid: 1 }
  const [name, ...settings] = head.text('objective').split(' ')
  const link = objectives[name]
  if (link === undefined)
    refuse('objective', `one of ${Object.keys(objectives).join(', ')}`, `'${name}'`)
  if (settings.includes('sqrt')) refuse('objective', 'targets as they are', 'square roots')
  const steepness = settings.find(setting => setting.startsWith('sigmoid:'))
  const sigmoid = steepness === undefined ? 1 : Number(steepness.slice(8))
  if (!(sigmoid > 0 && Number.isFinite(sigmoid))) refuse('objective', 'a sigmoid', `${steepness}`)
  return { link, sigmoid: link === 'logistic' ? sigmoid : 1 }
}

/** Names of columns, unless they are those that LightGBM makes up. */
function namesOf(head: Fields, features: number): readonly string[] | undefined {
  const names = head.text('feature_names').split(' ')
  if (names.length !== features) refuse('feature_names', `${features} names`, `${names.length}`)
  return names.every((name, i) => name === `Column_${i}`) ? undefined : names
}

function addTree(
  collector: TreeCollector,
  tree: Fields,
  output: number,
  features: number,
  scaled: (value: number) => number,
): void {
  if (tree.has('is_linear') && tree.integer('is_linear', 0, 1) === 1)
    refuse(`${tree.where} is_linear`, 'leaves of one value', 'linear models')
  const leaves = tree.integer('num_leaves', 1, many)
  const values = tree.numbers('leaf_value', leaves, finite)
  const inner = leaves - 1
  if (inner === 0) {
    const value = scaled(values[0])
    collector.add(output, 0, () => ({ value }), never)
    return
  }
  const feature = tree.numbers('split_feature', inner, whole(0, features))
  const threshold = tree.numbers('threshold', inner, value => !Number.isNaN(value))
  const left = tree.numbers('left_child', inner, whole(-leaves, inner))
  const right = tree.numbers('right_child', inner, whole(-leaves, inner))
  const decision = tree.has('decision_type')
    ? tree.numbers('decision_type', inner, whole(0, 12))
    : new Array(inner).fill(0)
  const counts = (key: string, count: number) =>
    tree.has(key) ? tree.numbers(key, count, finite) : undefined
  const gain = counts('split_gain', inner)
  const innerCount = counts('internal_count', inner)
  const leafCount = counts('leaf_count', leaves)
  const sets = setsOf(tree)
  const nodeAt = (id: number): SourceNode => {
    if (id < 0) return { value: scaled(values[~id]), count: leafCount?.[~id] ?? 0 }
    const shared = {
      feature: feature[id],
      left: left[id],
      right: right[id],
      gain: gain?.[id] ?? 0,
      count: innerCount?.[id] ?? 0,
    }
    const type = decision[id]
    if ((type & bits.categorical) !== 0) {
      const set = sets[threshold[id]]
      if (set === undefined)
        refuse(`${tree.where} threshold`, 'a set of categories', `${threshold[id]}`)
      return { ...shared, threshold: 0, flags: 0, set }
    }
    const missing = type & bits.missing
    // Without missing values NaN counts as 0.
    const left0 =
      missing === missingKinds.none ? threshold[id] >= 0 : (type & bits.defaultLeft) !== 0
    const flags =
      (left0 ? nodeFlags.missingLeft : 0) |
      (missing === missingKinds.zero ? nodeFlags.zeroIsMissing : 0)
    return { ...shared, threshold: threshold[id], flags }
  }
  collector.add(output, 0, nodeAt, id =>
    refuse(tree.where, 'a tree', `node ${id} twice, or of too many categories`),
  )
}

const never = (): never => refuse('', 'a tree', 'a leaf twice')

/** Sets of categories as words of bits. */
function setsOf(tree: Fields): readonly (readonly number[])[] {
  const count = tree.integer('num_cat', 0, many)
  if (count === 0) return []
  const boundaries = tree.numbers('cat_boundaries', count + 1, whole(0, many))
  const words = tree.numbers('cat_threshold', boundaries[count], whole(0, 2 ** 32))
  return Array.from({ length: count }, (_, i) => {
    if (boundaries[i + 1] < boundaries[i] || boundaries[0] !== 0)
      refuse(`${tree.where} cat_boundaries`, 'rising numbers from 0', boundaries.join(' '))
    return words.slice(boundaries[i], boundaries[i + 1])
  })
}
