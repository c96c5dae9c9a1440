// Training: the model, its loop, its callbacks.

export type {
  AnySource,
  Batch,
  BatchOrder,
  BatchSource,
  Rows,
  RowType,
  Several,
  SeveralBatch,
  SeveralSource,
  Tables,
} from './batches.js'
export type { Callback, CallbackLike, CallbackState, Logs } from './callbacks.js'
export {
  EarlyStopping,
  earlyStopping,
  LearningRateScheduler,
  learningRateScheduler,
  ModelCheckpoint,
  modelCheckpoint,
  ReduceOnPlateau,
  reduceOnPlateau,
} from './callbacks.js'
export {
  type FindLearningRateOptions,
  findLearningRate,
  type LearningRateRange,
} from './find-learning-rate.js'
export type { CheckpointOptions, TrainProgress } from './fit.js'
export type { History } from './history.js'
export { cutMix, type MixableSource, type MixingOptions, mixUp } from './mixing.js'
export { Model, model, sequential } from './model.js'
export { loadModelFile, modelFromBytes } from './model-file.js'
export type {
  BatchSizeOption,
  CompileOptions,
  FitOptions,
  LossOption,
  MetricsOption,
  SaveOptions,
} from './model-options.js'
