// Reads models that XGBoost saved as JSON (`save_model('model.json')`, its version 1 to 3): trees of
// booster gbtree and dart, numbers and categories, one output or several.

import { JsonReader } from '../../base/json-reader.js'
import type { HistGradientBoostingClassifier } from '../boosting/hist-gradient-boosting-classifier.js'
import type { HistGradientBoostingRegressor } from '../boosting/hist-gradient-boosting-regressor.js'
import { estimatorOf, mostClasses, type ReadLink, type ReadModelOptions } from './read-model.js'
import { type SourceNode, TreeCollector, wordsOf } from './tree-collector.js'
import { nodeFlags } from './tree-ensemble.js'

/** How raw predictions become answers, by objective; and what `base_score` is on the raw scale. */
const objectives: Readonly<Record<string, ReadLink>> = {
  'binary:logistic': 'logistic',
  'binary:logitraw': 'logistic',
  'multi:softmax': 'softmax',
  'multi:softprob': 'softmax',
  'reg:squarederror': 'identity',
  'reg:linear': 'identity',
  'reg:squaredlogerror': 'identity',
  'reg:absoluteerror': 'identity',
  'reg:pseudohubererror': 'identity',
  'reg:quantileerror': 'identity',
  'reg:logistic': 'logit',
  'reg:gamma': 'log',
  'reg:tweedie': 'log',
  'count:poisson': 'log',
  'rank:pairwise': 'identity',
  'rank:ndcg': 'identity',
  'rank:map': 'identity',
}

const rawScale: Readonly<Record<ReadLink, (base: number) => number>> = {
  identity: base => base,
  softmax: base => base,
  log: Math.log,
  logistic: base => -Math.log(1 / base - 1),
  logit: base => -Math.log(1 / base - 1),
}

/** Classes, features, nodes: more would be no file anybody wrote. */
const many = 2 ** 30

/**
 * The estimator that predicts as an XGBoost model does: a classifier for `binary:…` and `multi:…`, else a
 * regressor. It takes every tree of the file. Features are compared as float32, as XGBoost does; categories
 * are their numbers. It can be saved, loaded and asked for importances like one of ours, and `fit` would
 * learn anew.
 *
 * @throws AthanorError FORMAT for anything that is not such a model, is damaged, or is of a kind that is not
 * read: booster gblinear, several targets, vector leaves, the objectives of survival and `binary:hinge`.
 *
 * @example
 * ```ts
 * const model = xgboostFromJSON(await (await fetch('/model.json')).text())
 * await model.predict([[5.1, 3.5, 1.4, 0.2]])
 * ```
 */
export function xgboostFromJSON(
  model: string | object,
  options: ReadModelOptions = {},
): HistGradientBoostingClassifier | HistGradientBoostingRegressor {
  const root = new JsonReader('XGBoost model', typeof model === 'string' ? parse(model) : model)
  const learner = root.get('learner')
  const shape = learner.get('learner_model_param')
  const features = numberText(shape.get('num_feature'), 1)
  const classCount = numberText(shape.get('num_class'), 0)
  if (shape.has('num_target') && numberText(shape.get('num_target'), 0) > 1)
    shape.get('num_target').fail('one target')
  const objective = learner.get('objective').get('name')
  const link = objectives[objective.string()]
  if (link === undefined)
    return objective.fail(`one of the objectives ${Object.keys(objectives).join(', ')}`)
  const outputs = link === 'softmax' ? Math.max(classCount, 1) : 1
  if (classCount > mostClasses) shape.get('num_class').fail(`at most ${mostClasses} classes`)
  if (link === 'softmax' && classCount < 2) shape.get('num_class').fail('at least two classes')
  const base = baseOf(shape.get('base_score'), outputs, link)

  const booster = learner.get('gradient_booster')
  const name = booster.get('name').oneOf(['gbtree', 'dart'] as const)
  const inner = name === 'dart' ? booster.get('gbtree').get('model') : booster.get('model')
  const trees = inner.get('trees').items(0, many)
  const drops = name === 'dart' ? booster.get('weight_drop').numbers(0, many) : undefined
  if (drops !== undefined && drops.length !== trees.length)
    booster.get('weight_drop').fail(`${trees.length} weights`, `${drops.length}`)
  const info = inner.get('tree_info').numbers(0, many)
  if (info.length !== trees.length)
    inner.get('tree_info').fail(`${trees.length} numbers`, `${info.length}`)

  const collector = new TreeCollector()
  trees.forEach((tree, i) => {
    const output = info[i]
    if (!(Number.isInteger(output) && output >= 0 && output < outputs))
      inner.get('tree_info').fail(`outputs below ${outputs}`, `${output}`)
    addTree(collector, tree, output, features, drops?.[i] ?? 1)
  })
  return estimatorOf(
    {
      ...collector.finish(base, true),
      count: undefined,
      link,
      features,
      names: namesOf(learner, features),
      classes: link === 'softmax' ? classCount : link === 'logistic' ? 2 : undefined,
    },
    options,
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return new JsonReader('XGBoost model', text.slice(0, 40)).fail('JSON')
  }
}

/** XGBoost writes whole numbers as texts. */
function numberText(json: JsonReader, low: number): number {
  const value = Number(typeof json.value === 'string' ? json.value : json.integer())
  return Number.isInteger(value) && value >= low && value < many
    ? value
    : json.fail(`a whole number from ${low}`)
}

/** One number for all outputs, or one each: '5E-1' or '[5E-1,2E-1]'. */
function baseOf(json: JsonReader, outputs: number, link: ReadLink): number[] {
  const given = json
    .string()
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(text => (text.trim() === '' ? Number.NaN : Number(text)))
  if (given.length !== 1 && given.length !== outputs) json.fail(`1 or ${outputs} numbers`)
  return Array.from({ length: outputs }, (_, k) => {
    const base = rawScale[link](Math.fround(given.length === 1 ? given[0] : given[k]))
    return Number.isFinite(base) ? Math.fround(base) : json.fail('a base score')
  })
}

function namesOf(learner: JsonReader, features: number): readonly string[] | undefined {
  if (!learner.has('feature_names')) return undefined
  const names = learner.get('feature_names').items(0, many)
  if (names.length === 0) return undefined
  if (names.length !== features)
    learner.get('feature_names').fail(`${features} names`, `${names.length}`)
  return names.map(name => name.string())
}

function addTree(
  collector: TreeCollector,
  tree: JsonReader,
  output: number,
  features: number,
  weight: number,
): void {
  const parameters = tree.get('tree_param')
  if (parameters.has('size_leaf_vector') && numberText(parameters.get('size_leaf_vector'), 0) > 1)
    parameters.get('size_leaf_vector').fail('leaves of one value')
  const left = tree.get('left_children').numbers(1, many)
  const column = (key: string): Float64Array => {
    const values = tree.get(key).numbers(0, many)
    return values.length === left.length
      ? values
      : tree.get(key).fail(`${left.length} numbers`, `${values.length}`)
  }
  const right = column('right_children')
  const feature = column('split_indices')
  const condition = column('split_conditions')
  const defaultLeft = tree.has('default_left')
    ? tree
        .get('default_left')
        .items(left.length, left.length)
        .map(({ value }) => Boolean(value))
    : []
  const gain = tree.has('loss_changes') ? column('loss_changes') : undefined
  const sets = categoriesOf(tree, left.length)
  const nodeAt = (id: number): SourceNode => {
    if (!(Number.isInteger(id) && id >= 0 && id < left.length))
      return tree.fail(`children below ${left.length}`, `${id}`)
    if (left[id] === -1) return { value: Math.fround(condition[id] * weight) }
    if (!(Number.isInteger(feature[id]) && feature[id] >= 0 && feature[id] < features))
      return tree.get('split_indices').fail(`features below ${features}`, `${feature[id]}`)
    const shared = {
      feature: feature[id],
      left: left[id],
      right: right[id],
      gain: gain?.[id] ?? 0,
    }
    const missing = defaultLeft[id] === true ? nodeFlags.missingLeft : 0
    const members = sets.get(id)
    // Written out only here, where the collector bounds their sum.
    const set = members === undefined ? undefined : wordsOf(members).map(word => ~word >>> 0)
    return set === undefined
      ? { ...shared, threshold: justBelow(condition[id]), flags: missing }
      : { ...shared, threshold: 0, flags: missing | nodeFlags.unknownLeft, set }
  }
  collector.add(output, 0, nodeAt, id =>
    tree.fail('a tree', `node ${id} twice, or of too many categories`),
  )
}

/** Categories that go left, by node: XGBoost lists those that go right. */
function categoriesOf(tree: JsonReader, nodes: number): Map<number, readonly number[]> {
  const sets = new Map<number, readonly number[]>()
  if (!tree.has('categories_nodes')) return sets
  const at = tree.get('categories_nodes').numbers(0, many)
  const begin = tree.get('categories_segments').numbers(at.length, at.length)
  const size = tree.get('categories_sizes').numbers(at.length, at.length)
  const all = tree.get('categories').numbers(0, many)
  const kind = tree.get('split_type').numbers(nodes, nodes)
  at.forEach((node, i) => {
    const members = Array.from(all.subarray(begin[i], begin[i] + size[i]))
    const sound =
      members.length === size[i] && members.every(c => Number.isInteger(c) && c >= 0 && c < 2 ** 24)
    if (!sound || kind[node] !== 1 || sets.has(node))
      tree.get('categories').fail('categories of its nodes')
    sets.set(node, members)
  })
  if (kind.some((type, node) => type !== 0 && !sets.has(node)))
    tree.get('split_type').fail('categories for each node that has some')
  return sets
}

/** x < limit for float32 numbers as x ≤ threshold. Numbers too small for their exponent count as 0. */
function justBelow(limit: number): number {
  const smallest = 2 ** -126
  const value = new Float32Array([limit])
  if (Math.abs(value[0]) < smallest) return -smallest
  if (value[0] === smallest) return 0
  if (value[0] === Number.NEGATIVE_INFINITY) return value[0]
  const bits = new Int32Array(value.buffer)
  bits[0] += value[0] > 0 ? -1 : 1
  return value[0]
}
