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
  type ColumnTransformerParams,
  columnTransformerParameters,
} from './column-transformer.js'
export {
  FeatureUnion,
  type FeatureUnionParams,
  featureUnionParameters,
  type UnionStep,
} from './feature-union.js'
export { makePipeline, Pipeline, pipelineParameters } from './pipeline.js'
export type { KindOf, LastOf, NamedSteps, PredictionOf, Step, Steps } from './steps.js'
export {
  TransformedTargetRegressor,
  type TransformedTargetRegressorParams,
  transformedTargetRegressorParameters,
} from './transformed-target-regressor.js'
