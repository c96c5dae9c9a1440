// Speech: from what a model says step by step to text, and how wrong it is.

export { type Alignment, type AlignOptions, alignLabels, stepsNeeded } from './align.js'
export { Alphabet, plainTranscript } from './alphabet.js'
export { type BeamOptions, beamDecode, type LabelModel } from './beams.js'
export { ConvolvedFrames, type ConvolvedFramesOptions } from './convolved-frames.js'
export { type CtcSpeechOptions, ctcSpeechModel } from './ctc-speech-model.js'
export {
  characterErrorRate,
  type Edits,
  type ErrorRate,
  editsOf,
  wordErrorRate,
} from './error-rates.js'
export type { FrontEnd } from './front-ends.js'
export { type Decoded, type GreedyOptions, greedyDecode } from './greedy.js'
export { type LabelNgramOptions, LabelNgrams } from './label-ngrams.js'
export type { StepLogits } from './logits.js'
export { SpeechBatches, type SpeechBatchOptions, type Utterance } from './speech-batches.js'
export { SpeechModel, type SpeechModelParts, type TranscribeOptions } from './speech-model.js'
export { StackFrames, type StackFramesOptions } from './stack-frames.js'
