// Tokenizers: texts to ids and back, trained on a corpus and saved with a model.

export { BytePairTokenizer, type BytePairTokenizerOptions } from './byte-pairs.js'
export { CharacterTokenizer, type CharacterTokenizerOptions } from './characters.js'
export { tokenizerFromJSON } from './from-json.js'
export type { TokenizerKind } from './kinds.js'
export { specialTokens } from './special-tokens.js'
export {
  type DecodingStream,
  type EncodeOptions,
  Tokenizer,
} from './tokenizer.js'
export { WordTokenizer, type WordTokenizerOptions } from './words.js'
