// Composing: estimators of estimators.

export {
  type ColumnChoice,
  type ColumnGroup,
  type ColumnsOfType,
  columnsOfType,
} from './column-selection.js'
export {
  type ColumnBranch,
  type ColumnStep,
  ColumnTransformer,
} from './column-transformer.js'
export {
  FeatureUnion,
  type UnionStep,
} from './feature-union.js'
export { makePipeline, Pipeline } from './pipeline.js'
export type { KindOf, LastOf, NamedSteps, PredictionOf, Step, Steps } from './steps.js'
export { TransformedTargetRegressor } from './transformed-target-regressor.js'
