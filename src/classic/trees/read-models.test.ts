// Models of XGBoost and LightGBM predict as they did there, and damaged files are refused.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import {
  HistGradientBoostingClassifier,
  type HistGradientBoostingRegressor,
} from '../boosting/index.js'
import { type Json, near } from '../testing/oracle.js'
import { lightgbmFromText } from './read-lightgbm.js'
import { xgboostFromJSON } from './read-xgboost.js'

const fixture = (name: string): Json =>
  JSON.parse(
    readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'),
    (_, value) => (value === 'NaN' ? Number.NaN : value),
  )

const xgboost = fixture('xgboost')
const lightgbm = fixture('lightgbm')

/** Raw scores and answers, on few rows (walked) and many (the kernel). */
async function predictsAs(model: Json, { x, width }: Json, { answers, raw }: Json) {
  const rows = x.length / width
  const matrix = { x: Float64Array.from(x), rows, width }
  const times = 60
  const repeated = new Float64Array(x.length * times)
  for (let i = 0; i < times; i++) repeated.set(matrix.x, i * x.length)
  const many = { x: repeated, rows: rows * times, width }
  const isClassifier = model instanceof HistGradientBoostingClassifier
  for (const input of [matrix, many]) {
    const said = isClassifier ? await model.predictProba(input) : await model.predict(input)
    const outputs = answers.length / rows
    // The libraries give one column for two classes, and do not add a lone one up.
    const perRow = said.length / input.rows
    const own =
      perRow === 2 && outputs === 1
        ? Array.from({ length: rows }, (_, r) => said[2 * r + 1])
        : Array.from(said.slice(0, answers.length))
    near(own, answers, 2e-6)
    if (isClassifier && raw !== undefined && raw.length === rows)
      near(Array.from((await model.decisionFunction(input)).slice(0, rows)), raw, 2e-6)
  }
}

describe('XGBoost', () => {
  test.each<Json[]>(xgboost.cases.map((c: Json) => [c.name, c]))('%s', async (_, c) => {
    const model = xgboostFromJSON(JSON.stringify(c.model))
    await predictsAs(model, xgboost, c)
    await predictsAs(xgboostFromJSON(c.model), xgboost, c)
    const Class = model.constructor as typeof HistGradientBoostingRegressor
    await predictsAs(Class.fromJSON(JSON.parse(JSON.stringify(model))), xgboost, c)
    const shares = model.featureImportances as Float64Array
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 6)
  })

  test('classes have the labels one gives', async () => {
    const model = xgboostFromJSON(xgboost.cases[3].model, { classes: ['a', 'b', 'c'] })
    const [label] = await model.predict([[0, 0, 0, 0, 0]])
    expect(['a', 'b', 'c']).toContain(label)
    expect(() => xgboostFromJSON(xgboost.cases[3].model, { classes: ['a', 'b'] })).toThrow(
      AthanorError,
    )
  })

  test('anything else is refused', () => {
    const binary = xgboost.cases[0].model
    const spoilt = (change: (learner: Json, tree: Json) => void) => {
      const copy = structuredClone(binary)
      change(copy.learner, copy.learner.gradient_booster.model.trees[0])
      return copy
    }
    const bad: unknown[] = [
      '',
      '{"learner":',
      '[]',
      {},
      spoilt((_, tree) => {
        tree.left_children[0] = 0
      }),
      spoilt((_, tree) => {
        tree.left_children[0] = 1e6
      }),
      spoilt((_, tree) => {
        tree.right_children[1] = tree.left_children[1]
      }),
      spoilt((_, tree) => {
        tree.split_indices[0] = 5
      }),
      spoilt((_, tree) => {
        tree.split_indices[0] = -1
      }),
      spoilt((_, tree) => {
        tree.split_conditions.pop()
      }),
      spoilt((_, tree) => {
        tree.split_conditions[0] = null
      }),
      spoilt((_, tree) => {
        tree.categories_sizes = tree.categories_sizes.map(() => 1000)
      }),
      spoilt((_, tree) => {
        tree.categories = tree.categories.map(() => 2 ** 30)
      }),
      spoilt((_, tree) => {
        tree.split_type = tree.split_type.map(() => 1)
      }),
      spoilt((_, tree) => {
        tree.tree_param.size_leaf_vector = '3'
      }),
      spoilt(learner => {
        learner.gradient_booster.model.tree_info[0] = 1
      }),
      spoilt(learner => {
        learner.gradient_booster.name = 'gblinear'
      }),
      spoilt(learner => {
        learner.objective.name = 'survival:cox'
      }),
      spoilt(learner => {
        learner.learner_model_param.num_feature = '2'
      }),
      spoilt(learner => {
        learner.learner_model_param.num_feature = '-1'
      }),
      spoilt(learner => {
        learner.learner_model_param.base_score = '2'
      }),
      spoilt(learner => {
        learner.feature_names = ['a']
      }),
      JSON.parse('{"__proto__": {"learner": 1}}'),
    ]
    for (const model of bad)
      expect(() => xgboostFromJSON(model as object), JSON.stringify(model).slice(0, 60)).toThrow(
        AthanorError,
      )
  })
})

describe('LightGBM', () => {
  test.each<Json[]>(lightgbm.cases.map((c: Json) => [c.name, c]))('%s', async (_, c) => {
    const model = lightgbmFromText(c.model)
    await predictsAs(model, lightgbm, c)
    const Class = model.constructor as typeof HistGradientBoostingRegressor
    await predictsAs(Class.fromJSON(JSON.parse(JSON.stringify(model))), lightgbm, c)
    await predictsAs(lightgbmFromText(c.model.replaceAll('\n', '\r\n')), lightgbm, c)
  })

  test('anything else is refused', () => {
    const { model } = lightgbm.cases[0]
    const change = (from: string | RegExp, to: string) => {
      const changed = model.replace(from, to)
      expect(changed).not.toBe(model)
      return changed
    }
    const bad: unknown[] = [
      '',
      {},
      'trees\n',
      model.slice(0, model.length / 2),
      change('version=v4', 'version=v9'),
      change('num_class=1', 'num_class=2'),
      change('num_class=1', 'num_class=1e9'),
      change('max_feature_idx=4', 'max_feature_idx=1'),
      change('objective=binary sigmoid:1', 'objective=cross_entropy_lambda'),
      change('sigmoid:1', 'sigmoid:-1'),
      change('Tree=1', 'Tree=2'),
      change(/left_child=-?\d+/, 'left_child=0'),
      change(/left_child=-?\d+/, 'left_child=77'),
      change(/right_child=-?\d+/, 'right_child=-50'),
      change(/split_feature=\d/, 'split_feature=5'),
      change(/leaf_value=\S+/, 'leaf_value=nan'),
      change(/leaf_value=\S+/, 'leaf_value='),
      change(/threshold=\S+/, 'threshold=nan'),
      change(/decision_type=\d+/, 'decision_type=64'),
      change(/num_leaves=\d+/, 'num_leaves=3'),
      change(/cat_boundaries=0 \d/, 'cat_boundaries=0 9'),
      change(/cat_threshold=\d+/, 'cat_threshold=-1'),
      change('is_linear=0', 'is_linear=1'),
      change('feature_names=Column_0 ', 'feature_names='),
      change('version=v4', 'version=v4\nversion=v4'),
    ]
    for (const text of bad)
      expect(() => lightgbmFromText(text as string), String(text).slice(0, 60)).toThrow(
        AthanorError,
      )
  })
})
