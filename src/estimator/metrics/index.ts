// The metrics, named and defined as in scikit-learn (camelCase), in float64 over plain arrays.

export { accuracy, topKAccuracy } from './accuracy.js'
export { balancedAccuracy } from './balanced-accuracy.js'
export { byGroup, type GroupMetric } from './by-group.js'
export {
  type CalibrationCurve,
  type CalibrationCurveOptions,
  calibrationCurve,
} from './calibration-curve.js'
export {
  type ClassificationReport,
  type ClassificationReportOptions,
  classificationReport,
  type ReportRow,
} from './classification-report.js'
export {
  type ConfusionMatrix,
  type ConfusionMatrixOptions,
  confusionMatrix,
} from './confusion-matrix.js'
export type { ClassScores, Values, Weighted } from './input.js'
export { logLoss } from './log-loss.js'
export { meanAbsoluteError, meanAbsolutePercentageError } from './mean-absolute-error.js'
export { meanSquaredError, rootMeanSquaredError } from './mean-squared-error.js'
export { prAuc } from './pr-auc.js'
export { type PrecisionRecallCurve, precisionRecallCurve } from './precision-recall-curve.js'
export {
  type Average,
  type ClassMetricOptions,
  type ClassMetrics,
  f1,
  metricsPerClass,
  precision,
  recall,
} from './precision-recall-f1.js'
export { r2 } from './r2.js'
export { type RocAucOptions, rocAuc } from './roc-auc.js'
export { type BinaryScoreOptions, type RocCurve, rocCurve } from './roc-curve.js'
