// What the package offers in Node and in a browser alike; index.ts and index.browser.ts add what only
// one of them can do. Subpaths (`athanor/metrics`, …) are listed in package.json.

export * from './applications/pictures/index.js'
export * as speech from './applications/speech/index.js'
export * from './applications/text/index.js'
export type { DType, TypedArray } from './base/dtype.js'
export { AthanorError, type ErrorCode } from './base/errors.js'
export type { Shape } from './base/shape.js'
export {
  type ColumnSchema,
  type ColumnType,
  checkData,
  PictureDataset,
  splitRows,
  Table,
} from './data/index.js'
export * as metrics from './estimator/metrics/index.js'
export { type Diagnosis, diagnose } from './execute/select.js'
export { TablePreprocessor, TargetEncoder } from './features/index.js'
export * as augment from './features/pictures/index.js'
export * as sound from './features/sound/index.js'
export * from './features/text/index.js'
export * from './nn/index.js'
export * as optim from './optim/index.js'
export { type LoadedModel, loadModel } from './runs/load-model.js'
export * from './tensor/index.js'
export * from './train/index.js'
