import { describe, expect, test } from 'vitest'
import { Random } from '../../base/philox.js'
import { bcaLevels, quantileOf, standardDeviation } from './bootstrap-interval.js'
import * as exported from './index.js'
import { casesOf, close, type Json } from './testing/oracle.js'

const metrics = { ...exported }
const { accuracy, bootstrap, f1, meanSquaredError, rocAuc } = exported

const cases = casesOf(new URL('./fixtures/bootstraps.json', import.meta.url))

describe('intervals from resampled values, against scipy', () => {
  test.each(cases.map(c => [c.name, c]))('%s', (_, c: Json) => {
    const { yTrue, yPred, expected: e } = c
    const metric = metrics[c.metric as 'r2']
    const values = Float64Array.from(c.values).sort()
    const tail = (1 - c.confidence) / 2
    close([quantileOf(values, tail), quantileOf(values, 1 - tail)], e.percentile, 'percentile')
    close(standardDeviation(values), e.standardError, 'standardError')
    const all = (column: number[], without: number) => column.filter((_, i) => i !== without)
    const without = yTrue.map((_: number, i: number) => metric(all(yTrue, i), all(yPred, i)))
    const levels = bcaLevels(metric(yTrue, yPred), values, without, tail)
    close(
      levels.map(level => quantileOf(values, level)),
      e.bca,
      'bca',
    )
  })
})

const random = new Random(5)
const rows = 300
const truth = Int32Array.from({ length: rows }, () => (random.uniform() < 0.3 ? 1 : 0))
const score = Float64Array.from(truth, y => y * 0.4 + random.uniform())
const predicted = Int32Array.from(score, s => (s > 0.7 ? 1 : 0))

describe('bootstrap', () => {
  test('the interval of an accuracy is that of a share', async () => {
    const { value, low, high, standardError, resamples } = await bootstrap(
      accuracy,
      truth,
      predicted,
    )
    expect(value).toBe(accuracy(truth, predicted))
    const expected = Math.sqrt((value * (1 - value)) / rows)
    expect(standardError).toBeGreaterThan(0.9 * expected)
    expect(standardError).toBeLessThan(1.1 * expected)
    expect((high - low) / (2 * 1.96 * expected)).toBeCloseTo(1, 0)
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
    expect(resamples).toBe(1000)
  })

  test('nine intervals of ten hold the true value', async () => {
    let held = 0
    for (let k = 0; k < 100; k++) {
      const t = Float64Array.from({ length: 60 }, () => random.uniform())
      const p = Float64Array.from({ length: 60 }, () => random.uniform())
      const { low, high } = await bootstrap(meanSquaredError, t, p, {
        resamples: 200,
        confidence: 0.9,
        method: k % 2 === 0 ? 'percentile' : 'bca',
      })
      if (low <= 1 / 6 && 1 / 6 <= high) held++
    }
    expect(held).toBeGreaterThanOrEqual(80)
    expect(held).toBeLessThanOrEqual(97)
  })

  test('the same seed gives the same interval, another seed another', async () => {
    const of = (seed: number) => bootstrap(rocAuc, truth, score, { seed, resamples: 50 })
    expect(await of(3)).toEqual(await of(3))
    expect(await of(3)).not.toEqual(await of(4))
  })

  test('arrays, texts, columns of scores, and metrics that answer later', async () => {
    const options = { resamples: 40 }
    const expected = await bootstrap(accuracy, truth, predicted, options)
    const texts = (labels: Int32Array) => Array.from(labels, y => (y === 1 ? 'yes' : 'no'))
    expect(await bootstrap(accuracy, Array.from(truth), Array.from(predicted), options)).toEqual(
      expected,
    )
    expect(await bootstrap(accuracy, texts(truth), texts(predicted), options)).toEqual(expected)
    const later = async (t: Int32Array, p: Int32Array) => accuracy(t, p)
    expect(await bootstrap(later, truth, predicted, options)).toEqual(expected)
    const two = Float64Array.from({ length: 2 * rows }, (_, i) =>
      i % 2 === 0 ? -score[i >> 1] : score[i >> 1],
    )
    const nested = Array.from(score, s => [-s, s])
    const area = await bootstrap(rocAuc, truth, score, options)
    expect(await bootstrap(rocAuc, truth, two, options)).toEqual(area)
    expect(await bootstrap(rocAuc, truth, nested, options)).toEqual(area)
  })

  test('weights go with their rows', async () => {
    const sampleWeight = Float64Array.from(truth, y => (y === 1 ? 3 : 1))
    const { value, standardError } = await bootstrap(accuracy, truth, predicted, {
      sampleWeight,
      resamples: 50,
    })
    expect(value).toBe(accuracy(truth, predicted, { sampleWeight }))
    const unweighted = await bootstrap(accuracy, truth, predicted, { resamples: 50 })
    expect(standardError).not.toBe(unweighted.standardError)
    const constant = { sampleWeight: new Float64Array(rows).fill(2), resamples: 50 }
    expect((await bootstrap(accuracy, truth, predicted, constant)).low).toBeCloseTo(
      unweighted.low,
      12,
    )
  })

  test('strata keep their rows', async () => {
    const share = (t: ArrayLike<number>) => Array.from(t).reduce((a, b) => a + b, 0)
    const { low, high, standardError } = await bootstrap(share, truth, predicted, {
      stratify: truth,
      resamples: 30,
    })
    expect([low, high, standardError]).toEqual([share(truth), share(truth), 0])
  })

  test('resamples in which the metric is undefined are left out', async () => {
    const rare = [1, ...new Array(20).fill(0)]
    const scores = rare.map((_, i) => Math.sin(i))
    const { resamples } = await bootstrap(rocAuc, rare, scores, { resamples: 200 })
    expect(resamples).toBeGreaterThan(100)
    expect(resamples).toBeLessThan(150)
    const stratified = { resamples: 200, stratify: rare }
    expect((await bootstrap(rocAuc, rare, scores, stratified)).resamples).toBe(200)
  })

  test('a value at its end: BCa stays beside it', async () => {
    const perfect = await bootstrap(rocAuc, truth, truth, { method: 'bca', resamples: 50 })
    expect([perfect.low, perfect.high]).toEqual([1, 1])
  })
})

describe('bad input', () => {
  const run = (options: object, t: unknown = truth, p: unknown = predicted) =>
    bootstrap(accuracy, t as number[], p as number[], options)

  test.each<[string, string, () => Promise<unknown>]>([
    ['no rows', 'DATA', () => run({}, [], [])],
    ['unequal lengths', 'SHAPE', () => run({}, [0, 1], [0, 1, 1])],
    ['no list', 'ARGUMENT', () => run({}, 3, [1])],
    ['a text', 'ARGUMENT', () => run({}, 'ab', 'ab')],
    ['one resample', 'ARGUMENT', () => run({ resamples: 1 })],
    ['a confidence of 95', 'ARGUMENT', () => run({ confidence: 95 })],
    ['an unknown method', 'ARGUMENT', () => run({ method: 'basic' })],
    ['an unknown option', 'ARGUMENT', () => run({ alpha: 0.05 })],
    ['weights too few', 'SHAPE', () => run({ sampleWeight: [1] })],
    ['strata too few', 'SHAPE', () => run({ stratify: [1] })],
    ['what the metric refuses', 'DATA', () => run({}, [0, Number.NaN], [0, 1])],
    ['a metric that is undefined', 'DATA', () => bootstrap(rocAuc, [1, 1, 1], [0.1, 0.2, 0.3])],
    [
      'a metric that is undefined too often',
      'DATA',
      () => {
        const inOrder = (t: ArrayLike<number>) => (t[0] === 1 && t[1] === 0 ? 1 : Number.NaN)
        return bootstrap(inOrder, [1, 0], [1, 0], { resamples: 40 })
      },
    ],
    ['no metric', 'ARGUMENT', () => bootstrap('accuracy' as never, [1], [1])],
    ['a metric of many values', 'ARGUMENT', () => bootstrap((() => [1]) as never, [1], [1])],
    ['an aborted signal', 'INTERRUPTED', () => run({ signal: AbortSignal.abort() })],
  ])('%s is an error', async (_, code, call) => {
    await expect(call()).rejects.toMatchObject({ code })
  })

  test('a fault inside the metric is not hidden', async () => {
    let calls = 0
    const metric = () => {
      if (calls++ > 3) throw new TypeError('of the metric')
      return 1
    }
    await expect(bootstrap(metric, [1], [1])).rejects.toThrow('of the metric')
  })

  test('a signal ends it between resamples', async () => {
    const controller = new AbortController()
    let calls = 0
    const slow = (t: ArrayLike<number>) => {
      if (++calls === 3) controller.abort()
      const until = performance.now() + 30
      while (performance.now() < until);
      return f1(t, t)
    }
    await expect(
      bootstrap(slow, truth, predicted, { signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(calls).toBeLessThan(6)
  })
})
