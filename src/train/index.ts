// Training: the model, its loop, its callbacks.

export type { Batch, BatchOrder, BatchSource, Rows, RowType } from './batches.js'
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
export type { CheckpointOptions, TrainProgress } from './fit.js'
export type { History } from './history.js'
export { loadModelFile, Model, modelFromBytes, sequential } from './model.js'
export type { BatchSizeOption, CompileOptions, FitOptions, SaveOptions } from './model-options.js'
