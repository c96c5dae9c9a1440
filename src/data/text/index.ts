// Texts as sequences of ids for training: padded, in buckets of similar length, in windows.

export { BucketedSequences, type BucketOptions } from './bucketed-sequences.js'
export {
  ShuffledWindows,
  type StreamOptions,
  StreamWindows,
  type WindowOptions,
} from './language-windows.js'
export { type PaddedSequences, type PaddingOptions, padSequences } from './padding.js'
export type {
  SequenceBatch,
  SequenceOrder,
  SequenceRowType,
  SequenceSource,
} from './sequence-batches.js'
