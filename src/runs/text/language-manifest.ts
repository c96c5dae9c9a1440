// The manifest of a language model's run.

import type { TextMeasures } from '../../applications/text/index.js'
import type { ManifestHead } from '../run-session.js'
import type { TextPart } from './language-data.js'
import type { LanguageModelSettings } from './language-options.js'

/** What is measured on the test part: the net, and what it is held against. */
export interface LanguageMeasures {
  readonly model: Readonly<Record<TextPart, TextMeasures>>
  /** Frequencies alone. */
  readonly unigram: Readonly<Record<'validation' | 'test', TextMeasures>>
  /** Counts with as long a context as helps on the validation part. */
  readonly ngram: Readonly<Record<'validation' | 'test', TextMeasures>> & { readonly order: number }
}

export interface LanguageManifest extends ManifestHead {
  readonly kind: 'languageModel'
  /** As asked for, with every default filled in once it is known. */
  readonly settings: LanguageModelSettings
  readonly data: {
    readonly source: string
    /** Absolute paths, for `resume`. */
    readonly files: readonly string[]
    readonly fingerprint: string
    readonly encoding: string
    readonly characters: number
  }
  /** Contiguous: characters of each part, in the order of the text. */
  readonly split: Readonly<Record<TextPart, number>> & { readonly method: 'contiguous' }
  readonly tokens: Readonly<Record<TextPart, number>> & {
    /** Ids of the vocabulary, special ones included. */
    readonly vocabulary: number
    /** Share of the test part's tokens that the vocabulary lacks. */
    readonly unknown: number
  }
  readonly machine: Readonly<Record<string, string | number>>
  readonly model?: { readonly kind: string; readonly layers: string; readonly parameters: number }
  readonly epochs?: number
  readonly bestEpoch?: number
  readonly seconds?: number
  readonly measures?: LanguageMeasures
}
