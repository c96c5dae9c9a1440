// The characters of transcripts as classes: 0 is the blank of CTC, the others come in the order of their
// code points.

import { argumentError } from '../../base/errors.js'
import type { JsonReader } from '../../base/json-reader.js'
import { valueWords } from '../../base/value-kinds.js'
import { checkList, checkTexts } from './lists.js'

/**
 * A transcript as it is learned: composed (NFC), in lower case, without punctuation, symbols and
 * control characters (but apostrophes within words), white space as single spaces.
 *
 * @throws AthanorError ARGUMENT for what is no text.
 * @example
 * ```ts
 * speech.plainTranscript(' “Don’t  panic!” ') // "don't panic"
 * ```
 */
export function plainTranscript(text: string): string {
  checkText('plainTranscript', text)
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/(?<!\p{L})'|'(?!\p{L})|(?!')[\p{P}\p{S}\p{Cc}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
}

/**
 * Characters and their classes. Works for any script: a character is a code point.
 *
 * @example
 * ```ts
 * const alphabet = speech.Alphabet.of(['one', 'two'])
 * alphabet.decode(alphabet.encode('two') ?? []) // 'two'
 * alphabet.classes // 6: five characters and the blank
 * ```
 */
export class Alphabet {
  private readonly classOf: ReadonlyMap<string, number>

  /** Characters of class 1, 2, …; throws ARGUMENT for one that comes twice or is none. */
  constructor(readonly characters: readonly string[]) {
    checkTexts('Alphabet', 'characters', characters)
    this.classOf = new Map(characters.map((character, i) => [character, i + 1]))
    if (this.classOf.size !== characters.length || characters.some(c => [...c].length !== 1))
      throw argumentError('Alphabet', 'different single characters', JSON.stringify(characters))
  }

  /** All characters of some texts; throws ARGUMENT for what is no texts. */
  static of(texts: Iterable<string>): Alphabet {
    if (typeof (texts as Partial<Iterable<string>> | null)?.[Symbol.iterator] !== 'function')
      throw argumentError('Alphabet.of', 'texts', valueWords(texts))
    const found = new Set<string>()
    for (const text of texts) {
      checkText('Alphabet.of', text)
      for (const character of text) found.add(character)
    }
    return new Alphabet([...found].sort())
  }

  static fromJson(reader: JsonReader): Alphabet {
    const characters = reader.distinctStrings(0, 200_000)
    if (characters.some(text => [...text].length !== 1)) reader.fail('single characters', 'others')
    return new Alphabet(characters)
  }

  toJSON(): readonly string[] {
    return this.characters
  }

  /** Classes, the blank with them. */
  get classes(): number {
    return this.characters.length + 1
  }

  /** Class of each character; null where one of them is unknown. */
  encode(text: string): number[] | null {
    checkText('Alphabet.encode', text)
    const labels: number[] = []
    for (const character of text) {
      const label = this.classOf.get(character)
      if (label === undefined) return null
      labels.push(label)
    }
    return labels
  }

  decode(labels: readonly number[]): string {
    checkList('Alphabet.decode', 'labels', labels)
    return labels.map(label => this.characters[label - 1] ?? '').join('')
  }
}

function checkText(operation: string, text: unknown): void {
  if (typeof text !== 'string') throw argumentError(operation, 'a text', valueWords(text))
}
