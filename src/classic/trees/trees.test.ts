// Trees against scikit-learn's where no tie decides; what trees do with missing values, weights, limits.

import { expect, test } from 'vitest'
import { near } from '../testing/oracle.js'
import {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreeClassifier,
  ExtraTreeRegressor,
} from './index.js'
import { fixture, matrixOf, sameTree } from './testing/grown.js'

const { data, cases } = fixture('trees')
const forms = fixture('tree-forms')

const treeOf = (numbers: boolean, params: object) =>
  numbers ? new DecisionTreeRegressor(params) : new DecisionTreeClassifier(params)

test.each(Object.keys(data))('the same trees as scikit-learn: %s', async name => {
  const own = cases.filter((c: { data: string }) => c.data === name)
  expect(own.length).toBeGreaterThan(5)
  const { numbers, y, weights } = data[name]
  const x = matrixOf(data[name])
  for (const { params, weighted, nodes, importances } of own) {
    const targets = params.criterion === 'poisson' ? y.map(Math.abs) : y
    const model = treeOf(numbers, params)
    await model.fit(x, targets, weighted ? { sampleWeight: weights } : {})
    const what = `${JSON.stringify(params)}${weighted ? ' weighted' : ''}`
    sameTree(model.tree, nodes, what)
    near(model.featureImportances, importances, 1e-6, `${what}: importances`)
  }
})

test('fully grown trees fit as well as scikit-learn’s, whatever ties decide', async () => {
  for (const name of ['iris, three features', 'wine', 'digits']) {
    const x = matrixOf(data[name])
    const tree = await new DecisionTreeClassifier().fit(x, data[name].y)
    expect(await tree.score(x, data[name].y)).toBeGreaterThan(0.98)
    const { impurity, childrenLeft } = tree.tree
    const impure = childrenLeft.filter((left, node) => left < 0 && impurity?.[node] !== 0)
    expect(impure.length).toBeLessThan(3)
  }
})

test('monotone constraints hold, and give scikit-learn’s trees', async () => {
  expect(forms.monotone.length).toBeGreaterThan(2)
  for (const one of forms.monotone) {
    const model = await treeOf(one.numbers, one.params).fit(matrixOf(one), one.y)
    sameTree(model.tree, one.nodes, JSON.stringify(one.params))
  }
  const [{ y, params, ...table }] = forms.monotone
  const tree = await new DecisionTreeRegressor(params).fit(matrixOf(table), y)
  const at = (first: number) => tree.predict([[first, 0.2, -0.3, 0.1]])
  let last = Number.NEGATIVE_INFINITY
  for (let first = -3; first < 3; first += 0.1) {
    const [value] = await at(first)
    expect(value).toBeGreaterThanOrEqual(last)
    last = value
  }
  await expect(
    new DecisionTreeClassifier({ monotonicCst: [1] }).fit([[1], [2], [3]], [0, 1, 2]),
  ).rejects.toThrow(/at most two classes/)
  await expect(
    new DecisionTreeRegressor({ monotonicCst: [1, 0] }).fit([[1], [2]], [0, 1]),
  ).rejects.toThrow(/monotonicCst for 1 features/)
})

test('cost-complexity pruning: the path, and the tree at one of its strengths', async () => {
  for (const { numbers, y, params, alphas, impurities, alpha, nodes, ...table } of forms.pruning) {
    const x = matrixOf(table)
    const model = treeOf(numbers, params)
    const path = await model.costComplexityPruningPath(x, y)
    near(path.ccpAlphas, alphas, 1e-7, 'alphas')
    near(path.impurities, impurities, 1e-7, 'impurities')
    expect(model.isFitted).toBe(false)
    const pruned = await treeOf(numbers, { ...params, ccpAlpha: alpha }).fit(x, y)
    sameTree(pruned.tree, nodes, `ccpAlpha ${alpha}`)
    const root = await treeOf(numbers, { ccpAlpha: 1e9 }).fit(x, y)
    expect([root.getDepth(), root.getNLeaves()]).toEqual([0, 1])
  }
})

test('missing values go where they gain most, new ones to the larger side', async () => {
  const x = [[1], [2], [3], [Number.NaN], [Number.NaN]]
  const tree = await new DecisionTreeClassifier().fit(x, ['a', 'a', 'a', 'b', 'b'])
  expect(await tree.predict([[9], [Number.NaN]])).toEqual(['a', 'b'])
  expect(tree.tree.threshold[0]).toBe(Infinity)
  const whole = await new DecisionTreeClassifier().fit([[1], [2], [3], [4]], ['a', 'b', 'b', 'b'])
  expect(await whole.predict([[Number.NaN]])).toEqual(['b'])
})

test('thresholds lie in the middle, and below the larger of neighbouring numbers', async () => {
  const fit = async (a: number, b: number) => {
    const tree = await new DecisionTreeClassifier().fit([[a], [b]], [0, 1])
    expect(Array.from(await tree.predict([[a], [b]]))).toEqual([0, 1])
    return tree.tree.threshold[0]
  }
  expect(await fit(1, 4)).toBe(2.5)
  expect(await fit(1, 1 + Number.EPSILON)).toBe(1)
  expect(await fit(-1.7e308, 1.7e308)).toBe(0)
  expect(await fit(0.1 + 0.2, 0.4)).toBeCloseTo(0.35, 12)
})

test('targets of a large offset and of tiny spread are told apart', async () => {
  const x = Array.from({ length: 40 }, (_, i) => [i])
  for (const y of [x.map(([v]) => 1e9 + v * 1e-3), x.map(([v]) => v * 1e-12)]) {
    const tree = await new DecisionTreeRegressor().fit(x, y)
    expect(Array.from(await tree.predict(x))).toEqual(y)
  }
})

test('rows without weight are as good as absent; weights count as rows', async () => {
  const x = [[1], [2], [3], [4], [5], [6]]
  const y = [0, 0, 1, 1, 0, 1]
  const params = { maxDepth: 2 }
  const weighted = await new DecisionTreeClassifier(params).fit(x, y, {
    sampleWeight: [1, 2, 3, 0, 1, 2],
  })
  const repeated = await new DecisionTreeClassifier(params).fit(
    [[1], [2], [2], [3], [3], [3], [5], [6], [6]],
    [0, 0, 0, 1, 1, 1, 0, 1, 1],
  )
  expect(await weighted.predictProba(x)).toEqual(await repeated.predictProba(x))
  expect(weighted.tree.nNodeSamples?.[0]).toBe(5)
  expect(weighted.tree.weightedNNodeSamples?.[0]).toBe(9)
})

test('apply, decisionPath, depth and leaves agree', async () => {
  const x = matrixOf(data.wine)
  const model = await new DecisionTreeClassifier({ maxDepth: 3 }).fit(x, data.wine.y)
  const { tree } = model
  const leaves = await model.apply(x)
  const path = await model.decisionPath(x)
  expect([path.rows, path.width]).toEqual([x.rows, tree.nodeCount])
  for (let row = 0; row < x.rows; row++) {
    const passed = path.indices.slice(path.indptr[row], path.indptr[row + 1])
    expect(passed[0]).toBe(0)
    expect(passed[passed.length - 1]).toBe(leaves[row])
    expect(passed.length).toBeLessThanOrEqual(model.getDepth() + 1)
    expect(tree.childrenLeft[leaves[row]]).toBe(-1)
  }
  expect(new Set(leaves).size).toBe(model.getNLeaves())
  expect(model.getDepth()).toBe(3)
})

test('limits: leaves, depth, rows of both sides', async () => {
  const x = matrixOf(data['two classes'])
  const { y } = data['two classes']
  const leaves = await new DecisionTreeClassifier({ maxLeafNodes: 7 }).fit(x, y)
  expect(leaves.getNLeaves()).toBe(7)
  const rows = await new DecisionTreeClassifier({ minSamplesLeaf: 0.1 }).fit(x, y)
  rows.tree.childrenLeft.forEach((left, node) => {
    if (left < 0) expect(rows.tree.nNodeSamples?.[node]).toBeGreaterThanOrEqual(26)
  })
  const few = await new DecisionTreeClassifier({ maxFeatures: 1, randomState: 3 }).fit(x, y)
  const other = await new DecisionTreeClassifier({ maxFeatures: 1, randomState: 4 }).fit(x, y)
  expect(few.tree.feature).not.toEqual(other.tree.feature)
})

test('drawn thresholds: between values, another tree for another seed, nearly as good', async () => {
  const x = matrixOf(data['two classes, missing values'])
  const { y } = data['two classes, missing values']
  const tree = await new ExtraTreeClassifier({ maxFeatures: null as never }).fit(x, y)
  expect(await tree.score(x, y)).toBe(1)
  const shallow = (randomState: number) =>
    new ExtraTreeRegressor({ maxDepth: 4, randomState }).fit(x, y)
  const [a, b] = [await shallow(1), await shallow(2)]
  expect(a.tree.threshold).not.toEqual(b.tree.threshold)
  expect(await a.score(x, y)).toBeGreaterThan(0.15)
})

test('sparse features are the same as dense ones', async () => {
  const dense = [
    [0, 2, 0],
    [1, 0, 0],
    [0, 0, 3],
    [0, 1, 0],
  ]
  const { SparseMatrix } = await import('../../estimator/sparse.js')
  const sparse = SparseMatrix.fromDense({ x: dense.flat(), rows: 4, width: 3 })
  const y = [1, 2, 3, 4]
  const a = await new DecisionTreeRegressor().fit(dense, y)
  const b = await new DecisionTreeRegressor().fit(sparse, y)
  expect(await b.predict(sparse)).toEqual(await a.predict(dense))
})

test('what does not fit is refused', async () => {
  const x = [[1], [2], [3]]
  const refused = (params: object, y: number[]) =>
    expect(new DecisionTreeRegressor(params).fit(x, y)).rejects
  await refused({ criterion: 'poisson' }, [1, -1, 0]).toThrow(/targets of 0 or more/)
  await refused({ criterion: 'poisson' }, [0, 0, 0]).toThrow(/zeros alone/)
  await refused({}, [1e300, -1e300, 0]).toThrow(/finite/)
  expect(() => new DecisionTreeClassifier({ maxDepth: 0 })).toThrow(/maxDepth/)
  expect(() => new DecisionTreeClassifier({ minSamplesLeaf: 1.5 })).toThrow(/minSamplesLeaf/)
  expect(() => new DecisionTreeClassifier({ criterion: 'ginny' as never })).toThrow(/'gini'/)
  const two = await new DecisionTreeClassifier().fit(x, [0, 1, 1], { classes: [0, 1, 2] })
  expect(await two.predictProba([[9]])).toEqual(Float64Array.of(0, 1, 0))
})
