// Pipelines, column transformers, unions and transformed targets against scikit-learn, and what is their own.

import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import { Dataset } from '../../data/dataset.js'
import { Table } from '../../data/table.js'
import { BaseTransformer } from '../../estimator/base-transformer.js'
import type { Classifier, Estimator, Regressor, Transformer } from '../../estimator/contract.js'
import type { Matrix } from '../../estimator/matrix.js'
import type { RawColumns } from '../../estimator/raw-columns.js'
import { crossValScore } from '../../estimator/selection/cross-validate.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { nestedParams } from '../../estimator/with-params.js'
import { KMeans } from '../cluster/index.js'
import { SimpleImputer } from '../impute/index.js'
import { LogisticRegression, Ridge } from '../linear/index.js'
import {
  MaxAbsScaler,
  MinMaxScaler,
  OneHotEncoder,
  OrdinalEncoder,
  PolynomialFeatures,
  QuantileTransformer,
  StandardScaler,
  TargetEncoder,
} from '../preprocessing/index.js'
import '../register.js'
import { casesOf, type Json, near, rowsOf } from '../testing/oracle.js'
import {
  ColumnTransformer,
  columnsOfType,
  FeatureUnion,
  makePipeline,
  Pipeline,
  TransformedTargetRegressor,
} from './index.js'

const cases = casesOf(new URL('./fixtures/compose.json', import.meta.url))
const casesNamed = (name: string) => cases.filter(c => c.name === name)

const penguins = readPenguins()
const numeric = ['beak_length_mm', 'beak_depth_mm', 'flipper_length_mm', 'body_mass_g']
const pick = (names: readonly string[]) =>
  penguins.map(row => Object.fromEntries(names.map(name => [name, row[name]])))
const x = pick([...numeric, 'island', 'sex'])
const y = penguins.map(row => row.species as string)

function readPenguins(): Record<string, string | number | null>[] {
  const url = new URL('../../../examples/data/penguins.csv', import.meta.url)
  const [head, ...lines] = readFileSync(url, 'utf8').trim().split('\n')
  const names = head.split(',')
  return lines.map(line =>
    Object.fromEntries(
      line.split(',').map((text, j) => {
        const isNumber = text !== '' && Number.isFinite(Number(text))
        return [names[j], text === '' || text === 'NA' ? null : isNumber ? Number(text) : text]
      }),
    ),
  )
}

const columns = () =>
  new ColumnTransformer({
    transformers: [
      [
        'numbers',
        new Pipeline({
          steps: [
            ['impute', new SimpleImputer({ strategy: 'median' })],
            ['scale', new StandardScaler()],
          ],
        }),
        columnsOfType('number'),
      ],
      [
        'texts',
        new Pipeline({
          steps: [
            ['impute', new SimpleImputer({ strategy: 'mostFrequent' })],
            ['hot', new OneHotEncoder()],
          ],
        }),
        ['island', 'sex'],
      ],
    ],
  })

const penguinModel = () =>
  new Pipeline({
    steps: [
      ['columns', columns()],
      ['logistic', new LogisticRegression({ tol: 1e-9, maxIter: 1000 })],
    ],
  })

describe('a whole model of the penguins', () => {
  const [expected] = casesNamed('penguins')
  const some = expected.rows.map((row: number) => x[row])

  test('as scikit-learn, from records, a table, a dataset, saved and read', async () => {
    const model = await penguinModel().fit(x, y)
    const out = await model.namedSteps.columns.transform(some)
    near(rowsOf(out as Matrix), expected.out, 1e-9, 'out')
    expect(out.names).toEqual(expected.names)
    expect(model.featureNamesOut).toEqual(expected.names)
    near(model.namedSteps.logistic.coef, expected.coef.flat(), 1e-4, 'coef')
    const probabilities = Array.from(await model.predictProba(some))
    near(probabilities, expected.probabilities.flat(), 1e-5, 'probabilities')
    expect(await model.predict(some)).toEqual(expected.predictions)
    expect(await model.score(x, y)).toBeCloseTo(expected.score, 12)
    expect(model.classes).toEqual(['Adelie', 'Chinstrap', 'Gentoo'])

    const table = Table.fromObjects(x)
    const fromTable = await penguinModel().fit(table, y)
    near(Array.from(await fromTable.predictProba(some)), probabilities, 1e-9)
    const dataset = await Dataset.fromTable(Table.fromObjects(penguins))
    const named = await penguinModel()
      .withParams({ columns__remainder: 'drop' })
      .fit(dataset, 'species')
    expect(await named.predict(some)).toEqual(expected.predictions)

    const again = Pipeline.fromJSON(JSON.parse(JSON.stringify(model)))
    expect(Array.from(await again.predictProba(some))).toEqual(probabilities)
    expect(JSON.stringify(again)).toBe(JSON.stringify(model))
  })

  test('types follow from the steps', () => {
    const model = penguinModel()
    expectTypeOf<typeof model.estimatorType>().toEqualTypeOf<'classifier'>()
    expectTypeOf(model).toExtend<Classifier>()
    expectTypeOf(model).toExtend<Estimator>()
    expectTypeOf(model.namedSteps.logistic).toEqualTypeOf<LogisticRegression>()
    const scaled = new Pipeline({
      steps: [
        ['scale', new StandardScaler()],
        ['ridge', new Ridge()],
      ],
    })
    expectTypeOf(scaled).toExtend<Regressor>()
    expectTypeOf(new Pipeline({ steps: [['scale', new StandardScaler()]] })).toExtend<Transformer>()
    expect([model.estimatorType, scaled.estimatorType]).toEqual(['classifier', 'regressor'])
  })

  test('cross-validated', async () => {
    const matrix = x.map(row => numeric.map(name => (row[name] as number | null) ?? Number.NaN))
    const model = new Pipeline({
      steps: [
        ['impute', new SimpleImputer()],
        ['scale', new StandardScaler()],
        ['logistic', new LogisticRegression()],
      ],
    })
    const scores = await crossValScore(model, matrix, y, { cv: 3 })
    expect(Math.min(...scores)).toBeGreaterThan(0.95)
  })
})

describe('Pipeline', () => {
  const small = [[1], [2], [3], [5]]
  const target = [2, 4, 6, 10]

  test('fits copies; a failed fit leaves it as it was', async () => {
    const scaler = new StandardScaler()
    const model = new Pipeline({
      steps: [
        ['scale', scaler],
        ['ridge', new Ridge({ alpha: 1e-9 })],
      ],
    })
    await model.fit(small, target)
    expect([scaler.isFitted, model.namedSteps.scale.isFitted]).toEqual([false, true])
    const before = Array.from(await model.predict([[4]]))
    expect(before[0]).toBeCloseTo(8, 6)
    await expect(model.fit(small, [1, 2])).rejects.toThrow(AthanorError)
    expect(Array.from(await model.predict([[4]]))).toEqual(before)
    expect(model.clone().isFitted).toBe(false)
  })

  test('weights go to the last step, progress comes from all', async () => {
    const model = new Pipeline({
      steps: [
        ['scale', new MinMaxScaler()],
        ['ridge', new Ridge()],
      ],
    })
    const seen: number[] = []
    await model.fit(small, target, {
      sampleWeight: [1, 0, 2, 1],
      onProgress: ({ fraction }) => seen.push(fraction),
    })
    const scaled = await new MinMaxScaler().fitTransform(small)
    const ridge = await new Ridge().fit(scaled, target, { sampleWeight: [1, 0, 2, 1] })
    expect(model.namedSteps.ridge.coef).toEqual(ridge.coef)
    expect(seen[seen.length - 1]).toBe(1)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    const signal = AbortSignal.abort()
    await expect(model.fit(small, target, { signal })).rejects.toThrow(/abort/)
  })

  test('transformers, clusterers, passthrough and the way back', async () => {
    const there = new Pipeline({
      steps: [
        ['scale', new StandardScaler()],
        ['nothing', 'passthrough'],
        ['range', new MinMaxScaler()],
      ],
    })
    const out = (await there.fitTransform(small)) as Matrix
    near(Array.from(out.x), [0, 0.25, 0.5, 1], 1e-12)
    near(rowsOf((await there.inverseTransform(out)) as Matrix), small, 1e-12)
    const groups = new Pipeline({
      steps: [
        ['scale', new StandardScaler()],
        ['means', new KMeans({ nClusters: 2, nInit: 1 })],
      ],
    })
    expect(groups.estimatorType).toBe('clusterer')
    const labels = await groups.fitPredict([[0], [0.1], [9], [9.1]])
    expect(labels[0]).toBe(labels[1])
    expect(labels).toEqual(groups.labels)
    await expect(groups.predictProba(small)).rejects.toThrow(/last step that has predictProba/)
  })

  test('nested parameters', async () => {
    const model = penguinModel()
    const changed = model.withParams({
      logistic__C: 5,
      columns__numbers__impute__strategy: 'mean',
      columns__texts: 'drop',
    })
    expect(nestedParams(changed)).toMatchObject({
      logistic__C: 5,
      columns__numbers__impute__strategy: 'mean',
      columns__texts: 'drop',
    })
    expect(model.namedSteps.logistic.params.C).toBe(1)
    expect(() => model.withParams({ logistic__c: 1, logistics__C: 1 })).toThrow(
      /Did you mean 'logistic__C'/,
    )
    expect(() => model.withParams({ logistic__C: -1 })).toThrow(/C to be/)
    const replaced = model.withParams({ logistic: new LogisticRegression(), logistic__C: 9 })
    expect(replaced.namedSteps.logistic.params.C).toBe(9)
  })

  test('the target may be a column, absent later or not', async () => {
    const rows = [1, 2, 3, 5].map((a, i) => ({ a, b: target[i] }))
    const model = await makePipeline(new StandardScaler(), new Ridge()).fit(rows, 'b')
    expect(model.featureNamesIn).toEqual(['a'])
    expect(await model.predict(rows)).toEqual(await model.predict(rows.map(({ a }) => ({ a }))))
    expect(model.params.steps.map(([name]) => name)).toEqual(['standardscaler', 'ridge'])
  })

  test('fitTransform of a step counts: targets are encoded by other folds', async () => {
    const texts = Array.from({ length: 30 }, (_, i) => [['a', 'b', 'c'][i % 3]])
    const values = texts.map((_, i) => Math.sin(i * 5))
    const model = new Pipeline({
      steps: [
        ['encode', new TargetEncoder()],
        ['ridge', new Ridge()],
      ],
    })
    await model.fit(texts, values)
    const crossFitted = await new TargetEncoder().fitTransform(texts, values)
    const ridge = await new Ridge().fit(crossFitted, values)
    expect(model.namedSteps.ridge.coef).toEqual(ridge.coef)
    expect(model.tags).toMatchObject({ input: 'table', needsTargets: true })
  })

  test('what cannot be a pipeline', () => {
    const steps = (...list: unknown[]) => new Pipeline({ steps: list } as never)
    expect(() => steps()).toThrow(/list of/)
    expect(() => steps(['a__b', new Ridge()])).toThrow(/names without __/)
    expect(() => steps(['a', new Ridge()], ['b', new Ridge()])).toThrow(/Ridge as 'a'/)
    expect(() => steps(['a', new StandardScaler()], ['a', new Ridge()])).toThrow(/each name once/)
  })

  test('hostile files are refused', async () => {
    const model = await makePipeline(new StandardScaler(), new Ridge()).fit(small, target)
    const json = () => JSON.parse(JSON.stringify(model))
    const bad = (change: (json: Json) => void) => {
      const altered = json()
      change(altered)
      return () => Pipeline.fromJSON(altered)
    }
    const refused = /altered|known class/
    expect(bad(j => j.state.steps.pop())).toThrow(refused)
    expect(bad(j => j.state.steps.reverse())).toThrow(refused)
    expect(bad(j => (j.state.steps[0][1] = 'passthrough'))).toThrow(refused)
    expect(bad(j => (j.state.steps[0][1].state = null))).toThrow(refused)
    expect(bad(j => (j.params.steps[0][1].estimator = 'Evil'))).toThrow(refused)
    let nested: Json = json()
    for (let depth = 0; depth < 5000; depth++)
      nested = { ...json(), params: { steps: [['p', nested]] }, state: null }
    expect(() => Pipeline.fromJSON(nested)).toThrow(AthanorError)
  })
})

describe('ColumnTransformer', () => {
  const whole = x.filter(row => Object.values(row).every(value => value !== null))

  test.each(casesNamed('sparse').map(c => [c.threshold, c]))(
    'sparse below %f',
    async (_, c: Json) => {
      const transformer = new ColumnTransformer({
        transformers: [
          ['hot', new OneHotEncoder(), ['island', 'sex']],
          ['scale', new StandardScaler(), ['body_mass_g']],
        ],
        sparseThreshold: c.threshold,
      })
      const out = await transformer.fitTransform(whole)
      expect(out instanceof SparseMatrix).toBe(c.sparse)
      expect((await transformer.transform(whole)) instanceof SparseMatrix).toBe(c.sparse)
    },
  )

  test('the rest passed through; dropped columns may be absent later', async () => {
    const [expected] = casesNamed('remainder')
    const given = whole.map(({ sex: _, ...row }) => row)
    const transformer = new ColumnTransformer({
      transformers: [
        ['scale', new MinMaxScaler(), 'body_mass_g'],
        ['no', 'drop', ['island']],
      ],
      remainder: 'passthrough',
    })
    const out = await transformer.fitTransform(given)
    near(rowsOf(out as Matrix).slice(0, 5), expected.out, 1e-12)
    expect(transformer.featureNamesOut).toEqual(expected.names)
    const without = given.map(({ island: _, ...row }) => row)
    expect(rowsOf((await transformer.transform(without)) as Matrix)).toEqual(rowsOf(out as Matrix))
    const broken = given.map(({ body_mass_g: _, ...row }) => row)
    await expect(transformer.transform(broken)).rejects.toThrow(/'body_mass_g' among them/)
  })

  test('columns by place, from the end, of sparse features, of texts', async () => {
    const rows = [
      [1, 2, 3],
      [4, 0, 6],
    ]
    const choose = (columns: number[]) =>
      new ColumnTransformer({ transformers: [['keep', 'passthrough', columns]] })
    expect(rowsOf((await choose([-1, 0]).fitTransform(rows)) as Matrix)).toEqual([
      [3, 1],
      [6, 4],
    ])
    const sparse = SparseMatrix.fromDense({ x: Float64Array.from(rows.flat()), rows: 2, width: 3 })
    const out = await choose([2, 1]).fitTransform(sparse)
    expect(rowsOf(out as SparseMatrix)).toEqual([
      [3, 2],
      [6, 0],
    ])
    const texts = new ColumnTransformer({
      transformers: [['keep', 'passthrough', columnsOfType('category', 'number')]],
    })
    const kept = (await texts.fitTransform([{ a: 'x', b: 1, c: true }])) as RawColumns
    expect(kept.table.row(0)).toEqual({ keep__a: 'x', keep__b: 1 })
  })

  test('columns that are not there, twice, or nothing at all', async () => {
    const choose = (columns: Json, more = {}) =>
      new ColumnTransformer({ transformers: [['a', 'passthrough', columns]], ...more })
    await expect(choose('bill').fit(whole)).rejects.toThrow(/column 'bill'/)
    await expect(choose([9]).fit(whole)).rejects.toThrow(/place among 6 columns/)
    await expect(choose(['sex', 'sex']).fit(whole)).rejects.toThrow(/once/)
    await expect(choose([]).fit(whole)).rejects.toThrow(/some column/)
    expect(() => columnsOfType('numbers' as never)).toThrow(/Did you mean 'number'/)
    const twice = new ColumnTransformer({
      transformers: [
        ['a', 'passthrough', ['body_mass_g']],
        ['b', new MaxAbsScaler(), ['body_mass_g']],
      ],
      verboseFeatureNamesOut: false,
    })
    await expect(twice.fit(whole)).rejects.toThrow(/'body_mass_g' from two/)
  })

  test('a transformer of one’s own sees a matrix', async () => {
    const seen: unknown[] = []
    class Own extends BaseTransformer<Record<never, never>, { n: number }> {
      constructor() {
        super({ name: 'Own', parameters: {}, state: { n: undefined as never } })
      }
      protected learn({ x: given }: { x: Matrix }) {
        seen.push(given.x.length)
        return { n: 1 }
      }
      protected apply(given: Matrix) {
        return given
      }
      protected namesOf(inputs: readonly string[]) {
        return inputs
      }
    }
    const transformer = new ColumnTransformer({ transformers: [['own', new Own(), numeric]] })
    await transformer.fit(whole)
    expect(seen).toEqual([whole.length * 4])
  })
})

describe('FeatureUnion', () => {
  test('as scikit-learn', async () => {
    const [expected] = casesNamed('union')
    const whole = x.filter(row => Object.values(row).every(value => value !== null))
    const union = new FeatureUnion({
      transformerList: [
        [
          'hot',
          new ColumnTransformer({
            transformers: [['h', new OneHotEncoder(), [4]]],
            sparseThreshold: 1,
            verboseFeatureNamesOut: false,
          }),
        ],
        [
          'more',
          new ColumnTransformer({
            transformers: [['p', new PolynomialFeatures({ includeBias: false }), [0, 1]]],
          }),
        ],
      ],
    })
    const out = (await union.fitTransform(whole)) as SparseMatrix
    expect(out instanceof SparseMatrix).toBe(expected.sparse)
    near(rowsOf(out).slice(0, 5), expected.out, 1e-12)
    expect(union.featureNamesOut).toEqual(expected.names)
    const again = FeatureUnion.fromJSON(JSON.parse(JSON.stringify(union)))
    expect(rowsOf((await again.transform(whole)) as SparseMatrix)).toEqual(rowsOf(out))
  })

  test('weights, dropped parts', async () => {
    const union = new FeatureUnion({
      transformerList: [
        ['plain', 'passthrough'],
        ['gone', 'drop'],
        ['scaled', new MaxAbsScaler()],
      ],
      transformerWeights: { scaled: 10 },
    })
    expect(rowsOf((await union.fitTransform([[2], [4]])) as Matrix)).toEqual([
      [2, 5],
      [4, 10],
    ])
  })
})

describe('TransformedTargetRegressor', () => {
  const whole = penguins.filter(row =>
    [...numeric, 'island', 'sex'].every(name => row[name] !== null),
  )
  const features = whole.map(row => numeric.slice(0, 3).map(name => row[name] as number))
  const mass = whole.map(row => row.body_mass_g as number)

  test.each(casesNamed('target').map((c, i) => [i, c]))(
    'as scikit-learn, %i',
    async (_, c: Json) => {
      const model = new TransformedTargetRegressor({
        regressor: new Ridge(),
        ...(c.params.func
          ? c.params
          : {
              transformer: new QuantileTransformer({
                nQuantiles: 50,
                outputDistribution: 'normal',
              }),
            }),
      })
      await model.fit(features, mass)
      near(Array.from(await model.predict(features.slice(0, 10))), c.predictions, 1e-6)
      expect(await model.score(features, mass)).toBeCloseTo(c.score, 8)
      const again = TransformedTargetRegressor.fromJSON(JSON.parse(JSON.stringify(model)))
      expect(await again.predict(features)).toEqual(await model.predict(features))
    },
  )

  test('raw columns reach the regressor; what does not fit is refused', async () => {
    const model = new TransformedTargetRegressor({
      regressor: new Pipeline({
        steps: [
          ['code', new OrdinalEncoder()],
          ['ridge', new Ridge()],
        ],
      }),
      func: 'log1p',
    })
    await model.fit([['a'], ['b'], ['a']], [1, 2, 1])
    expect((await model.predict([['b']]))[0]).toBeGreaterThan(1)
    await expect(model.fit([['a'], ['b']], [1, -1])).rejects.toThrow(/log1p.*-1 at row 1/)
    const both = { regressor: new Ridge(), func: 'log' as const, transformer: new MinMaxScaler() }
    expect(() => new TransformedTargetRegressor(both)).toThrow(/either/)
    expect(
      () =>
        new TransformedTargetRegressor({
          regressor: new Ridge(),
          func: 'log',
          inverseFunc: 'expm1',
        }),
    ).toThrow(/inverseFunc 'exp'/)
  })
})
