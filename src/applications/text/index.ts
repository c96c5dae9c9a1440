// Text: generation, models of language, what they are measured by.

export { type BeamOptions, beamSearch, type Continuation } from './beam-search.js'
export { type GenerateTextOptions, generateText } from './generate-text.js'
export { type GenerateOptions, generateTokens } from './generate-tokens.js'
export type { LanguageModel, NextTokens } from './language-model.js'
export {
  measureText,
  mostSurprising,
  type SurprisingToken,
  type TextMeasures,
} from './measure-text.js'
export { NgramModel, type NgramOptions } from './n-gram.js'
export { NetLanguageModel } from './net-language-model.js'
export { nextProbabilities, type SamplingOptions } from './sampling.js'
