// What cuts rows into folds, and into a training and a test part.

export { splitterFromJSON } from './from-json.js'
export { GroupKFold } from './group-k-fold.js'
export { KFold } from './k-fold.js'
export { LeaveOneGroupOut, LeaveOneOut, LeavePGroupsOut, LeavePOut } from './leave-out.js'
export { PredefinedSplit } from './predefined-split.js'
export { RepeatedKFold, RepeatedStratifiedKFold } from './repeated.js'
export { GroupShuffleSplit, ShuffleSplit } from './shuffle-split.js'
export type { Splitter, SplitterJson } from './splitter.js'
export { StratifiedGroupKFold } from './stratified-group-k-fold.js'
export { StratifiedKFold } from './stratified-k-fold.js'
export { StratifiedShuffleSplit } from './stratified-shuffle-split.js'
export { TimeSeriesSplit } from './time-series-split.js'
export {
  type SplitPart,
  type Splittable,
  type TrainTestSplitOptions,
  trainTestSplit,
} from './train-test-split.js'
