// Which type a column has, and why. The rules stand in the order in which they are tried; the first
// that fits decides, and its reason is shown to the user.

import type { ColumnType } from './column.js'

/** What is known of a column once all its cells have been seen. */
export interface ColumnFacts {
  readonly name: string
  readonly kind: 'number' | 'code'
  /** Storage type found: `BIGINT`, `VARCHAR`, `number`, … */
  readonly source: string
  readonly rows: number
  readonly missing: number
  readonly distinct: number
  /** Numbers only. */
  readonly min?: number
  readonly max?: number
  readonly allWhole?: boolean
  readonly isDatetime?: boolean
  /** Texts only: some of the distinct texts, at least the first 1,000. */
  readonly categories?: readonly string[]
  /** There are more distinct texts than are kept in memory. */
  readonly ownTexts?: boolean
}

interface Rule {
  readonly type: ColumnType
  readonly reason: string
  readonly fits: (facts: ColumnFacts, texts: TextFacts) => boolean
}

interface TextFacts {
  readonly words: number
  readonly length: number
}

const keyName =
  /(^|[^a-z])(id|ids|uuid|guid|rowid|row_?id|row_?num(ber)?|rownames?|unnamed: 0)$|[a-z]I[dD]$|(编号|序号|学号|工号|身份证号?)$/
const yesNo = [
  ['true', 'false'],
  ['yes', 'no'],
  ['y', 'n'],
  ['t', 'f'],
  ['on', 'off'],
  ['是', '否'],
  ['有', '无'],
]
/** Fewer rows say nothing about whether values repeat. */
const fewRows = 20

const rules: readonly Rule[] = [
  { type: 'datetime', reason: 'dates', fits: f => f.isDatetime === true },
  {
    type: 'boolean',
    reason: 'only 0 and 1',
    fits: f =>
      f.kind === 'number' && f.allWhole === true && f.distinct === 2 && f.min === 0 && f.max === 1,
  },
  {
    type: 'identifier',
    reason: 'whole numbers, each one different, named like a key',
    fits: f => f.kind === 'number' && f.allWhole === true && allDifferent(f) && isKeyName(f.name),
  },
  {
    type: 'integer',
    reason: 'whole numbers',
    fits: f => f.kind === 'number' && f.allWhole === true && present(f) > 0,
  },
  { type: 'numeric', reason: 'no values', fits: f => f.kind === 'number' && present(f) === 0 },
  { type: 'numeric', reason: 'numbers', fits: f => f.kind === 'number' },
  { type: 'category', reason: 'no values', fits: f => present(f) === 0 },
  { type: 'boolean', reason: 'stored as truth values', fits: f => /^bool/i.test(f.source) },
  {
    type: 'boolean',
    reason: 'only yes and no, or the like',
    fits: f =>
      f.distinct === 2 &&
      yesNo.some(pair => f.categories!.every(c => pair.includes(c.toLowerCase()))),
  },
  {
    type: 'text',
    reason: 'sentences: four words or more, mostly different',
    fits: (f, t) => present(f) >= fewRows && t.words >= 4 && f.distinct > 0.5 * present(f),
  },
  {
    type: 'identifier',
    reason: 'short texts, nearly each one different',
    fits: (f, t) => present(f) >= fewRows && t.length <= 64 && f.distinct > 0.95 * present(f),
  },
  {
    type: 'text',
    reason: 'texts that rarely repeat',
    fits: f => present(f) >= fewRows && f.distinct > 100 && f.distinct > 0.5 * present(f),
  },
  { type: 'text', reason: 'more distinct texts than memory holds', fits: f => f.ownTexts === true },
  { type: 'category', reason: 'texts that repeat', fits: f => present(f) >= fewRows },
  { type: 'category', reason: 'texts', fits: () => true },
]

/**
 * The type and the reason for it; `override` wins.
 *
 * @example
 * ```ts
 * sniffType({ name: 'churn', kind: 'number', source: 'BIGINT', rows: 50, missing: 0, distinct: 2, min: 0, max: 1, allWhole: true })
 * // { type: 'boolean', reason: 'only 0 and 1' }
 * ```
 */
export function sniffType(
  facts: ColumnFacts,
  override?: ColumnType,
): { type: ColumnType; reason: string } {
  if (override !== undefined) return { type: override, reason: 'set by the user' }
  const texts = textFacts(facts.categories)
  const rule = rules.find(candidate => candidate.fits(facts, texts))!
  return { type: rule.type, reason: rule.reason }
}

function present(facts: ColumnFacts): number {
  return facts.rows - facts.missing
}

function allDifferent(facts: ColumnFacts): boolean {
  // The count may be an estimate; ±2 %.
  return facts.missing === 0 && facts.rows >= fewRows && facts.distinct >= 0.97 * facts.rows
}

function isKeyName(name: string): boolean {
  return name === '' || keyName.test(name) || keyName.test(name.toLowerCase())
}

/** Mean words and characters of the first 1,000 distinct texts. */
function textFacts(categories: readonly string[] = []): TextFacts {
  const sample = categories.slice(0, 1000)
  if (sample.length === 0) return { words: 0, length: 0 }
  let words = 0
  let length = 0
  for (const text of sample) {
    words += text.trim().split(/\s+/).length
    length += text.length
  }
  return { words: words / sample.length, length: length / sample.length }
}
