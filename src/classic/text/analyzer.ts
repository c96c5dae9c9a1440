// From a text to the terms that are counted: words, runs of words, or runs of characters.

import { argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  integerParameter,
  listParameter,
  optionalParameter,
  type ParametersOf,
  textParameter,
} from '../../base/parameters.js'
import { englishStopWords } from './english-stop-words.js'
import { requireQuick } from './quick-pattern.js'
import { TermTable } from './term-table.js'
import { type EachSpan, forEachWord } from './word-scanner.js'

/** Parameters that all vectorizers of texts have. */
export const analyzerParameters = {
  stripAccents: optionalParameter(
    choiceParameter(['ascii', 'unicode'], {
      doc: 'Whether accents go: of any letter (unicode), or all that is not ASCII with them (ascii); null: none.',
    }),
  ),
  lowercase: booleanParameter({ default: true, doc: 'Whether capitals become small letters.' }),
  stopWords: optionalParameter(
    eitherParameter(
      choiceParameter(['english'], { doc: 'A list that is there.' }),
      listParameter(textParameter({ doc: 'A word.' }), { doc: 'Words.' }),
      {
        doc: "Words that don't count: 'english' (318 of them), or a list; for words and segments alone.",
      },
    ),
  ),
  tokenPattern: optionalParameter(
    textParameter({
      doc: 'A regular expression of JavaScript (with the flag u) for words, its group, if it has one, being the word; null: two or more letters, digits or underscores.',
    }),
  ),
  ngramRange: listParameter(integerParameter({ min: 1, max: 100, doc: 'A length.' }), {
    default: [1, 1],
    min: 2,
    max: 2,
    doc: 'The least and the greatest number of words (or characters) in a term.',
    search: {
      choices: [
        [1, 1],
        [1, 2],
        [1, 3],
      ],
    },
  }),
  analyzer: choiceParameter(['word', 'char', 'charWb', 'segment'], {
    default: 'word',
    doc: 'What terms are made of: words; characters; characters within words, with a space at either end; or words as Intl.Segmenter finds them, for Chinese, Japanese and Thai too.',
    search: { choices: ['word', 'charWb'] },
  }),
}

export type AnalyzerParams = ParametersOf<typeof analyzerParameters>

/** Calls `each` with every term of a text, where it stands in some string. */
export type Analyzer = (text: string, each: EachSpan) => void

/** Errors: ARGUMENT for a pattern that is none, and for an ngramRange that descends. */
export function analyzerOf(operation: string, params: AnalyzerParams): Analyzer {
  const { lowercase, stripAccents, ngramRange, analyzer } = params
  const [least, most] = ngramRange
  if (least > most)
    throw argumentError(operation, 'ngramRange in ascending order', `[${least}, ${most}]`)
  const prepare = (text: string) => {
    const small = lowercase ? text.toLowerCase() : text
    return stripAccents === undefined ? small : withoutAccents(small, stripAccents)
  }
  if (analyzer === 'char') return (text, each) => forEachRun(prepare(text), least, most, each)
  if (analyzer === 'charWb')
    return (text, each) => {
      for (const word of prepare(text).split(/\s+/))
        if (word !== '') forEachRunWithin(` ${word} `, least, most, each)
    }
  const forEachToken = tokensOf(operation, params)
  if (most === 1) return (text, each) => forEachToken(prepare(text), each)
  return (text, each) => {
    // Tokens joined by spaces: a run of them is a part of that.
    const tokens: string[] = []
    forEachToken(prepare(text), (source, start, end) => tokens.push(source.slice(start, end)))
    const joined = tokens.join(' ')
    const starts = new Int32Array(tokens.length + 1)
    tokens.forEach((token, i) => {
      starts[i + 1] = starts[i] + token.length + 1
    })
    for (let n = least; n <= most; n++)
      for (let i = 0; i + n <= tokens.length; i++) each(joined, starts[i], starts[i + n] - 1)
  }
}

function tokensOf(operation: string, params: AnalyzerParams): Analyzer {
  const { stopWords, tokenPattern, analyzer } = params
  const all =
    analyzer === 'segment'
      ? segments()
      : tokenPattern === undefined
        ? forEachWord
        : matches(operation, tokenPattern)
  if (stopWords === undefined) return all
  const stop = TermTable.of(stopWords === 'english' ? englishStopWords : stopWords)
  return (text, each) =>
    all(text, (source, start, end) => {
      if (stop.find(source, start, end) < 0) each(source, start, end)
    })
}

function matches(operation: string, source: string): Analyzer {
  let pattern: RegExp
  try {
    pattern = new RegExp(source, 'gu')
  } catch (error) {
    throw argumentError(
      operation,
      'tokenPattern to be a regular expression',
      `'${source}'`,
      (error as Error).message,
    )
  }
  requireQuick(operation, source)
  const groups = new RegExp(`${source}|`, 'u').exec('')!.length - 1
  if (groups > 1)
    throw argumentError(operation, 'a tokenPattern with one group at most', `${groups}`)
  return (text, each) => {
    for (const match of text.matchAll(pattern)) {
      const token = match[groups]
      if (token !== undefined && token !== '') each(token, 0, token.length)
    }
  }
}

function segments(): Analyzer {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })
  return (text, each) => {
    for (const { segment, isWordLike } of segmenter.segment(text))
      if (isWordLike) each(segment, 0, segment.length)
  }
}

const combining = /\p{M}/gu
const notAscii = /[^\p{ASCII}]/gu

function withoutAccents(text: string, how: 'ascii' | 'unicode'): string {
  const apart = text.normalize('NFKD')
  return apart.replace(how === 'ascii' ? notAscii : combining, '')
}

/** Where each character begins, and the end; undefined where each is one unit. */
function boundaries(text: string): Int32Array | undefined {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xe000) {
      const starts: number[] = []
      let at = 0
      for (const character of text) {
        starts.push(at)
        at += character.length
      }
      return Int32Array.from([...starts, at])
    }
  }
  return undefined
}

function forEachRun(text: string, least: number, most: number, each: EachSpan): void {
  const plain = text.replace(/\s\s+/g, ' ')
  const starts = boundaries(plain)
  const length = starts === undefined ? plain.length : starts.length - 1
  for (let n = least; n <= Math.min(most, length); n++)
    for (let i = 0; i + n <= length; i++)
      if (starts === undefined) each(plain, i, i + n)
      else each(plain, starts[i], starts[i + n])
}

/** Runs of a padded word; one shorter than a run is a run of its own, once. */
function forEachRunWithin(word: string, least: number, most: number, each: EachSpan): void {
  const starts = boundaries(word)
  const length = starts === undefined ? word.length : starts.length - 1
  for (let n = least; n <= most; n++) {
    for (let i = 0; i + n <= length; i++)
      if (starts === undefined) each(word, i, i + n)
      else each(word, starts[i], starts[i + n])
    if (n >= length) {
      if (n > length) each(word, 0, word.length)
      return
    }
  }
}
