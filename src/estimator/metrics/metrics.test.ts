import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import * as exported from './index.js'

const metrics = { ...exported }

// biome-ignore lint/suspicious/noExplicitAny: fixtures are JSON
type Json = any

function cases(name: string): Json[] {
  const url = new URL(`./fixtures/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8'), (_, value) =>
    value === 'NaN' || value === 'Infinity' ? Number(value) : (value ?? undefined),
  ).cases
}

function close(actual: unknown, expected: Json, what: string): void {
  if (typeof expected === 'number') {
    if (!Number.isFinite(expected)) expect(actual, what).toBe(expected)
    else
      expect(Math.abs((actual as number) - expected), what).toBeLessThan(
        1e-10 * Math.max(1, Math.abs(expected)),
      )
    return
  }
  const list = Array.from(actual as ArrayLike<unknown>)
  expect(list.length, what).toBe(expected.length)
  for (const [i, value] of list.entries()) close(value, expected[i], `${what}[${i}]`)
}

describe('against scikit-learn: two classes', () => {
  test.each(cases('binary').map(c => [c.name, c]))('%s', (_, c: Json) => {
    const { yTrue, yScore, yPred, sampleWeight, expected: e } = c
    const o = { sampleWeight }
    close(metrics.accuracy(yTrue, yPred, o), e.accuracy, 'accuracy')
    close(metrics.balancedAccuracy(yTrue, yPred, o), e.balancedAccuracy, 'balancedAccuracy')
    for (const name of ['precision', 'recall', 'f1'] as const)
      close(metrics[name](yTrue, yPred, o), e[name], name)
    const one = { ...o, zeroDivision: 1 }
    close(metrics.recall(yTrue, yPred, one), e.recallZeroDivisionOne, 'recall')
    close(metrics.precision(yTrue, yPred, one), e.precisionZeroDivisionOne, 'precision')
    close(metrics.rocAuc(yTrue, yScore, o), e.rocAuc, 'rocAuc')
    close(metrics.prAuc(yTrue, yScore, o), e.prAuc, 'prAuc')
    close(metrics.logLoss(yTrue, yScore, o), e.logLoss, 'logLoss')
    const two = yScore.flatMap((p: number) => [1 - p, p])
    close(metrics.rocAuc(yTrue, two, o), e.rocAuc, 'rocAuc of two columns')
    close(metrics.logLoss(yTrue, two, o), e.logLoss, 'logLoss of two columns')
    for (const [name, dropIntermediate] of [
      ['rocCurve', true],
      ['rocCurveAll', false],
    ] as const) {
      const roc = metrics.rocCurve(yTrue, yScore, { ...o, dropIntermediate })
      close([roc.falsePositiveRate, roc.truePositiveRate, roc.thresholds], e[name], name)
    }
    const pr = metrics.precisionRecallCurve(yTrue, yScore, o)
    close([pr.precision, pr.recall, pr.thresholds], e.precisionRecallCurve, 'precisionRecallCurve')
    const uniform = metrics.calibrationCurve(yTrue, yScore, { bins: 7 })
    close(
      [uniform.fractionOfPositives, uniform.meanPredicted],
      e.calibrationUniform,
      'calibrationCurve',
    )
    const quantile = metrics.calibrationCurve(yTrue, yScore, { bins: 4, strategy: 'quantile' })
    close(
      [quantile.fractionOfPositives, quantile.meanPredicted],
      e.calibrationQuantile,
      'calibrationCurve by quantiles',
    )
    expect(quantile.counts.reduce((a, b) => a + b)).toBe(yTrue.length)
  })
})

describe('against scikit-learn: several classes', () => {
  test.each(cases('multiclass').map(c => [c.name, c]))('%s', (_, c: Json) => {
    const { yTrue, yScore, yPred, sampleWeight, expected: e } = c
    const o = { sampleWeight }
    close(metrics.accuracy(yTrue, yPred, o), e.accuracy, 'accuracy')
    close(metrics.topKAccuracy(yTrue, yScore, o), e.top2, 'top 2')
    close(metrics.topKAccuracy(yTrue, yScore, { ...o, k: 3 }), e.top3, 'top 3')
    close(metrics.balancedAccuracy(yTrue, yPred, o), e.balancedAccuracy, 'balanced')
    close(
      metrics.balancedAccuracy(yTrue, yPred, { ...o, adjusted: true }),
      e.balancedAccuracyAdjusted,
      'adjusted',
    )
    close(metrics.rocAuc(yTrue, yScore, o), e.rocAuc, 'rocAuc')
    close(metrics.rocAuc(yTrue, yScore.flat(), o), e.rocAuc, 'rocAuc, flat')
    close(metrics.rocAuc(yTrue, yScore, { ...o, average: 'weighted' }), e.rocAucWeighted, 'rocAuc')
    close(metrics.prAuc(yTrue, yScore, o), e.prAuc, 'prAuc')
    close(metrics.logLoss(yTrue, yScore, o), e.logLoss, 'logLoss')
    close(metrics.confusionMatrix(yTrue, yPred, o).matrix, e.confusionMatrix, 'confusion')
    for (const normalize of ['true', 'pred', 'all'] as const)
      close(
        metrics.confusionMatrix(yTrue, yPred, { ...o, normalize }).matrix,
        e[`confusionMatrix_${normalize}`],
        normalize,
      )
    for (const name of ['precision', 'recall', 'f1'] as const)
      for (const average of ['macro', 'micro', 'weighted'] as const)
        for (const [label, zeroDivision] of [
          ['0', 0],
          ['1', 1],
          ['nan', Number.NaN],
        ] as const)
          close(
            metrics[name](yTrue, yPred, { ...o, average, zeroDivision }),
            e[`${name}_${average}_${label}`],
            `${name} ${average} ${label}`,
          )
    const per = metrics.metricsPerClass(yTrue, yPred, o)
    close([per.precision, per.recall, per.f1, per.support], e.perClass, 'per class')
    const report = metrics.classificationReport(yTrue, yPred, o)
    const row = (r: exported.ReportRow) => [r.precision, r.recall, r.f1, r.support]
    for (const [mine, theirs] of [
      ...report.classes.map(r => [r, e.report[r.name]]),
      [report.macro, e.report['macro avg']],
      [report.weighted, e.report['weighted avg']],
    ])
      close(
        row(mine),
        [theirs.precision, theirs.recall, theirs['f1-score'], theirs.support],
        mine.name,
      )
  })
})

describe('against scikit-learn: regression', () => {
  const names = [
    'meanSquaredError',
    'rootMeanSquaredError',
    'meanAbsoluteError',
    'meanAbsolutePercentageError',
    'r2',
  ] as const
  test.each(cases('regression').map(c => [c.name, c]))('%s', (_, c: Json) => {
    for (const name of names)
      close(
        metrics[name](c.yTrue, c.yPred, { sampleWeight: c.sampleWeight }),
        c.expected[name],
        name,
      )
  })
})

describe('stated rules', () => {
  test('a class without rows is left out of the mean area', () => {
    const p = [
      [0.6, 0.3, 0.1],
      [0.5, 0.4, 0.1],
      [0.2, 0.7, 0.1],
      [0.55, 0.4, 0.05],
    ]
    expect(metrics.rocAuc([0, 0, 1, 1], p)).toBeCloseTo((0.75 + 0.875) / 2, 12)
    expect(metrics.rocAuc([0, 0, 0, 0], p)).toBeNaN()
    expect(metrics.prAuc([0, 0, 0, 0], p)).toBe(1)
  })

  test('rows with equal scores count half, whatever their order', () => {
    expect(metrics.rocAuc([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5])).toBe(0.5)
    expect(metrics.rocAuc([0, 1], [0.5, 0.5])).toBe(metrics.rocAuc([1, 0], [0.5, 0.5]))
  })

  test('a float32 certainty is clipped at the epsilon of float32', () => {
    expect(metrics.logLoss([1], Float32Array.of(0))).toBeCloseTo(23 * Math.LN2, 6)
    expect(metrics.logLoss([1], [0])).toBeCloseTo(52 * Math.LN2, 6)
  })

  test('the report reads as a table', () => {
    const text = String(
      metrics.classificationReport([0, 1, 1], [0, 1, 0], { names: ['no', 'yes'] }),
    )
    expect(text.split('\n')[2]).toBe('          no       0.50       1.00       0.67          1')
  })
})

describe('bad input', () => {
  const pairs = metrics as unknown as Record<string, (a: Json, b: Json, o?: Json) => unknown>
  const all = Object.keys(pairs).filter(name => name !== 'byGroup')
  test.each(all)('%s: no rows, unequal lengths, NaN, bad weights', name => {
    const metric = pairs[name]
    const code = (run: () => unknown) => {
      try {
        run()
      } catch (error) {
        return error instanceof AthanorError ? error.code : error
      }
      return 'no error'
    }
    expect(code(() => metric([], []))).toBe('DATA')
    expect(code(() => metric([0, 1], [0, 1, 1]))).toBe('SHAPE')
    expect(code(() => metric([0, Number.NaN], [0, 1]))).toBe('DATA')
    expect(code(() => metric([0, 1], [0, Number.NaN]))).toBe('DATA')
    expect(code(() => metric([0, 1], [0, Infinity]))).toBe('DATA')
    if (name === 'calibrationCurve') return
    expect(code(() => metric([0, 1], [0, 1], { sampleWeight: [1] }))).toBe('SHAPE')
    expect(code(() => metric([0, 1], [0, 1], { sampleWeight: [1, -1] }))).toBe('ARGUMENT')
    expect(code(() => metric([0, 1], [0, 1], { sampleWeight: [0, 0] }))).toBe('ARGUMENT')
  })

  test.each(all)('%s refuses an option that it does not know', name => {
    const call = () => pairs[name]([0, 1], [0, 1], { sampleWieght: [1, 1] })
    expect(call).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
    expect(call).toThrow(/sampleWieght/)
  })

  test.each<[string, RegExp, () => unknown]>([
    ['binary average of three classes', /average 'macro'/, () => metrics.f1([0, 1, 2], [0, 1, 2])],
    [
      'one score for three classes',
      /two classes/,
      () => metrics.rocAuc([0, 1, 2], [0.1, 0.2, 0.3]),
    ],
    [
      'a label that is no column',
      /labels from 0 to 2/,
      () => metrics.logLoss([0, 3], [0.2, 0.3, 0.5, 0.2, 0.3, 0.5]),
    ],
    ['logits', /softmax or sigmoid/, () => metrics.logLoss([0, 1], [-3, 2])],
    ['rows not summing to one', /sum to 1/, () => metrics.logLoss([0, 1], [0.2, 0.2, 0.5, 0.5])],
    ['a wrong positive', /positive label/, () => metrics.rocAuc([3, 4], [0.1, 0.2])],
    ['k of 0', /k to be a whole number of 1/, () => metrics.topKAccuracy([0], [[1, 0]], { k: 0 })],
    [
      'a label twice',
      /each label once/,
      () => metrics.confusionMatrix([0], [0], { labels: [0, 0] }),
    ],
    ['unknown labels', /at least one/, () => metrics.confusionMatrix([0], [0], { labels: [5] })],
    [
      'names too few',
      /2 names/,
      () => metrics.classificationReport([0, 1], [0, 1], { names: ['a'] }),
    ],
  ])('%s', (_, message, run) => {
    expect(run).toThrow(message)
    expect(run).toThrow(AthanorError)
  })
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
] as const)('%s refuses an unknown option', name => {
  const metric = (exported as Record<string, unknown>)[name] as (
    t: number[],
    p: number[],
    options: object,
  ) => unknown
  expect(() => metric([0, 1], [0, 1], { sampleWeights: [1, 1] })).toThrow(
    /'sampleWeights'\. Did you mean 'sampleWeight'\?/,
  )
})
