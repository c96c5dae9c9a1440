// Rows of a table by how strange they are: isolation forest (Liu, Ting, Zhou 2008).

import { OptionTable } from '../../base/options.js'
import { aFunction, numberIn, someText, wholeNumber } from '../../base/value-kinds.js'
import type { Table } from '../../data/table.js'
import { throwIfAborted } from '../../execute/jobs.js'
import { writePieces } from '../csv-output.js'
import { cellWriter, csvCell, freeName, line } from '../predictions-csv.js'
import type { DataSource } from '../read-data.js'
import { DatasetStore } from '../row-store.js'
import { featuresOf, openRows, type RowOptions, rowOptions, type UnlabelledRows } from './rows.js'
import { type Unusual, UnusualValues } from './unusual.js'

/** Options of `outliers`. */
export interface OutlierOptions extends RowOptions {
  /** Share of rows that are outliers; by default those whose scores stand apart from the others. */
  readonly share?: number
  /** Rows that are described; default 10. */
  readonly top?: number
  /** CSV file of all rows, the strangest first; without it the text goes to `onText`. */
  readonly out?: string
  readonly onText?: (text: string) => void
  readonly onProgress?: (fraction: number) => void
}

/** A row by how strange it is. */
export interface RankedRow {
  /** 1-based row of the data. */
  readonly row: number
  /** From 1 on, the strangest first. */
  readonly rank: number
  /** From 0 to 1; 0.5 is ordinary. */
  readonly score: number
  readonly outlier: boolean
  readonly unusual: readonly Unusual[]
}

/** What `outliers` found. */
export interface Outliers {
  readonly source: string
  readonly rows: number
  readonly columns: readonly string[]
  readonly leftOut: readonly string[]
  readonly outliers: number
  /** From this score on rows count as outliers. */
  readonly threshold: number
  readonly top: readonly RankedRow[]
  /** Rows by their score. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] }
  readonly out: string | null
  readonly seconds: number
}

const outlierOptions = new OptionTable<OutlierOptions>({
  ...rowOptions,
  share: numberIn({ above: 0, max: 0.5 }),
  top: wholeNumber({ min: 1 }),
  out: someText,
  onText: aFunction(),
  onProgress: aFunction(),
})

const chunk = 8192
const ordinary = 0.5

/**
 * Ranks rows by how few random cuts set them apart from the others, says what is unusual about the
 * strangest, and writes all of them with their scores.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE, FORMAT where an option or the data are wrong; INTERRUPTED.
 * @example
 * ```ts
 * const { top } = await outliers('customers.csv', { out: 'ranked.csv' })
 * for (const { row, score, unusual } of top) console.log(row, score, unusual[0]?.column)
 * ```
 */
export async function outliers(
  source: DataSource,
  options: OutlierOptions = {},
): Promise<Outliers> {
  outlierOptions.check('outliers', options)
  const began = performance.now()
  const { out, onText = () => {}, signal, seed = 0, top = 10, share } = options
  const rows = await openRows(source, options)
  try {
    const { IsolationForest } = await import('../../classic/trees/isolation-forest.js')
    const forest = await new IsolationForest({ randomState: seed }).fit(
      featuresOf(rows.preprocessor, rows.table),
      undefined,
      { signal, onProgress: ({ fraction }) => options.onProgress?.(fraction) },
    )
    const scores = await scoresOf(rows, signal, async table => {
      const decisions = await forest.decisionFunction(featuresOf(rows.preprocessor, table))
      return decisions.map(decision => ordinary - decision)
    })
    const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b)
    const count =
      share === undefined
        ? countAbove(scores, order)
        : Math.max(1, Math.round(share * scores.length))
    const threshold = count === 0 ? scores[order[0]] : scores[order[count - 1]]
    const unusual = new UnusualValues(rows.table, rows.used)
    const described = await describe(rows, order.subarray(0, top), unusual)
    await writeRanked(rows, order, scores, count, unusual, { out, onText, signal })
    return {
      source: rows.source,
      rows: rows.dataset.rows,
      columns: rows.used,
      leftOut: rows.leftOut,
      outliers: count,
      threshold: round(threshold),
      top: described.map((what, i) => ({
        row: order[i] + 1,
        rank: i + 1,
        score: round(scores[order[i]]),
        outlier: i < count,
        unusual: what,
      })),
      histogram: histogramOf(scores),
      out: out ?? null,
      seconds: Number(((performance.now() - began) / 1000).toFixed(3)),
    }
  } finally {
    await rows.dataset.close()
  }
}

/** Scores beyond the middle half by more than one and a half of its length (Tukey 1977), and strange at all. */
function countAbove(scores: Float64Array, order: Uint32Array): number {
  const quantile = (share: number) => scores[order[Math.round(share * (order.length - 1))]]
  const [high, low] = [quantile(0.25), quantile(0.75)]
  const fence = Math.max(ordinary, high + 1.5 * (high - low))
  return scores.reduce((sum, score) => sum + (score > fence ? 1 : 0), 0)
}

function round(score: number): number {
  return Number(score.toFixed(4))
}

async function scoresOf(
  { dataset }: UnlabelledRows,
  signal: AbortSignal | undefined,
  score: (table: Table) => Promise<Float64Array>,
): Promise<Float64Array> {
  const scores = new Float64Array(dataset.rows)
  let at = 0
  for await (const table of dataset.chunks({ rows: chunk })) {
    throwIfAborted('outliers', signal)
    scores.set(await score(table), at)
    at += table.rows
  }
  return scores
}

async function describe(
  { dataset, used }: UnlabelledRows,
  rowIds: Uint32Array,
  unusual: UnusualValues,
): Promise<Unusual[][]> {
  const table = await new DatasetStore([dataset]).take(rowIds, used)
  return Array.from(rowIds, (_, i) => unusual.of(table, i))
}

async function writeRanked(
  { dataset }: UnlabelledRows,
  order: Uint32Array,
  scores: Float64Array,
  outlierCount: number,
  unusual: UnusualValues,
  options: { out: string | undefined; onText: (text: string) => void; signal?: AbortSignal },
): Promise<void> {
  const { out, onText, signal } = options
  const store = new DatasetStore([dataset], signal)
  async function* pieces(): AsyncGenerator<string> {
    const own: string[] = []
    for (const wanted of ['rank', 'row', 'score', 'outlier', 'unusual'])
      own.push(freeName(wanted, dataset.names))
    yield line([...own, ...dataset.names])
    for (let start = 0; start < order.length; start += chunk) {
      const rowIds = order.subarray(start, start + chunk)
      const table = await store.take(rowIds, dataset.names)
      const writers = table.columns.map(cellWriter)
      let text = ''
      for (let i = 0; i < rowIds.length; i++) {
        const rank = start + i
        const isOutlier = rank < outlierCount
        const why = isOutlier
          ? unusual
              .of(table, i)
              .map(({ column }) => column)
              .join('; ')
          : ''
        text += `${rank + 1},${rowIds[i] + 1},${round(scores[rowIds[i]])},${isOutlier},${csvCell(why)}`
        for (const write of writers) text += `,${write(i)}`
        text += '\n'
      }
      yield text
    }
  }
  await writePieces(pieces(), out, onText)
}

function histogramOf(scores: Float64Array): Outliers['histogram'] {
  let low = 1
  let high = 0
  for (const score of scores) {
    low = Math.min(low, score)
    high = Math.max(high, score)
  }
  const bins = 30
  const width = (high - low) / bins || 1e-6
  const counts = new Array<number>(bins).fill(0)
  for (const score of scores) counts[Math.min(bins - 1, Math.floor((score - low) / width))]++
  return { edges: Array.from({ length: bins + 1 }, (_, i) => round(low + i * width)), counts }
}
