// The metrics, named and defined as in scikit-learn (camelCase), in float64 over plain arrays.

export type { Label, Labels } from '../../base/label.js'
export { accuracy, type ShareOptions, type TopKOptions, topKAccuracy } from './accuracy.js'
export {
  type ConfusionAtThresholds,
  confusionMatrixAtThresholds,
  type MetricAtThresholds,
  metricAtThresholds,
} from './at-thresholds.js'
export { auc } from './auc.js'
export { balancedAccuracy } from './balanced-accuracy.js'
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrap,
  type ResampledMetric,
} from './bootstrap.js'
export { type BrierScoreOptions, brierScore } from './brier-score.js'
export { byGroup, type GroupMetric } from './by-group.js'
export {
  type CalibrationCurve,
  type CalibrationCurveOptions,
  calibrationCurve,
} from './calibration-curve.js'
export { calinskiHarabasz } from './calinski-harabasz.js'
export type { Average, ClassMetricOptions } from './class-counts.js'
export {
  classLikelihoodRatios,
  type LikelihoodRatioOptions,
  type LikelihoodRatios,
} from './class-likelihood-ratios.js'
export {
  type ClassificationReport,
  type ClassificationReportOptions,
  classificationReport,
  type ReportRow,
} from './classification-report.js'
export { type CohenKappaOptions, cohenKappa } from './cohen-kappa.js'
export {
  type ClassConfusionOptions,
  type ConfusionMatrix,
  type ConfusionMatrixOptions,
  confusionMatrix,
  multilabelConfusionMatrix,
} from './confusion-matrix.js'
export { type ContingencyMatrix, contingencyMatrix } from './contingency.js'
export { d2Brier, d2LogLoss } from './d2-probability.js'
export { daviesBouldin } from './davies-bouldin.js'
export { type DcgOptions, dcg, type NdcgOptions, ndcg } from './dcg.js'
export { type DetCurve, detCurve } from './det-curve.js'
export {
  type CalibrationErrorOptions,
  expectedCalibrationError,
} from './expected-calibration-error.js'
export type { ExplainedOptions } from './explained.js'
export { explainedVariance } from './explained-variance.js'
export { type FBetaOptions, fBeta } from './f-beta.js'
export { hingeLoss } from './hinge-loss.js'
export type { ClassScores, Values, Weighted } from './input.js'
export { jaccard } from './jaccard.js'
export {
  coverageError,
  labelRankingAveragePrecision,
  labelRankingLoss,
} from './label-ranking.js'
export { type LogLossOptions, logLoss } from './log-loss.js'
export { matthewsCorrcoef } from './matthews-corrcoef.js'
export { maxError } from './max-error.js'
export { meanAbsoluteError, meanAbsolutePercentageError } from './mean-absolute-error.js'
export {
  d2AbsoluteError,
  d2Pinball,
  meanPinballLoss,
  type PinballOptions,
} from './mean-pinball-loss.js'
export { meanSquaredError, rootMeanSquaredError } from './mean-squared-error.js'
export { meanSquaredLogError, rootMeanSquaredLogError } from './mean-squared-log-error.js'
export {
  d2Tweedie,
  meanGammaDeviance,
  meanPoissonDeviance,
  meanTweedieDeviance,
  type TweedieOptions,
} from './mean-tweedie-deviance.js'
export { medianAbsoluteError } from './median-absolute-error.js'
export {
  adjustedMutualInfo,
  completeness,
  homogeneity,
  homogeneityCompletenessVMeasure,
  type MutualInfoOptions,
  mutualInfo,
  normalizedMutualInfo,
  type VMeasureOptions,
  type VMeasures,
  vMeasure,
} from './mutual-info.js'
export { adjustedRand, fowlkesMallows, pairConfusionMatrix, rand } from './pair-confusion.js'
export { type PrAucOptions, prAuc } from './pr-auc.js'
export { type PrecisionRecallCurve, precisionRecallCurve } from './precision-recall-curve.js'
export { type ClassMetrics, f1, metricsPerClass, precision, recall } from './precision-recall-f1.js'
export type { ProbabilityOptions } from './probabilities.js'
export { r2 } from './r2.js'
export type { RankingTable } from './ranked-items.js'
export { type RocAucOptions, rocAuc } from './roc-auc.js'
export {
  type BinaryScoreOptions,
  type CurveOptions,
  type RocCurve,
  rocCurve,
} from './roc-curve.js'
export {
  type SilhouetteMetric,
  type SilhouetteOptions,
  type SilhouetteSamplesOptions,
  silhouette,
  silhouetteSamples,
} from './silhouette.js'
export { hammingLoss, zeroOneLoss } from './zero-one-loss.js'
