// Labels may be texts or booleans: every metric of classes gives what it gives for numbers.

import { describe, expect, test } from 'vitest'
import type { Label } from '../../base/label.js'
import * as exported from './index.js'
import { distinctLabels, encodeLabels } from './labels.js'
import { casesOf, type Json } from './testing/oracle.js'

const metrics = { ...exported }

const { yTrue, yPred, yScore } = casesOf(
  new URL('./fixtures/multiclass.json', import.meta.url),
)[0] as Json
const binary = casesOf(new URL('./fixtures/binary.json', import.meta.url))[0] as Json

/** Ascending as the numbers are. */
const texts = ['Zebra', 'a', 'b', 'é']
const named = (labels: number[]) => labels.map(label => texts[label])

describe('texts', () => {
  const t = named(yTrue)
  const p = named(yPred)

  test.each(['macro', 'micro', 'weighted'] as const)('averages: %s', average => {
    for (const name of ['precision', 'recall', 'f1', 'jaccard'] as const)
      expect(metrics[name](t, p, { average })).toBe(metrics[name](yTrue, yPred, { average }))
  })

  test('metrics of labels', () => {
    for (const name of [
      'accuracy',
      'balancedAccuracy',
      'matthewsCorrcoef',
      'cohenKappa',
      'zeroOneLoss',
      'hammingLoss',
    ] as const)
      expect(metrics[name](t, p), name).toBe(metrics[name](yTrue, yPred))
    const { labels, matrix } = metrics.confusionMatrix(t, p)
    expect(labels).toEqual(texts)
    expect(matrix).toEqual(metrics.confusionMatrix(yTrue, yPred).matrix)
    expect(metrics.metricsPerClass(t, p, { labels: ['b'] }).recall).toEqual(
      metrics.metricsPerClass(yTrue, yPred, { labels: [2] }).recall,
    )
    expect(metrics.classificationReport(t, p).classes.map(row => row.name)).toEqual(texts)
  })

  test('metrics of scores, with the columns named or ascending', () => {
    const reversed = yScore.map((row: number[]) => [...row].reverse())
    for (const name of [
      'rocAuc',
      'prAuc',
      'logLoss',
      'brierScore',
      'd2Brier',
      'd2LogLoss',
      'topKAccuracy',
      'hingeLoss',
      'expectedCalibrationError',
    ] as const) {
      const expected = metrics[name](yTrue, yScore)
      expect(metrics[name](t, yScore), name).toBe(expected)
      expect(metrics[name](t, yScore, { labels: texts }), name).toBe(expected)
      expect(metrics[name](t, reversed, { labels: [...texts].reverse() }), name).toBeCloseTo(
        expected,
        12,
      )
    }
  })

  test('two classes, the positive one named', () => {
    const t = binary.yTrue.map((y: number) => (y === 1 ? 'no' : 'yes'))
    const p = binary.yPred.map((y: number) => (y === 1 ? 'no' : 'yes'))
    for (const name of ['precision', 'recall', 'f1', 'jaccard'] as const)
      expect(metrics[name](t, p, { positive: 'no' })).toBe(
        metrics[name](binary.yTrue, binary.yPred),
      )
    for (const name of ['rocAuc', 'prAuc', 'logLoss', 'brierScore', 'hingeLoss'] as const) {
      const expected = metrics[name](binary.yTrue, binary.yScore)
      expect(metrics[name](t, binary.yScore, { positive: 'no' })).toBe(expected)
      expect(metrics[name](t, binary.yScore, { labels: ['yes', 'no'] })).toBe(expected)
    }
    for (const name of ['rocCurve', 'precisionRecallCurve', 'detCurve'] as const)
      expect(metrics[name](t, binary.yScore, { positive: 'no' })).toEqual(
        metrics[name](binary.yTrue, binary.yScore),
      )
  })
})

test('booleans: true is positive', () => {
  const t = binary.yTrue.map((y: number) => y === 1)
  const p = binary.yPred.map((y: number) => y === 1)
  for (const name of ['accuracy', 'f1', 'matthewsCorrcoef'] as const)
    expect(metrics[name](t, p)).toBe(metrics[name](binary.yTrue, binary.yPred))
  expect(metrics.rocAuc(t, binary.yScore)).toBe(metrics.rocAuc(binary.yTrue, binary.yScore))
  expect(metrics.confusionMatrix(t, p).labels).toEqual([false, true])
})

test('numbers need not start at 0, nor be whole', () => {
  const other = (labels: number[]) => labels.map(label => label * 1000 - 2500)
  const halves = (labels: number[]) => labels.map(label => label / 2 + 0.25)
  for (const change of [other, halves]) {
    expect(metrics.f1(change(yTrue), change(yPred), { average: 'macro' })).toBe(
      metrics.f1(yTrue, yPred, { average: 'macro' }),
    )
    expect(metrics.rocAuc(change(yTrue), yScore)).toBe(metrics.rocAuc(yTrue, yScore))
  }
})

test('typed arrays and plain ones are alike', () => {
  const i = Int32Array.from(yTrue)
  const f = Float32Array.from(yPred)
  expect(metrics.cohenKappa(i, f)).toBe(metrics.cohenKappa(yTrue, yPred))
})

describe('places of labels', () => {
  test('texts by code unit, numbers by size, false first', () => {
    expect(distinctLabels(['b', 'B', 'é', 'a'])).toEqual(['B', 'a', 'b', 'é'])
    expect(distinctLabels([10, 9, -1], [2])).toEqual([-1, 2, 9, 10])
    expect(distinctLabels([true, false])).toEqual([false, true])
  })

  test.each<[string, Label[]]>([
    ['few numbers', [3, 1, 3, 7]],
    ['numbers far apart', [3e9, -5, 1e15, -5]],
    ['fractions', [0.5, 0.25, 0.5]],
    ['texts', ['x', 'b', 'x']],
  ])('%s', (_, values) => {
    const { labels, codes } = encodeLabels([values])
    expect(Array.from(codes[0], code => labels[code])).toEqual(values)
    const given = [...labels].reverse().slice(1)
    const some = encodeLabels([values], given)
    expect(Array.from(some.codes[0], code => given[code])).toEqual(
      values.map(value => (given.includes(value) ? value : undefined)),
    )
  })
})
