// The tokenizer that a run's settings name, not yet trained.

import {
  BytePairTokenizer,
  CharacterTokenizer,
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
