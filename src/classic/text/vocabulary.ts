// The terms of many texts, those too frequent or too rare left out, and how often each occurs in each text.

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  integerParameter,
  listParameter,
  numberParameter,
  optionalParameter,
  type Parameter,
  type ParametersOf,
  textParameter,
} from '../../base/parameters.js'
import { forEachOf } from '../../estimator/row-blocks.js'
import type { SparseMatrix } from '../../estimator/sparse.js'
import { DictionaryCache } from '../../features/dictionary-cache.js'
import { frequentOnes } from '../../features/frequent.js'
import { analyzerOf, analyzerParameters } from './analyzer.js'
import { TermRows } from './term-rows.js'
import { TermTable } from './term-table.js'
import type { EachSpan } from './word-scanner.js'

/** A share of the texts (up to 1 or below 1), or a whole number of them. */
function frequency(doc: string, standard: number): Parameter<number> {
  return {
    ...numberParameter({ default: standard, min: 0, doc }),
    expected: 'a share from 0 to 1, or a whole number of texts',
    accepts: (value): value is number =>
      typeof value === 'number' && value >= 0 && (value <= 1 || Number.isSafeInteger(value)),
    bad: [-1, 1.5, Number.NaN, Infinity, '1', null],
  }
}

export const vocabularyParameters = {
  ...analyzerParameters,
  maxDf: {
    ...frequency(
      'Terms in more texts than this are left out: a share (up to 1), or from 2 on a number of texts.',
      1,
    ),
    search: { choices: [0.5, 0.75, 1] },
  },
  minDf: {
    ...frequency(
      'Terms in fewer texts than this are left out: a share (below 1), or from 1 on a number of texts.',
      1,
    ),
    search: { choices: [1, 2, 5] },
  },
  maxFeatures: optionalParameter(
    integerParameter({ min: 1, doc: 'Terms kept at most, the most frequent ones; null: all.' }),
  ),
  vocabulary: optionalParameter(
    listParameter(textParameter({ doc: 'A term.' }), {
      min: 1,
      doc: 'The terms to count, in their order; null: those found in fit.',
    }),
  ),
  binary: booleanParameter({ default: false, doc: 'Whether a term counts once a text at most.' }),
}

export type VocabularyParams = ParametersOf<typeof vocabularyParameters>

/** Errors: ARGUMENT for parameters that contradict each other. */
export function checkVocabularyParams(operation: string, params: VocabularyParams): void {
  analyzerOf(operation, params)
  const { vocabulary } = params
  if (vocabulary !== undefined && new Set(vocabulary).size !== vocabulary.length)
    throw argumentError(operation, 'each term of vocabulary once', 'one twice')
}

export interface Counted {
  readonly terms: readonly string[]
  readonly counts: SparseMatrix
}

/** Finds the terms and counts them. Errors: DATA where no term is left; INTERRUPTED. */
export async function learnTerms(
  operation: string,
  texts: readonly string[],
  params: VocabularyParams,
  signal?: AbortSignal,
): Promise<Counted> {
  const { vocabulary } = params
  if (vocabulary !== undefined)
    return {
      terms: vocabulary,
      counts: await countTerms(operation, texts, vocabulary, params, signal),
    }
  const table = new TermTable()
  const add: PlaceOf = (text, start, end) => table.add(text, start, end)
  const rows = await count(operation, texts, params, add, signal)
  const found = table.terms
  const kept = keptTerms(operation, rows, found.length, texts.length, params)
  const order = found.flatMap((term, place) => (kept[place] === 1 ? [{ term, place }] : []))
  const compare = compareTerms(found)
  order.sort((a, b) => compare(a.term, b.term))
  const terms = order.map(({ term }) => term)
  if (terms.length === 0)
    throw new AthanorError('DATA', {
      operation,
      expected: 'some term that is kept',
      received:
        found.length === 0 ? 'texts without any' : `${found.length}, none between minDf and maxDf`,
      fix:
        found.length === 0
          ? "Are the texts empty, or stop words alone? For Chinese take analyzer 'char' or 'segment'"
          : 'Lower minDf, or raise maxDf',
    })
  const newPlace = new Int32Array(found.length).fill(-1)
  order.forEach(({ place }, i) => {
    newPlace[place] = i
  })
  return { terms, counts: rows.toMatrix(terms.length, newPlace) }
}

const lookups = new DictionaryCache<TermTable>()

/** The place of the term that stands somewhere in a text; -1 for none. */
type PlaceOf = (text: string, start: number, end: number) => number

/** Counts known terms; others are left out. */
export async function countTerms(
  operation: string,
  texts: readonly string[],
  terms: readonly string[],
  params: VocabularyParams,
  signal?: AbortSignal,
): Promise<SparseMatrix> {
  const table = lookups.for(terms, () => TermTable.of(terms))
  const find: PlaceOf = (text, start, end) => table.find(text, start, end)
  const rows = await count(operation, texts, params, find, signal)
  return rows.toMatrix(terms.length)
}

async function count(
  operation: string,
  texts: readonly string[],
  params: VocabularyParams,
  placeOf: PlaceOf,
  signal: AbortSignal | undefined,
): Promise<TermRows> {
  const analyze = analyzerOf(operation, params)
  const rows = new TermRows(params.binary)
  const add: EachSpan = (text, start, end) => {
    const place = placeOf(text, start, end)
    if (place >= 0) rows.add(place)
  }
  await forEachOf(
    operation,
    texts.length,
    i => {
      analyze(texts[i], add)
      rows.endRow()
    },
    signal,
  )
  return rows
}

function keptTerms(
  operation: string,
  rows: TermRows,
  terms: number,
  texts: number,
  { maxDf, minDf, maxFeatures }: VocabularyParams,
): Uint8Array {
  const most = maxDf <= 1 ? maxDf * texts : maxDf
  const least = minDf < 1 ? minDf * texts : minDf
  if (most < least)
    throw argumentError(
      operation,
      'maxDf of at least minDf',
      `${maxDf} and ${minDf}, which are ${most} and ${least} texts`,
    )
  const { rows: inRows, sums } = rows.totals(terms)
  const kept = inRows.map(n => (n >= least && n <= most ? 1 : 0))
  if (maxFeatures === undefined) return Uint8Array.from(kept)
  const counts = sums.map((sum, place) => (kept[place] === 1 ? sum : 0))
  return frequentOnes(counts, { minCount: 1, maxKept: maxFeatures, ties: 'first' })
}

/** Python's order: by characters. It differs from that of UTF-16 units where some character needs two. */
function compareTerms(terms: readonly string[]): (a: string, b: string) => number {
  const surrogate = /[\ud800-\udfff]/
  if (!terms.some(term => surrogate.test(term))) return (a, b) => (a < b ? -1 : a > b ? 1 : 0)
  return (a, b) => {
    const left = Array.from(a, character => character.codePointAt(0)!)
    const right = Array.from(b, character => character.codePointAt(0)!)
    const length = Math.min(left.length, right.length)
    for (let i = 0; i < length; i++) if (left[i] !== right[i]) return left[i] - right[i]
    return left.length - right.length
  }
}
