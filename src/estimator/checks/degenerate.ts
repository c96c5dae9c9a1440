// Data at the edge: whatever comes, the answers are finite or there is an error that says why.

import { AthanorError } from '../../base/errors.js'
import { answersOf, type Subject } from './subject.js'

type Rows = readonly (readonly number[])[]

interface Edge {
  readonly rows: (rows: Rows) => Rows
  readonly y?: (y: readonly number[]) => readonly number[]
}

const edges: Readonly<Record<string, Edge>> = {
  'a constant target': { rows: rows => rows, y: y => y.map(() => y[0]) },
  'one row': { rows: rows => rows.slice(0, 1), y: y => y.slice(0, 1) },
  'two rows': { rows: rows => [rows[0], rows[1]], y: y => [Math.min(...y), Math.max(...y)] },
  'more features than rows': {
    rows: rows =>
      rows
        .slice(0, 6)
        .map(row => Array.from({ length: 20 }, (_, j) => row[j % 3] * (1 + Math.cos(j)) + (j % 5))),
    y: y => [Math.min(...y), Math.max(...y), ...y.slice(2, 6)],
  },
  duplicates: { rows: rows => rows.map(() => rows[0]) },
  'a constant feature': { rows: rows => rows.map(row => [row[0], 3, row[2]]) },
  'features all 0': { rows: rows => rows.map(() => [0, 0, 0]) },
  'collinear columns': { rows: rows => rows.map(row => [row[0], 2 * row[0], row[0] + row[1]]) },
  'tiny scales': { rows: rows => rows.map(row => row.map(value => value * 1e-30)) },
  'huge scales': { rows: rows => rows.map(row => row.map(value => value * 1e30)) },
  'values at the end of float64': { rows: rows => rows.map(row => row.map(v => v * 1e300)) },
  'scales that differ': { rows: rows => rows.map(row => [row[0] * 1e-12, row[1], row[2] * 1e12]) },
  'an offset': { rows: rows => rows.map(row => row.map(value => value + 1e9)) },
  'a missing column': { rows: rows => rows.map(row => [row[0], Number.NaN, row[2]]) },
  'a missing value': {
    rows: rows => rows.map((row, i) => (i === 2 ? [row[0], Number.NaN, row[2]] : row)),
  },
  'a class of one row': { rows: rows => rows, y: y => y.map((_, i) => (i === 0 ? 1 : 0)) },
}

export const degenerateChecks = {
  async 'degenerate data give finite answers or an error'(subject: Subject) {
    if (subject.tags.input === 'texts') return undefined
    const width = subject.tags.features
    const own = subject.data.rows as Rows
    const rows = width === undefined ? own : own.map(([value]) => [value, value, value])
    for (const [what, edge] of Object.entries(edges)) {
      const x = edge.rows(rows).map(row => row.slice(0, width))
      const y = subject.data.y && (edge.y?.(subject.data.y) ?? subject.data.y)
      try {
        const model = subject.make()
        await model.fit(x, y?.slice(0, x.length))
        const answers = Array.from(await answersOf(model, x))
        const bad = answers.find(answer => typeof answer === 'number' && !Number.isFinite(answer))
        // A missing value may stay one where a transformer passes them on.
        const passedOn =
          subject.kind === 'transformer' && Number.isNaN(bad) && what.startsWith('a missing')
        if (bad !== undefined && !passedOn) return `${what}: an answer of ${bad}`
      } catch (error) {
        if (!(error instanceof AthanorError)) return `${what}: ${error}`
        if (error.code === 'INTERNAL') return `${what}: ${error.message}`
      }
    }
    return undefined
  },
} as const
