// Tokenizers back from what toJSON gave.

import { JsonReader } from '../../base/json-reader.js'
import { BytePairTokenizer } from './byte-pairs.js'
import { CharacterTokenizer } from './characters.js'
import { type TokenizerKind, tokenizerKinds } from './kinds.js'
import type { Tokenizer } from './tokenizer.js'
import { WordTokenizer } from './words.js'

const readers: Readonly<Record<TokenizerKind, (json: JsonReader) => Tokenizer>> = {
  characters: CharacterTokenizer.fromJSON,
  words: WordTokenizer.fromJSON,
  bpe: BytePairTokenizer.fromJSON,
}

/**
 * A tokenizer from what `toJSON` gave. It holds data only: no pattern and no code comes from a file.
 *
 * @throws AthanorError FORMAT, naming the place, for tokens that stand twice, merges of tokens that are not
 * there, fields that are unknown.
 * @example
 * ```ts
 * const tokenizer = new CharacterTokenizer().train(['abc'])
 * const restored = tokenizerFromJSON(JSON.parse(JSON.stringify(tokenizer)))
 * restored.decode(tokenizer.encode('cab')) // 'cab'
 * ```
 */
export function tokenizerFromJSON(json: unknown, source = 'tokenizer'): Tokenizer {
  const reader = json instanceof JsonReader ? json : new JsonReader(source, json)
  return readers[reader.get('kind').oneOf(tokenizerKinds)](reader)
}
