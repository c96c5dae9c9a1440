// Speech: from what a model says step by step to text, and how wrong it is.

export { type Alignment, type AlignOptions, alignLabels, stepsNeeded } from './align.js'
export { Alphabet, plainTranscript } from './alphabet.js'
export { type BeamOptions, beamDecode, type LabelModel } from './beams.js'
export {
  characterErrorRate,
  type Edits,
  type ErrorRate,
  editsOf,
  wordErrorRate,
} from './error-rates.js'
export { type Decoded, type GreedyOptions, greedyDecode } from './greedy.js'
export { type LabelNgramOptions, LabelNgrams } from './label-ngrams.js'
export type { StepLogits } from './logits.js'
