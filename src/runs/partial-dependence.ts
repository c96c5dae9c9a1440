// How predictions move with one column, all others as they are: the average (Friedman 2001, "Greedy function
// approximation") and single rows (Goldstein et al. 2015, "Peeking inside the black box").

import { type CodeColumn, type Column, isMissing, type NumberColumn } from '../data/column.js'
import { Table } from '../data/table.js'
import { sampleOf } from './baselines.js'
import type { PreparedData } from './prepare-data.js'
import type { Dependence } from './report/report-data.js'
import type { TableModel } from './table-model.js'

const mostColumns = 6
const mostRows = 200
const mostValues = 20
const mostCategories = 8
/** Rows that are drawn on their own. */
const singles = 24
/** Classes with a line of their own. */
const mostClasses = 6
/** Features times rows of all questions beyond which fewer rows are asked about. */
const mostWork = 4e7

/** Of the columns named, those that can be varied; at most six. */
export async function partialDependence(
  model: TableModel,
  data: PreparedData,
  columns: readonly string[],
): Promise<Dependence[]> {
  const { sample, encoder, task } = data
  const inputs = new Map(model.core.inputs.map(input => [input.name, input]))
  const wanted = columns.filter(name => {
    const input = inputs.get(name)
    return input?.used === true && input.type !== 'text'
  })
  const width = model.core.preprocessor.width
  const rows = Math.min(mostRows, Math.floor(mostWork / (width * mostValues * mostColumns)))
  const asked = sampleOf(sample.split.test, rows)
  if (asked.length < 10) return []
  const used = [...inputs.values()].filter(input => input.used).map(input => input.name)
  const base = sample.table.select(used).take(asked)
  const outputs = task === 'regression' ? 1 : encoder.classes.length
  const lines = linesOf(data)
  const found: Dependence[] = []
  for (const name of wanted.slice(0, mostColumns)) {
    const grid = gridOf(sample.table.column(name), sample.split.train)
    if (grid === undefined) continue
    const answers: Float64Array[] = []
    for (let v = 0; v < grid.values.length; v++) {
      const column = grid.at(v, base.rows)
      const varied = base.columns.map(other => (other.name === name ? column : other))
      answers.push(await model.outputs(new Table(varied, base.rows)))
    }
    const mean = (line: number) =>
      answers.map(answer => {
        let sum = 0
        for (let row = 0; row < base.rows; row++) sum += answer[row * outputs + line]
        return round(sum / base.rows)
      })
    const single = (row: number) =>
      answers.map(answer => round(answer[row * outputs + lines[0].output]))
    const step = Math.max(1, base.rows / singles)
    found.push({
      column: name,
      kind: grid.kind,
      values: grid.values,
      lines: lines.map(({ label, output }) => ({ label, mean: mean(output) })),
      singles:
        lines.length > 1
          ? []
          : Array.from({ length: Math.min(singles, base.rows) }, (_, i) =>
              single(Math.floor(i * step)),
            ),
    })
  }
  return found
}

/** One line for a number or two classes (the positive one), else one for each of the largest classes. */
function linesOf({ encoder, task }: PreparedData): { label: string; output: number }[] {
  if (task === 'regression') return [{ label: encoder.name, output: 0 }]
  const { classes, classCounts } = encoder
  if (classes.length === 2) return [{ label: classes[1], output: 1 }]
  return Array.from(classes.keys())
    .sort((a, b) => classCounts[b] - classCounts[a] || a - b)
    .slice(0, mostClasses)
    .sort((a, b) => a - b)
    .map(output => ({ label: classes[output], output }))
}

interface Grid {
  readonly kind: Dependence['kind']
  readonly values: readonly (number | string)[]
  /** A column that has the v-th value in every row. */
  at(v: number, rows: number): Column
}

/** undefined where there are not two values to compare. */
function gridOf(column: Column, rows: Uint32Array): Grid | undefined {
  const seen = rows.filter(row => !isMissing(column, row))
  return column.kind === 'number' ? numberGrid(column, seen) : codeGrid(column, seen)
}

/** Quantiles from 1 to 99 %, each value once. */
function numberGrid(column: NumberColumn, rows: Uint32Array): Grid | undefined {
  const sorted = Float64Array.from(rows, row => column.values[row]).sort()
  if (sorted.length < 2) return undefined
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))]
  const values = [
    ...new Set(
      Array.from({ length: mostValues }, (_, i) => quantile(0.01 + (0.98 * i) / (mostValues - 1))),
    ),
  ]
  if (values.length < 2) return undefined
  const { exact: _, ...plain } = column
  return {
    kind: column.type === 'datetime' ? 'date' : 'number',
    values: values.map(value => Number(value.toPrecision(7))),
    at: (v, count) => ({ ...plain, values: new Float64Array(count).fill(values[v]) }),
  }
}

/** The most frequent categories. */
function codeGrid(column: CodeColumn, rows: Uint32Array): Grid | undefined {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(column.codes[row], (counts.get(column.codes[row]) ?? 0) + 1)
  const codes = [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, mostCategories)
    .map(([code]) => code)
  if (codes.length < 2) return undefined
  return {
    kind: 'category',
    values: codes.map(code => column.categories[code]),
    at: (v, count) => ({ ...column, codes: new Int32Array(count).fill(codes[v]) }),
  }
}

function round(value: number): number {
  return Number(value.toPrecision(5))
}
