// Every metric refuses what it cannot judge, with the one kind of error.

import { describe, expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import * as metrics from './index.js'
import type { Json } from './testing/oracle.js'

const called = { ...metrics } as unknown as Record<
  string,
  (a: Json, b: Json, o?: Json, p?: Json) => unknown
>

/** Metrics whose arguments are others than two columns. */
const elsewhere = [
  'byGroup',
  'bootstrap',
  'silhouette',
  'silhouetteSamples',
  'calinskiHarabasz',
  'daviesBouldin',
]
const rankings = [
  'dcg',
  'ndcg',
  'labelRankingAveragePrecision',
  'coverageError',
  'labelRankingLoss',
]
/** A third argument of its own. */
const curried: Record<string, (a: Json, b: Json, o?: Json) => unknown> = {
  fBeta: (a, b, o = {}) => metrics.fBeta(a, b, { beta: 1, ...o }),
  metricAtThresholds: (a, b, o) => metrics.metricAtThresholds(a, b, metrics.accuracy, o),
}
const noWeights = [
  'auc',
  'maxError',
  'calibrationCurve',
  'contingencyMatrix',
  'pairConfusionMatrix',
  'rand',
  'adjustedRand',
  'fowlkesMallows',
  'mutualInfo',
  'normalizedMutualInfo',
  'adjustedMutualInfo',
  'homogeneity',
  'completeness',
  'vMeasure',
  'homogeneityCompletenessVMeasure',
]
const pairs = Object.keys(called).filter(
  name => !elsewhere.includes(name) && !rankings.includes(name),
)
const metricOf = (name: string) => curried[name] ?? called[name]

function codeOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error instanceof AthanorError ? error.code : error
  }
  return 'no error'
}

describe('two columns', () => {
  test.each(pairs)('%s: no rows, unequal lengths, NaN, no list', name => {
    const metric = metricOf(name)
    expect(codeOf(() => metric([], []))).toBe('DATA')
    expect(codeOf(() => metric([0, 1], [0, 1, 1]))).toBe('SHAPE')
    expect(codeOf(() => metric([0, Number.NaN], [0, 1]))).toBe('DATA')
    expect(codeOf(() => metric([0, 1], [0, Number.NaN]))).toBe('DATA')
    expect(codeOf(() => metric([0, 1], [0, Infinity]))).toBe('DATA')
    expect(codeOf(() => metric([0, 1], [0, null]))).toBe('DATA')
    expect(codeOf(() => metric(undefined, [0, 1]))).toBe('ARGUMENT')
    expect(codeOf(() => metric([0, 1], undefined))).toBe('ARGUMENT')
    expect(codeOf(() => metric('ab', 'ab'))).toBe('ARGUMENT')
  })

  test.each(pairs.filter(name => !noWeights.includes(name)))('%s: bad weights', name => {
    const metric = metricOf(name)
    expect(codeOf(() => metric([0, 1], [0, 1], { sampleWeight: [1] }))).toBe('SHAPE')
    expect(codeOf(() => metric([0, 1], [0, 1], { sampleWeight: [1, -1] }))).toBe('ARGUMENT')
    expect(codeOf(() => metric([0, 1], [0, 1], { sampleWeight: [0, 0] }))).toBe('ARGUMENT')
    expect(codeOf(() => metric([0, 1], [0, 1], { sampleWeight: [1, Number.NaN] }))).toBe('DATA')
  })

  test.each(pairs.filter(name => name !== 'auc'))('%s refuses an unknown option', name => {
    const call = () => metricOf(name)([0, 1], [0, 1], { sampleWieght: [1, 1] })
    expect(call).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
    expect(call).toThrow(/sampleWieght/)
  })
})

test.each(rankings)('%s: tables that do not fit, NaN, bad weights', name => {
  const metric = called[name]
  const table = [
    [1, 0],
    [0, 1],
  ]
  expect(metric(table, table)).toBeTypeOf('number')
  expect(codeOf(() => metric([], []))).toBe('DATA')
  expect(codeOf(() => metric(table, [[1, 0]]))).toBe('SHAPE')
  expect(codeOf(() => metric(table, [[1, 0], [1]]))).toBe('SHAPE')
  expect(
    codeOf(() =>
      metric(table, [
        [1, 0],
        [1, Number.NaN],
      ]),
    ),
  ).toBe('DATA')
  expect(codeOf(() => metric(undefined, table))).toBe('ARGUMENT')
  expect(codeOf(() => metric([1, 0], [1, 0]))).toBe('ARGUMENT')
  expect(codeOf(() => metric(table, table, { sampleWeight: [1, -1] }))).toBe('ARGUMENT')
  expect(codeOf(() => metric(table, table, { weight: [1, 1] }))).toBe('ARGUMENT')
})

test.each<[string, RegExp, () => unknown]>([
  ['binary average of three classes', /average 'macro'/, () => metrics.f1([0, 1, 2], [0, 1, 2])],
  ['a positive that is no label', /one of 3 and 4/, () => metrics.f1([3, 4], [4, 4])],
  ['one score for three classes', /two classes/, () => metrics.rocAuc([0, 1, 2], [0.1, 0.2, 0.3])],
  [
    'a label that is no column',
    /labels from 0 to 2/,
    () => metrics.logLoss([0, 3], [0.2, 0.3, 0.5, 0.2, 0.3, 0.5]),
  ],
  ['logits', /softmax or sigmoid/, () => metrics.logLoss([0, 1], [-3, 2])],
  ['logits', /brierScore.*softmax or sigmoid/, () => metrics.brierScore([0, 1], [-3, 2])],
  ['rows not summing to one', /sum to 1/, () => metrics.logLoss([0, 1], [0.2, 0.2, 0.5, 0.5])],
  ['a wrong positive', /positive label/, () => metrics.rocAuc([3, 4], [0.1, 0.2])],
  ['k of 0', /k to be a whole number of 1/, () => metrics.topKAccuracy([0], [[1, 0]], { k: 0 })],
  ['a label twice', /each label once/, () => metrics.confusionMatrix([0], [0], { labels: [0, 0] })],
  ['unknown labels', /at least one/, () => metrics.confusionMatrix([0], [0], { labels: [5] })],
  ['unknown labels', /at least one/, () => metrics.cohenKappa([0], [0], { labels: [5] })],
  [
    'names too few',
    /2 names/,
    () => metrics.classificationReport([0, 1], [0, 1], { names: ['a'] }),
  ],
  ['scores as predictions', /whole numbers.*threshold/, () => metrics.accuracy([0, 1], [0.2, 0.9])],
  ['labels of two kinds', /labels of one kind/, () => metrics.accuracy([0, '1'], [0, 1])],
  ['predictions of another kind', /numbers in yPred/, () => metrics.accuracy([0, 1], ['0', '1'])],
  [
    'texts without a positive one',
    /positive, the label.*positive: 'yes'/,
    () => metrics.f1(['a', 'b'], ['a', 'b']),
  ],
  [
    'a positive of another kind',
    /among texts/,
    () => metrics.recall(['a', 'b'], ['a', 'b'], { positive: 1 }),
  ],
  [
    'a label without a column',
    /'c' at row 2, which labels lacks/,
    () =>
      metrics.logLoss(['a', 'b', 'c'], new Float64Array(9).fill(1 / 3), {
        labels: ['a', 'b', 'd'],
      }),
  ],
  [
    'too few labels for the columns',
    /3 labels, one a column/,
    () => metrics.rocAuc(['a', 'b'], new Float64Array(6), { labels: ['a', 'b'] }),
  ],
  ['one class of a DET curve', /two classes/, () => metrics.detCurve([1, 1], [0.1, 0.2])],
  ['one point', /two points/, () => metrics.auc([1], [1])],
  ['x that turns', /a turn at point 2/, () => metrics.auc([1, 2, 1], [1, 1, 1])],
  ['no beta', /beta, a number of 0 or more/, () => metrics.fBeta([0], [0], {} as never)],
  ['three classes', /two classes/, () => metrics.classLikelihoodRatios([0, 1, 2], [0, 1, 2])],
  ['two columns', /one decision value/, () => metrics.hingeLoss([0, 1], [1, 2, 3, 4])],
  [
    'part of the area of several classes',
    /maxFpr of 1/,
    () => metrics.rocAuc([0, 1, 2], new Float64Array(9), { maxFpr: 0.5 }),
  ],
  [
    'weights for pairs of classes',
    /no sampleWeight/,
    () =>
      metrics.rocAuc([0, 1, 2], new Float64Array(9), {
        multiClass: 'ovo',
        sampleWeight: [1, 1, 1],
      }),
  ],
  ['a target of -1', /above -1 in yPred/, () => metrics.meanSquaredLogError([1], [-1])],
  ['a negative count', /0 or more in yTrue/, () => metrics.meanPoissonDeviance([-1], [1])],
  ['a mean of 0', /above 0 in yPred/, () => metrics.meanPoissonDeviance([1], [0])],
  ['a gamma target of 0', /above 0 in yTrue/, () => metrics.meanGammaDeviance([0], [1])],
  ['a power between', /at most 0/, () => metrics.meanTweedieDeviance([1], [1], { power: 0.5 })],
  ['an alpha of 2', /alpha/, () => metrics.meanPinballLoss([1], [1], { alpha: 2 })],
  ['negative relevance', /relevance of 0/, () => metrics.ndcg([[1, -1]], [[1, 0]])],
  ['one item', /two items/, () => metrics.ndcg([[1]], [[1]])],
  [
    'a truth that is no yes or no',
    /1 for relevant/,
    () => metrics.coverageError([[1, 2]], [[1, 0]]),
  ],
  [
    'no metric',
    /a function of yTrue/,
    () => metrics.metricAtThresholds([0, 1], [0, 1], 'f1' as never),
  ],
])('%s', (_, message, run) => {
  expect(run).toThrow(message)
  expect(run).toThrow(AthanorError)
})

test.each([
  'accuracy',
  'f1',
  'precision',
  'recall',
  'balancedAccuracy',
  'rocAuc',
  'prAuc',
  'logLoss',
  'r2',
  'confusionMatrix',
  'rocCurve',
  'meanSquaredError',
])('%s suggests the nearest option', name => {
  expect(() => called[name]([0, 1], [0, 1], { sampleWeights: [1, 1] })).toThrow(
    /'sampleWeights'\. Did you mean 'sampleWeight'\?/,
  )
})
