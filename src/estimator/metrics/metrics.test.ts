import { describe, expect, test } from 'vitest'
import * as exported from './index.js'
import { casesOf, close, type Json } from './testing/oracle.js'

const metrics = { ...exported }

const cases = (name: string) => casesOf(new URL(`./fixtures/${name}.json`, import.meta.url))

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

  test.each(cases('binary').map(c => [c.name, c]))('%s: the others', (_, c: Json) => {
    const { yTrue, yScore, yPred, sampleWeight, expected: e } = c
    const o = { sampleWeight }
    const check = (name: string, value: () => unknown) => {
      if (name in e && e[name] !== undefined) close(value(), e[name], name)
    }
    check('fBetaHalf', () => metrics.fBeta(yTrue, yPred, { ...o, beta: 0.5 }))
    check('fBeta2', () => metrics.fBeta(yTrue, yPred, { ...o, beta: 2 }))
    for (const name of [
      'jaccard',
      'matthewsCorrcoef',
      'cohenKappa',
      'zeroOneLoss',
      'hammingLoss',
    ] as const)
      check(name, () => metrics[name](yTrue, yPred, o))
    check('zeroOneLossCount', () => metrics.zeroOneLoss(yTrue, yPred, { ...o, normalize: false }))
    for (const name of ['brierScore', 'd2Brier', 'd2LogLoss'] as const)
      check(name, () => metrics[name](yTrue, yScore, o))
    check('brierScoreWhole', () => metrics.brierScore(yTrue, yScore, { ...o, scaleByHalf: false }))
    check('logLossSum', () => metrics.logLoss(yTrue, yScore, { ...o, normalize: false }))
    const decision = yScore.map((p: number) => 3 * p - 1.5)
    check('hingeLoss', () => metrics.hingeLoss(yTrue, decision, o))
    check('likelihoodRatios', () => {
      const ratios = metrics.classLikelihoodRatios(yTrue, yPred, { ...o, labels: [0, 1] })
      return [ratios.positive, ratios.negative]
    })
    check('rocAucPart', () => metrics.rocAuc(yTrue, yScore, { ...o, maxFpr: 0.3 }))
    check('rocAucPart2', () => metrics.rocAuc(yTrue, yScore, { ...o, maxFpr: 0.85 }))
    check('topOne', () => metrics.topKAccuracy(yTrue, yScore, { ...o, k: 1 }))
    for (const [name, dropIntermediate] of [
      ['detCurve', false],
      ['detCurveDropped', true],
    ] as const)
      check(name, () => {
        const det = metrics.detCurve(yTrue, yScore, { ...o, dropIntermediate })
        return [det.falsePositiveRate, det.falseNegativeRate, det.thresholds]
      })
    check('precisionRecallCurveDropped', () => {
      const pr = metrics.precisionRecallCurve(yTrue, yScore, { ...o, dropIntermediate: true })
      return [pr.precision, pr.recall, pr.thresholds]
    })
    check('confusionAtThresholds', () => {
      const at = metrics.confusionMatrixAtThresholds(yTrue, yScore, o)
      return [
        at.trueNegatives,
        at.falsePositives,
        at.falseNegatives,
        at.truePositives,
        at.thresholds,
      ]
    })
    check('f1AtThresholds', () => {
      const at = metrics.metricAtThresholds(yTrue, yScore, metrics.f1, o)
      return [at.values, at.thresholds]
    })
    const roc = metrics.rocCurve(yTrue, yScore, o)
    const area = Number.isNaN(e.rocAuc) ? undefined : e.rocAuc
    if (area !== undefined)
      close(metrics.auc(roc.falsePositiveRate, roc.truePositiveRate), area, 'auc')
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

  test.each(cases('multiclass').map(c => [c.name, c]))('%s: the others', (_, c: Json) => {
    const { yTrue, yScore, yPred, sampleWeight, expected: e } = c
    const o = { sampleWeight }
    for (const name of ['matthewsCorrcoef', 'cohenKappa', 'zeroOneLoss', 'hammingLoss'] as const)
      close(metrics[name](yTrue, yPred, o), e[name], name)
    const kappa = (options: exported.CohenKappaOptions) =>
      metrics.cohenKappa(yTrue, yPred, { ...o, ...options })
    close(kappa({ weights: 'linear' }), e.cohenKappaLinear, 'linear kappa')
    close(kappa({ weights: 'quadratic' }), e.cohenKappaQuadratic, 'quadratic kappa')
    close(
      kappa({ weights: 'linear', labels: [3, 0, 1] }),
      e.cohenKappaOfThree,
      'kappa of three labels',
    )
    for (const name of ['brierScore', 'd2Brier', 'd2LogLoss'] as const)
      close(metrics[name](yTrue, yScore, o), e[name], name)
    close(
      metrics.brierScore(yTrue, yScore, { ...o, scaleByHalf: true }),
      e.brierScoreHalf,
      'half the Brier score',
    )
    const decision = yScore.map((row: number[]) => row.map(p => 4 * p))
    close(metrics.hingeLoss(yTrue, decision, o), e.hingeLoss, 'hingeLoss')
    close(
      metrics.multilabelConfusionMatrix(yTrue, yPred, o),
      e.multilabelConfusionMatrix,
      'multilabelConfusionMatrix',
    )
    close(
      metrics.multilabelConfusionMatrix(yTrue, yPred, { ...o, labels: [2, 0] }),
      e.multilabelConfusionMatrixOfTwo,
      'multilabelConfusionMatrix of two labels',
    )
    close(metrics.rocAuc(yTrue, yScore, { ...o, average: 'micro' }), e.rocAucMicro, 'micro')
    close(metrics.rocAuc(yTrue, yScore, { multiClass: 'ovo' }), e.rocAucOvo, 'ovo')
    close(
      metrics.rocAuc(yTrue, yScore, { multiClass: 'ovo', average: 'weighted' }),
      e.rocAucOvoWeighted,
      'ovo, weighted',
    )
    close(metrics.prAuc(yTrue, yScore, { ...o, average: 'weighted' }), e.prAucWeighted, 'prAuc')
    close(
      metrics.topKAccuracy(yTrue, yScore, { ...o, normalize: false }),
      e.top2Count,
      'rows of the top 2',
    )
    for (const average of ['macro', 'micro', 'weighted'] as const) {
      const a = { ...o, average }
      close(metrics.jaccard(yTrue, yPred, a), e[`jaccard_${average}`], `jaccard ${average}`)
      close(
        metrics.fBeta(yTrue, yPred, { ...a, beta: 0.5 }),
        e[`fBeta_${average}`],
        `fBeta ${average}`,
      )
      close(metrics.f1(yTrue, yPred, { ...a, labels: [2, 0] }), e[`f1OfTwo_${average}`], average)
      close(
        metrics.precision(yTrue, yPred, { ...a, labels: [7, 0], zeroDivision: 1 }),
        e[`precisionOfAbsent_${average}`],
        `${average} precision of an absent label`,
      )
    }
    const report = metrics.classificationReport(yTrue, yPred, { ...o, labels: [2, 0] })
    const row = (r: exported.ReportRow) => [r.precision, r.recall, r.f1, r.support]
    for (const [mine, theirs] of [
      ...report.classes.map(r => [r, e.reportOfTwo[r.name]]),
      ...[report.micro, report.macro, report.weighted].map(r => [r, e.reportOfTwo[r.name]]),
    ])
      close(
        row(mine),
        [theirs.precision, theirs.recall, theirs['f1-score'], theirs.support],
        mine.name,
      )
    expect(String(report)).toMatch(/micro avg/)
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

  test.each(cases('regression').map(c => [c.name, c]))('%s: the others', (_, c: Json) => {
    const { yTrue, yPred, sampleWeight, expected: e } = c
    const o = { sampleWeight }
    for (const name of ['explainedVariance', 'medianAbsoluteError', 'd2AbsoluteError'] as const)
      close(metrics[name](yTrue, yPred, o), e[name], name)
    close(metrics.maxError(yTrue, yPred), e.maxError, 'maxError')
    close(metrics.r2(yTrue, yPred, { ...o, forceFinite: false }), e.r2Plain, 'plain r2')
    close(
      metrics.explainedVariance(yTrue, yPred, { ...o, forceFinite: false }),
      e.explainedVariancePlain,
      'plain explainedVariance',
    )
    const positive = yTrue.map((y: number) => Math.abs(y) + 0.25)
    const above = yPred.map((y: number) => Math.abs(y) + 0.5)
    for (const name of ['meanSquaredLogError', 'rootMeanSquaredLogError'] as const)
      close(metrics[name](positive, above, o), e[name], name)
    for (const alpha of [0, 0.1, 0.5, 0.9, 1])
      for (const name of ['meanPinballLoss', 'd2Pinball'] as const)
        close(
          metrics[name](yTrue, yPred, { ...o, alpha }),
          e[`${name}_${alpha}`],
          `${name} ${alpha}`,
        )
    for (const power of [-1, 0, 1, 1.5, 2, 3])
      for (const name of ['meanTweedieDeviance', 'd2Tweedie'] as const) {
        const expected = e[`${name}_${power}`]
        if (expected === undefined) continue
        close(metrics[name](positive, above, { ...o, power }), expected, `${name} ${power}`)
      }
    if ('meanTweedieDeviance_1' in e) {
      close(metrics.meanPoissonDeviance(positive, above, o), e.meanTweedieDeviance_1, 'Poisson')
      close(metrics.meanGammaDeviance(positive, above, o), e.meanTweedieDeviance_2, 'gamma')
    }
  })
})

describe('against scikit-learn: rankings', () => {
  test.each(cases('rankings').map(c => [c.name, c]))('%s', (_, c: Json) => {
    const { gain, relevant, yScore, sampleWeight, expected: e } = c
    const o = { sampleWeight }
    close(metrics.dcg(gain, yScore, o), e.dcg, 'dcg')
    close(metrics.dcg(gain, yScore, { ...o, k: 3, logBase: 3 }), e.dcg3, 'dcg of 3')
    if (e.dcgIgnoreTies !== undefined)
      close(metrics.dcg(gain, yScore, { ...o, ignoreTies: true }), e.dcgIgnoreTies, 'no ties')
    close(metrics.ndcg(gain, yScore, o), e.ndcg, 'ndcg')
    close(metrics.ndcg(gain, yScore, { ...o, k: 3 }), e.ndcg3, 'ndcg of 3')
    const flat = (rows: number[][]) => ({
      x: Float64Array.from(rows.flat()),
      rows: rows.length,
      width: rows[0].length,
    })
    close(metrics.ndcg(flat(gain), flat(yScore), o), e.ndcg, 'ndcg of flat tables')
    for (const name of [
      'labelRankingAveragePrecision',
      'coverageError',
      'labelRankingLoss',
    ] as const)
      close(metrics[name](relevant, yScore, o), e[name], name)
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

  test('the calibration error, bin by bin', () => {
    const { yTrue, yScore, sampleWeight } = cases('binary')[1]
    const expected = (confidence: number[], cameTrue: number[], bins: number, w: number[]) => {
      let sum = 0
      for (let bin = 0; bin < bins; bin++) {
        const inside = confidence.map((p, i) => {
          const from = bin === 0 ? -1 : bin / bins
          return p > from && p <= (bin + 1) / bins ? w[i] : 0
        })
        const gap = inside.reduce((all, one, i) => all + one * (cameTrue[i] - confidence[i]), 0)
        sum += Math.abs(gap)
      }
      return sum / w.reduce((a, b) => a + b, 0)
    }
    close(
      metrics.expectedCalibrationError(yTrue, yScore, { bins: 7, sampleWeight }),
      expected(yScore, yTrue, 7, sampleWeight),
      'two classes',
    )
    const { yTrue: truth, yScore: table } = cases('multiclass')[0]
    const highest = table.map((row: number[]) => Math.max(...row))
    const right = table.map((row: number[], i: number) =>
      row.indexOf(highest[i]) === truth[i] ? 1 : 0,
    )
    close(
      metrics.expectedCalibrationError(truth, table),
      expected(highest, right, 15, new Array(truth.length).fill(1)),
      'several classes',
    )
    expect(metrics.expectedCalibrationError([0, 1, 1, 1], [0.75, 0.75, 0.75, 0.75])).toBe(0)
  })
})
