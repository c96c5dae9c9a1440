// From a text file to what a language model learns from: three parts in the order of the text, a tokenizer trained
// on the first, ids.

import { resolve } from 'node:path'
import { readTextFile } from '../../data/text/read-text.node.js'
import { specialTokens, type Tokenizer } from '../../features/text/index.js'
import { runError } from '../run-error.js'
import { shownPath } from '../run-folder.js'
import { sha256 } from '../storage.js'
import type { LanguageModelSettings } from './language-options.js'
import { makeTokenizer } from './make-tokenizer.js'

export const textParts = ['train', 'validation', 'test'] as const
export type TextPart = (typeof textParts)[number]

export interface PreparedText {
  readonly source: string
  readonly path: string
  readonly fingerprint: string
  readonly encoding: string
  readonly tokenizer: Tokenizer
  readonly texts: Readonly<Record<TextPart, string>>
  readonly ids: Readonly<Record<TextPart, Int32Array>>
  /** Characters (code points) of each part. */
  readonly characters: Readonly<Record<TextPart, number>>
  /** Share of a part's tokens that the vocabulary lacks. */
  readonly unknown: Readonly<Record<'validation' | 'test', number>>
}

/** Fewer characters are no text to learn from. */
const leastCharacters = 200

export async function prepareText(
  path: string,
  settings: LanguageModelSettings,
): Promise<PreparedText> {
  const { encoding: asked } = settings
  const { text, encoding } = await readTextFile(
    path,
    asked === undefined ? {} : { encoding: asked },
  )
  const source = shownPath(path)
  if (text.length < leastCharacters)
    throw runError('DATA', 'textTooShort', {
      source,
      characters: text.length,
      least: leastCharacters,
    })
  const texts = splitText(text, settings.validation ?? 0.1, settings.test ?? 0.1)
  const tokenizer = makeTokenizer({
    tokenizer: settings.tokenizer ?? 'characters',
    merges: settings.merges ?? 1000,
    vocabulary: settings.vocabulary ?? 10_000,
  }).train([texts.train])
  const ids = each(part => tokenizer.encode(texts[part]))
  for (const part of textParts)
    if (ids[part].length < 4)
      throw runError('DATA', 'textPartTooShort', { source, part, tokens: ids[part].length })
  return {
    source,
    path: resolve(path),
    fingerprint: sha256(text),
    encoding,
    tokenizer,
    texts,
    ids,
    characters: each(part => [...texts[part]].length),
    unknown: { validation: unknownShare(ids.validation), test: unknownShare(ids.test) },
  }
}

function each<T>(make: (part: TextPart) => T): Record<TextPart, T> {
  return { train: make('train'), validation: make('validation'), test: make('test') }
}

/**
 * The text in three, in its order: the last parts are validation and test. Cut at the next white space within a
 * hundred characters, so that no word is torn.
 */
export function splitText(
  text: string,
  validation: number,
  test: number,
): Record<TextPart, string> {
  if (validation + test >= 0.95) throw runError('ARGUMENT', 'fractionsTooLarge')
  const first = cutNear(text, text.length * (1 - validation - test))
  const second = Math.max(first, cutNear(text, text.length * (1 - test)))
  return {
    train: text.slice(0, first),
    validation: text.slice(first, second),
    test: text.slice(second),
  }
}

function cutNear(text: string, wanted: number): number {
  const at = Math.min(text.length, Math.round(wanted))
  const space = text.slice(at, at + 100).search(/\s\S/u)
  if (space >= 0) return at + space + 1
  const isInside = (text.codePointAt(at - 1) ?? 0) > 0xffff
  return isInside ? at + 1 : at
}

function unknownShare(ids: Int32Array): number {
  return ids.reduce((sum, id) => sum + (id === specialTokens.unknown ? 1 : 0), 0) / ids.length
}
