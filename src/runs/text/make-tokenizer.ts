// The tokenizer that a run's settings name, not yet trained, and the one that suits texts where none is named.

import {
  BytePairTokenizer,
  CharacterTokenizer,
  specialTokens,
  type Tokenizer,
  type TokenizerKind,
  WordTokenizer,
} from '../../features/text/index.js'

interface TokenizerSettings {
  readonly tokenizer: TokenizerKind
  readonly merges: number
  readonly vocabulary: number
}

const makers: Readonly<Record<TokenizerKind, (settings: TokenizerSettings) => Tokenizer>> = {
  characters: () => new CharacterTokenizer(),
  words: ({ vocabulary }) => new WordTokenizer({ maximumVocabulary: vocabulary }),
  bpe: ({ merges }) => new BytePairTokenizer({ merges }),
}

export function makeTokenizer(settings: TokenizerSettings): Tokenizer {
  return makers[settings.tokenizer](settings)
}

/** Texts that are looked at, evenly spaced. */
const mostTexts = 2000

/** More unknown words than this say too little. */
const mostUnknown = 0.1

/**
 * Words, where nearly all that are met occur in the texts again and are among the most frequent `vocabulary`; pieces of
 * words elsewhere: in few or short texts, in many languages, in languages of long words.
 */
export function tokenizerFor(texts: readonly string[], vocabulary: number): TokenizerKind {
  const step = Math.max(1, Math.ceil(texts.length / mostTexts))
  const some = texts.filter((_, i) => i % step === 0)
  const words = new WordTokenizer({ maximumVocabulary: vocabulary }).train(some)
  let [unknown, all] = [0, 0]
  for (const text of some)
    for (const id of words.encode(text)) {
      all++
      if (id === specialTokens.unknown) unknown++
    }
  return unknown <= mostUnknown * all ? 'words' : 'bpe'
}
