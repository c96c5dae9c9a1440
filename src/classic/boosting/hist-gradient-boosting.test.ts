// Boosting beyond the oracle: constraints hold on every path, missing cells and categories, the same bits at
// any number of threads, WebAssembly, stopping, cancellation, saved forms that somebody changed.

import { describe, expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import { Random } from '../../base/philox.js'
import { rocAuc } from '../../estimator/metrics/index.js'
import { packArrays } from '../../estimator/state.js'
import { openExecutor } from '../../execute/select.js'
import { nodeFlags, type TreeEnsemble } from '../trees/tree-ensemble.js'
import { HistGradientBoostingClassifier, HistGradientBoostingRegressor } from './index.js'

/** A table of `width` uniform features and a smooth target of the first three. */
function table(rows: number, width = 3, seed = 1) {
  const random = new Random(seed)
  const x = Float64Array.from({ length: rows * width }, () => random.uniform() * 4 - 2)
  const y = Float64Array.from({ length: rows }, (_, r) => {
    const [a, b, c] = x.subarray(r * width, r * width + 3)
    return Math.sin(2 * a) + (b > 0.5 ? c : -0.5 * c) + 0.3 * (random.uniform() - 0.5)
  })
  return { x: { x, rows, width }, y, labels: Array.from(y, v => (v > 0 ? 'high' : 'low')) }
}

const regressor = (params = {}) =>
  new HistGradientBoostingRegressor({ maxIter: 10, earlyStopping: false, ...params })

const fails = (code: string) => (error: unknown) =>
  error instanceof AthanorError && error.code === code

/** The nodes from the root to each leaf, by tree. */
function pathsOf({ trees }: HistGradientBoostingRegressor): number[][] {
  const paths: number[][] = []
  const visit = (node: number, above: number[]) => {
    const path = [...above, node]
    if (trees.feature[node] < 0) paths.push(path)
    else for (const child of [0, 1]) visit(trees.left[node] + child, path)
  }
  for (const root of trees.treeStart.slice(0, -1)) visit(root, [])
  return paths
}

describe('what parameters promise', () => {
  const { x, y } = table(2000)

  test('leaves, depth and rows of a leaf stay within their limits', async () => {
    const params = { maxLeafNodes: 9, maxDepth: 4, minSamplesLeaf: 70 }
    const model = await regressor(params).fit(x, y)
    const counts = (model.toJSON().state as { count: unknown }).count
    expect(counts).toBeDefined()
    for (const path of pathsOf(model)) expect(path.length - 1).toBeLessThanOrEqual(4)
    const { treeStart, feature } = model.trees
    for (let t = 0; t < 10; t++) {
      const leaves = feature.subarray(treeStart[t], treeStart[t + 1]).filter(f => f < 0).length
      expect(leaves).toBeGreaterThan(4)
      expect(leaves).toBeLessThanOrEqual(9)
    }
    const rows = leafRows(model, x.x, 3)
    expect(Math.min(...rows.values())).toBeGreaterThanOrEqual(70)
  })

  test('predictions rise and fall as monotonicCst says', async () => {
    const model = await regressor({ monotonicCst: [1, 0, -1], maxIter: 60 }).fit(x, y)
    const random = new Random(2)
    for (let trial = 0; trial < 30; trial++) {
      const b = random.uniform() * 4 - 2
      for (const [place, sign] of [
        [0, 1],
        [2, -1],
      ]) {
        const other = random.uniform() * 4 - 2
        const line = Array.from({ length: 41 }, (_, i) => {
          const row = [other, b, other]
          row[place] = i / 10 - 2
          return row
        })
        const answers = await model.predict(line)
        for (let i = 1; i < answers.length; i++)
          expect(sign * (answers[i] - answers[i - 1])).toBeGreaterThanOrEqual(0)
      }
    }
  })

  test('features meet on a path only as interactionCst says', async () => {
    const model = await regressor({ interactionCst: [[0, 1]] }).fit(x, y)
    const met = new Set(
      pathsOf(model).map(path =>
        [...new Set(path.map(n => model.trees.feature[n]).filter(f => f >= 0))].sort().join(),
      ),
    )
    expect([...met].every(set => ['0', '1', '0,1', '2', ''].includes(set))).toBe(true)
    expect(met.has('0,1')).toBe(true)
  })

  test('maxFeatures draws by the seed', async () => {
    const fit = async (randomState: number) =>
      (await regressor({ maxFeatures: 0.4, randomState }).fit(x, y)).trees
    expect(await fit(1)).toEqual(await fit(1))
    expect((await fit(1)).feature).not.toEqual((await fit(2)).feature)
  })

  test('more leaves than histograms find room for are counted anew', async () => {
    const params = {
      maxLeafNodes: null,
      minSamplesLeaf: 1,
      maxIter: 1,
      learningRate: 1,
      maxBins: 255,
    }
    const wide = table(700, 800)
    const model = await regressor(params).fit(wide.x, wide.y)
    expect(model.trees.values.length).toBeGreaterThan(400)
    const predicted = await model.predict(wide.x)
    const worst = predicted.reduce((most, v, i) => Math.max(most, Math.abs(v - wide.y[i])), 0)
    expect(worst).toBeLessThan(0.05)
  })
})

/** Rows of each leaf of tree 0. */
function leafRows(model: HistGradientBoostingRegressor, x: Float64Array, width: number) {
  const { feature, threshold, left } = model.trees
  const counts = new Map<number, number>()
  for (let at = 0; at < x.length; at += width) {
    let node = 0
    while (feature[node] >= 0) node = left[node] + Number(x[at + feature[node]] > threshold[node])
    counts.set(node, (counts.get(node) ?? 0) + 1)
  }
  return counts
}

describe('missing cells and categories', () => {
  test('missing cells go where they help, on either side', async () => {
    for (const value of [5, -5]) {
      const x = Array.from({ length: 400 }, (_, i) => [i % 4 === 0 ? Number.NaN : (i % 100) / 10])
      const y = x.map(([a]) => (Number.isNaN(a) ? value : a > 5 ? 1 : 0))
      const model = await regressor({ maxIter: 60 }).fit(x, y)
      const [missing, low, high] = await model.predict([[Number.NaN], [1], [9]])
      expect(missing).toBeCloseTo(value, 1)
      expect(low).toBeCloseTo(0, 1)
      expect(high).toBeCloseTo(1, 1)
    }
  })

  test('a division may part all numbers from missing cells', async () => {
    const x = Array.from({ length: 100 }, (_, i) => [i % 2 === 0 ? Number.NaN : i])
    const y = x.map(([a]) => Number(Number.isNaN(a)))
    const model = await regressor({ maxIter: 1, maxLeafNodes: 2, learningRate: 1 }).fit(x, y)
    expect(model.trees.threshold[0]).toBe(Number.POSITIVE_INFINITY)
    expect([...(await model.predict([[Number.NaN], [1e300], [-1e300]]))]).toEqual([1, 0, 0])
    const again = HistGradientBoostingRegressor.fromJSON(JSON.parse(JSON.stringify(model)))
    expect([...(await again.predict([[Number.NaN], [5]]))]).toEqual([1, 0])
  })

  test('categories of any values, in sets; new ones as if missing', async () => {
    const values = [-3.5, 0.25, 7, 1e6, 12, 13, 99]
    const high = new Set([-3.5, 1e6, 13])
    const x = Array.from({ length: 700 }, (_, i) => [values[i % 7], i % 5])
    const y = x.map(([a, b]) => (high.has(a) ? 10 : 0) + b * 0.01)
    const params = { categoricalFeatures: [0], maxIter: 1, learningRate: 1, maxLeafNodes: 2 }
    const model = await regressor(params).fit(x, y)
    expect(model.trees.flags[0] & nodeFlags.categorical).toBe(nodeFlags.categorical)
    const answers = await model.predict(values.map(v => [v, 2]))
    values.forEach((v, i) => {
      expect(answers[i]).toBeCloseTo(high.has(v) ? 10.02 : 0.02, 6)
    })
    // Most rows are low: a category of 0.5 was never seen, and nothing was learned of missing cells.
    const [unseen, missing] = await model.predict([
      [0.5, 2],
      [Number.NaN, 2],
    ])
    expect(unseen).toBe(missing)
    expect(unseen).toBeCloseTo(0.02, 6)
  })

  test('columns by name; names and numbers that are not there, and too many categories, are errors', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ size: i % 13, kind: i % 6, id: i }))
    const y = rows.map(({ kind, size }) => (kind === 2 || kind === 5 ? 3 : 0) + size * 0.1)
    const model = await regressor({
      categoricalFeatures: ['kind'],
      monotonicCst: [['size', 1]],
    }).fit(rows, y)
    const { trees } = model
    const sets = trees.feature.filter((_, i) => (trees.flags[i] & nodeFlags.categorical) !== 0)
    expect(new Set(sets)).toEqual(new Set([1]))
    const fit = (params: object) => regressor(params).fit(rows, y)
    await expect(fit({ categoricalFeatures: ['kynd'] })).rejects.toThrow(/'kynd'.*kind/s)
    await expect(fit({ categoricalFeatures: [3] })).rejects.toSatisfy(fails('ARGUMENT'))
    await expect(fit({ monotonicCst: [1, 1] })).rejects.toThrow(/3 directions/)
    await expect(fit({ categoricalFeatures: ['kind'], monotonicCst: [0, 1, 0] })).rejects.toThrow(
      /'?kind/,
    )
    await expect(fit({ interactionCst: [['size', 'age']] })).rejects.toThrow(/'age'/)
    await expect(fit({ categoricalFeatures: ['id'] })).rejects.toThrow(/'id'/)
  })
})

describe('the same everywhere', () => {
  // Enough rows for pieces, enough columns for panels.
  const { x, y, labels } = table(40_000, 40)
  const args = (width: number, loss: number, outputs: number, targets: Float64Array) => ({
    kind: 'histGradientBoosting' as const,
    numbers: [
      ...[x.rows, width, 1, x.rows, 0, loss, 0.5, outputs, 0.1, 3, 31, 0, 20, 0, 0.5, 255, 3],
      ...[0, 1e-7, 0],
    ],
    arrays: [x.x, targets, ...Array.from({ length: 7 }, () => new Int32Array(0))],
  })
  const results = (executor: ReturnType<typeof openExecutor>, call: ReturnType<typeof args>) => {
    const job = executor.openJob(call)
    if (job === undefined) throw new Error('refused')
    while (job.advance(1e7) === 0);
    const all = job.results().map(buffer => Buffer.from(buffer).toString('base64'))
    job.dispose()
    return all
  }
  const cases = [
    ['numbers', args(40, 0, 1, y)],
    [
      'two classes',
      args(
        40,
        5,
        1,
        Float64Array.from(labels, l => Number(l === 'high')),
      ),
    ],
    [
      'three classes',
      args(
        40,
        6,
        3,
        y.map(v => (v < -0.5 ? 0 : v < 0.5 ? 1 : 2)),
      ),
    ],
  ] as const

  test.each(cases)('%s: the same bits at any number of threads', (_, call) => {
    const [one, two, five] = [1, 2, 5].map(threads =>
      results(openExecutor({ name: 'native', threads }), call),
    )
    expect(two).toEqual(one)
    expect(five).toEqual(one)
  })

  test('WebAssembly grows the same trees', () => {
    const parse = (all: string[]) => ({
      feature: new Int32Array(Buffer.from(all[5], 'base64').buffer.slice(0)),
      all,
    })
    const native = parse(results(openExecutor({ name: 'native', threads: 2 }), cases[0][1]))
    const wasm = parse(results(openExecutor({ name: 'wasm' }), cases[0][1]))
    // Features, thresholds, children and counts; gains and values may differ in the last bit.
    for (const i of [4, 5, 6, 7, 8, 12]) expect(wasm.all[i]).toBe(native.all[i])
  })

  test('float32 features are compared as such', async () => {
    const narrow = { ...x, x: Float32Array.from(x.x) }
    const wide = { ...x, x: Float64Array.from(narrow.x) }
    const a = await regressor({ maxIter: 3 }).fit(narrow, y)
    const b = await regressor({ maxIter: 3 }).fit(wide, y)
    expect(a.trees).toEqual(b.trees)
    expect(await a.predict(narrow)).toEqual(await a.predict(wide))
  })

  test('weights of 2 do as rows that come twice', async () => {
    const few = table(300)
    const weights = Float64Array.from({ length: 300 }, (_, i) => 1 + (i % 2))
    const twice = [...few.x.x.keys()].filter(i => Math.floor(i / 3) % 2 === 1)
    const doubled = {
      x: Float64Array.from([...few.x.x, ...twice.map(i => few.x.x[i])]),
      rows: 450,
      width: 3,
    }
    const targets = Float64Array.from([...few.y, ...few.y.filter((_, i) => i % 2 === 1)])
    const params = { minSamplesLeaf: 1, maxLeafNodes: 8, maxBins: 255 }
    const a = await regressor(params).fit(few.x, few.y, { sampleWeight: weights })
    const b = await regressor(params).fit(doubled, targets)
    // Edges are quantiles of other rows; the fits agree all the same.
    const [pa, pb] = [await a.predict(few.x), await b.predict(few.x)]
    expect(rmse(pa, pb)).toBeLessThan(0.1 * rmse(pa, few.y))
  })
})

function rmse(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return Math.sqrt(sum / a.length)
}

describe('stopping', () => {
  test('held-out rows stop it; the shares of classes are kept', async () => {
    const { x, labels } = table(1500)
    const noisy = labels.map((l, i) => (i % 4 === 0 ? (l === 'high' ? 'low' : 'high') : l))
    const params = { earlyStopping: true, maxIter: 500, nIterNoChange: 5, learningRate: 0.3 }
    const model = await new HistGradientBoostingClassifier(params).fit(x, noisy)
    expect(model.nIter).toBeLessThan(200)
    expect(model.validationScore.length).toBe(model.nIter + 1)
    const best = Math.max(...model.validationScore)
    expect(model.validationScore.indexOf(best)).toBe(model.nIter - 5)
    expect(model.trainScore[model.nIter]).toBeGreaterThan(model.trainScore[0])
  })

  test('auto watches beyond 10,000 rows only', async () => {
    const { x, y } = table(10_001)
    const params = { maxIter: 3, earlyStopping: 'auto' }
    expect((await regressor(params).fit(x, y)).validationScore.length).toBe(4)
    const fewer = { x: x.x.subarray(3), rows: 10_000, width: 3 }
    expect((await regressor(params).fit(fewer, y.subarray(1))).validationScore.length).toBe(0)
  })

  test('too few rows to hold any out', async () => {
    const params = { earlyStopping: true, validationFraction: 5 }
    await expect(regressor(params).fit([[1], [2], [3]], [1, 2, 3])).rejects.toThrow(/5 would be/)
  })

  test('progress tells iterations and the loss; a signal stops it and leaves the model as it was', async () => {
    const { x, y } = table(30_000, 10)
    const model = regressor({ maxIter: 2 })
    await model.fit(x, y)
    const before = JSON.stringify(model)
    const seen: number[] = []
    const other = regressor({ maxIter: 400 })
    const controller = new AbortController()
    const stopped = other.fit(x, y, {
      signal: controller.signal,
      onProgress: ({ iteration, loss, fraction }) => {
        if (iteration > 0) expect(loss).toBeGreaterThan(0)
        expect(fraction).toBeLessThan(1)
        seen.push(iteration)
        if (iteration > 5) controller.abort()
      },
    })
    await expect(stopped).rejects.toSatisfy(fails('INTERRUPTED'))
    expect(other.isFitted).toBe(false)
    expect(seen.at(-1)).toBeGreaterThan(5)
    await expect(model.fit(x, y, { signal: AbortSignal.abort() })).rejects.toSatisfy(
      fails('INTERRUPTED'),
    )
    expect(JSON.stringify(model)).toBe(before)
  })
})

describe('answers', () => {
  const { x, y, labels } = table(600)

  test('staged predictions end in the prediction', async () => {
    const model = await regressor().fit(x, y)
    let stages = 0
    let last = new Float64Array(0)
    for await (const stage of model.stagedPredict(x)) {
      stages++
      last = stage as Float64Array<ArrayBuffer>
    }
    expect(stages).toBe(10)
    const predicted = await model.predict(x)
    last.forEach((v, i) => {
      expect(v).toBeCloseTo(predicted[i], 10)
    })
    const classes = await new HistGradientBoostingClassifier({ maxIter: 4 }).fit(x, labels)
    const losses: number[] = []
    const truth = labels.map(l => Number(l === 'low'))
    for await (const proba of classes.stagedPredictProba(x))
      losses.push(
        1 -
          rocAuc(
            truth,
            proba.filter((_, i) => i % 2 === 1),
          ),
      )
    expect(losses.length).toBe(4)
    expect(losses[3]).toBeLessThan(losses[0])
  })

  test('scores and probabilities say the same; absent classes have none', async () => {
    const three = Array.from(y, v => (v < -0.5 ? 0 : v < 0.5 ? 5 : 7))
    const model = await new HistGradientBoostingClassifier({ maxIter: 5 }).fit(x, three, {
      classes: [0, 5, 6, 7],
    })
    const proba = await model.predictProba(x)
    const scores = await model.decisionFunction(x)
    const predicted = await model.predict(x)
    for (let row = 0; row < 600; row++) {
      const p = [...proba.subarray(row * 4, row * 4 + 4)]
      expect(p[2]).toBe(0)
      expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
      const s = [...scores.subarray(row * 4, row * 4 + 4)]
      expect(model.classes[s.indexOf(Math.max(...s))]).toBe(predicted[row])
    }
  })

  test('shares of gains add up to 1, most for what matters', async () => {
    const wide = table(1000, 6)
    const model = await regressor({ maxIter: 20 }).fit(wide.x, wide.y)
    const shares = model.featureImportances as Float64Array
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
    expect(Math.min(...shares.subarray(0, 3))).toBeGreaterThan(Math.max(...shares.subarray(3)))
  })

  test('losses: quantiles cover their part, counts stay positive, targets out of range are errors', async () => {
    const params = { loss: 'quantile', quantile: 0.9, maxIter: 60 } as const
    const upper = await (await regressor(params).fit(x, y)).predict(x)
    const covered = upper.filter((v, i) => v >= y[i]).length / 600
    expect(covered).toBeGreaterThan(0.86)
    expect(covered).toBeLessThan(0.94)
    const counts = y.map(v => Math.round(Math.exp(v)))
    const poisson = await (await regressor({ loss: 'poisson' }).fit(x, counts)).predict(x)
    expect(Math.min(...poisson)).toBeGreaterThan(0)
    await expect(regressor({ loss: 'poisson' }).fit(x, y)).rejects.toSatisfy(fails('DATA'))
    await expect(regressor({ loss: 'gamma' }).fit(x, counts)).rejects.toSatisfy(fails('DATA'))
    await expect(regressor({ loss: 'quantile' }).fit(x, y)).rejects.toSatisfy(fails('ARGUMENT'))
  })

  test('huge and tiny targets, one far from all others', async () => {
    const plain = await (await regressor().fit(x, y)).predict(x)
    for (const scale of [2 ** 500, 2 ** -500]) {
      const model = await regressor().fit(
        x,
        y.map(v => v * scale),
      )
      expect(await model.predict(x)).toEqual(plain.map(v => v * scale))
    }
    const outlier = Float64Array.from(y)
    outlier[0] = 1e6
    const robust = await regressor({ loss: 'absoluteError', maxIter: 60 }).fit(x, outlier)
    const predicted = await robust.predict(x)
    expect(rmse(predicted.subarray(1), y.subarray(1))).toBeLessThan(0.5)
  })
})

// biome-ignore lint/suspicious/noExplicitAny: JSON that is about to be spoilt
type Parts = any

describe('saved forms', () => {
  test('come back equal, and changed ones are refused', async () => {
    const { x, labels } = table(300)
    const flagged = { x: x.x.map((v, i) => (i % 3 === 2 ? Math.round(v) : v)), rows: 300, width: 3 }
    const model = await new HistGradientBoostingClassifier({
      maxIter: 3,
      minSamplesLeaf: 5,
      categoricalFeatures: [2],
    }).fit(flagged, labels)
    const text = JSON.stringify(model)
    const again = HistGradientBoostingClassifier.fromJSON(JSON.parse(text))
    expect(JSON.stringify(again)).toBe(text)
    expect(await again.predictProba(flagged)).toEqual(await model.predictProba(flagged))
    const spoil = (change: (state: Parts) => void) => {
      const parts = JSON.parse(JSON.stringify(packArrays(model.toParts())))
      change(parts.state)
      return () => HistGradientBoostingClassifier.fromJSON(parts)
    }
    const set = (key: keyof TreeEnsemble, at: number, value: number) => (state: Parts) => {
      const array = Array.from(model.trees[key] as Float64Array)
      array[at] = value
      state.trees[key] = array
    }
    expect(spoil(() => {})).not.toThrow()
    const changes: ((state: Parts) => void)[] = [
      set('left', 0, 0),
      set('left', 0, 1e6),
      set('feature', 0, 3),
      set('values', 0, Number.NaN),
      set('treeStart', 1, 0),
      state => {
        state.trees.outputs = 3
      },
      state => {
        state.categoricalColumns = [5]
      },
      state => {
        state.categories = []
      },
      state => {
        state.gain = [1]
      },
      state => {
        state.link = 'probit'
      },
    ]
    for (const change of changes) expect(spoil(change)).toThrow(AthanorError)
  })
})

test('its trees are to be had one by one, and add up to its predictions', async () => {
  const x = Array.from({ length: 60 }, (_, i) => ({ size: i, weight: (i * 7) % 11 }))
  const y = x.map(({ size, weight }) => size + weight)
  const model = await new HistGradientBoostingRegressor({ maxIter: 3, minSamplesLeaf: 5 }).fit(x, y)
  const row = { size: 31, weight: 4 }
  let sum = model.trees.base[0]
  for (let t = 0; t < model.nIter; t++) {
    const tree = model.tree(t)
    expect(tree.nNodeSamples?.[0]).toBe(60)
    let node = 0
    while (tree.childrenLeft[node] >= 0) {
      const value = [row.size, row.weight][tree.feature[node]]
      node = value <= tree.threshold[node] ? tree.childrenLeft[node] : tree.childrenRight[node]
    }
    sum += tree.value[node]
  }
  expect((await model.predict([row]))[0]).toBeCloseTo(sum, 12)
  expect(() => model.tree(3)).toThrow(/a tree from 0 to 2/)
})
