// Preprocessing: features scaled, transformed, binned, encoded.

export { Binarizer, type BinarizerParams, binarizerParameters } from './binarizer.js'
export type { Category } from './categories.js'
export {
  FunctionTransformer,
  type FunctionTransformerParams,
  functionTransformerParameters,
} from './function-transformer.js'
export {
  KBinsDiscretizer,
  type KBinsDiscretizerParams,
  kBinsDiscretizerParameters,
} from './k-bins-discretizer.js'
export { MaxAbsScaler, type MaxAbsScalerParams, maxAbsScalerParameters } from './max-abs-scaler.js'
export { MinMaxScaler, type MinMaxScalerParams, minMaxScalerParameters } from './min-max-scaler.js'
export type { FunctionName } from './named-functions.js'
export { Normalizer, type NormalizerParams, normalizerParameters } from './normalizer.js'
export {
  OneHotEncoder,
  type OneHotEncoderParams,
  oneHotEncoderParameters,
} from './one-hot-encoder.js'
export {
  OrdinalEncoder,
  type OrdinalEncoderParams,
  ordinalEncoderParameters,
} from './ordinal-encoder.js'
export {
  PolynomialFeatures,
  type PolynomialFeaturesParams,
  polynomialFeaturesParameters,
} from './polynomial-features.js'
export {
  PowerTransformer,
  type PowerTransformerParams,
  powerTransformerParameters,
} from './power-transformer.js'
export {
  QuantileTransformer,
  type QuantileTransformerParams,
  quantileTransformerParameters,
} from './quantile-transformer.js'
export { RobustScaler, type RobustScalerParams, robustScalerParameters } from './robust-scaler.js'
export {
  StandardScaler,
  type StandardScalerParams,
  standardScalerParameters,
} from './standard-scaler.js'
export {
  TargetEncoder,
  type TargetEncoderParams,
  targetEncoderParameters,
} from './target-encoder.js'
