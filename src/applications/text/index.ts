// Text: generation, models of language, what they are measured by.

export { type AttentionMaps, type AttentionOptions, attentionOf } from './attention-of.js'
export { type BeamOptions, beamSearch, type Continuation } from './beam-search.js'
export { type GenerateTextOptions, generateText, promptIds } from './generate-text.js'
export { type GenerateOptions, generateTokens } from './generate-tokens.js'
export type { ContextReader, LanguageModel, NextTokens, TokenSource } from './language-model.js'
export { MaskedAverage } from './masked-average.js'
export { MaskedMaximum } from './masked-maximum.js'
export {
  measuresOf,
  measureText,
  mostSurprising,
  type SurprisingToken,
  type TextMeasures,
} from './measure-text.js'
export { NgramModel, type NgramOptions } from './n-gram.js'
export { NetLanguageModel } from './net-language-model.js'
export {
  lstmLanguageModel,
  type RecurrentLanguageModelOptions,
} from './recurrent-language-model.js'
export { nextProbabilities, type SamplingOptions } from './sampling.js'
export { type TextClassifierOptions, textClassifier } from './text-classifier.js'
export {
  type TransformerLanguageModelOptions,
  transformerLanguageModel,
} from './transformer-language-model.js'
export {
  type TextProbabilities,
  type TextWord,
  type WordInfluence,
  type WordInfluenceOptions,
  wordInfluence,
} from './word-influence.js'
