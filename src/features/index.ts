// Features: a table's typed columns into numbers a model can learn from.

export type { ColumnTally } from './column-encoder.js'
export type { FeatureMatrix } from './feature-matrix.js'
export type { ImputingRule } from './imputing.js'
export type { NumericEncoding } from './numeric.js'
export type { UnseenRule } from './one-hot.js'
export type { PreprocessorOptions } from './preprocessor-options.js'
export type { Field, FieldCheck, RawRow, RawRowOptions } from './raw-rows.js'
export type { ScalingKind } from './scaling.js'
export { type InputColumn, TablePreprocessor, type Transformed } from './table-preprocessor.js'
export {
  guessTask,
  type Label,
  TargetEncoder,
  type TargetOptions,
  type Task,
} from './target-encoder.js'
export {
  type Cycle,
  describeTreatment,
  type Omission,
  type Treatment,
  type TreatmentLanguage,
} from './treatment.js'
