// Checks of the forms in which features and targets come, and of what is refused.

import type { ErrorCode } from '../../base/errors.js'
import { Table } from '../../data/table.js'
import { tensor } from '../../tensor/index.js'
import { SparseMatrix } from '../sparse.js'
import { answersOf, callFirst, differs, fitted, type Subject, wrongError } from './subject.js'

const names = ['first', 'second', 'third']

/** Rows as objects, their columns in the order given. */
const asRecords = (rows: Subject['data']['rows'], order: readonly number[] = [0, 1, 2]) =>
  rows.map(row =>
    Object.fromEntries(order.filter(j => j < row.length).map(j => [names[j], row[j]])),
  )

export const inputChecks = {
  async 'all forms of input say the same'(subject: Subject) {
    if (subject.tags.input === 'texts') return undefined
    const { rows, y } = subject.data
    const flat = rows.flat() as number[]
    const width = rows[0].length
    const shape = { rows: rows.length, width }
    const forms: Record<string, unknown> = {
      'a Float64Array': { x: Float64Array.from(flat), ...shape },
      'a Float32Array': { x: Float32Array.from(flat), ...shape },
      'rows as typed arrays': rows.map(row => Float64Array.from(row as number[])),
      'a Tensor': tensor(Float32Array.from(flat), { shape: [rows.length, width] }),
      'a Table': Table.fromObjects(asRecords(rows)),
      objects: asRecords(rows),
    }
    const expected = await answersOf(await fitted(subject), rows)
    for (const [what, x] of Object.entries(forms)) {
      const model = subject.make()
      await model.fit(x, y === undefined ? undefined : Float64Array.from(y))
      // float32 and float64 may be added in another order; what is said must be the same.
      const wrong = differs(await answersOf(model, x), expected, 1e-5)
      if (wrong !== undefined) return `${what}: ${wrong}`
    }
    return undefined
  },

  async 'columns are known by their names'(subject: Subject) {
    if (subject.tags.input === 'texts') return undefined
    const { rows, y } = subject.data
    const model = subject.make()
    await model.fit(asRecords(rows), y)
    const seen = (model as { featureNamesIn?: readonly string[] }).featureNamesIn
    const columns = names.slice(0, rows[0].length)
    if (seen?.join() !== columns.join()) return `featureNamesIn is ${seen}`
    if (subject.kind === 'clusterer' && model.predict === undefined) return undefined
    const expected = await answersOf(model, asRecords(rows))
    const moved = differs(await answersOf(model, asRecords(rows, [2, 0, 1])), expected)
    if (moved !== undefined) return `in another order: ${moved}`
    if (columns.length === 1) return undefined
    const lacking = await wrongError(
      'a column that is missing',
      () => callFirst(model, asRecords(rows, [0, 2])),
      'DATA',
    )
    if (lacking !== undefined) return lacking
    return wrongError(
      'a column that was not there',
      () =>
        callFirst(
          model,
          asRecords(rows).map(row => ({ ...row, fourth: 1 })),
        ),
      'DATA',
    )
  },

  async 'the target may be a column'(subject: Subject) {
    const { rows, y } = subject.data
    if (y === undefined || subject.tags.input === 'texts') return undefined
    const table = asRecords(rows).map((row, i) => ({ ...row, target: y[i] }))
    const model = subject.make()
    await model.fit(table, 'target')
    return differs(await answersOf(model, table), await answersOf(await fitted(subject), rows))
  },

  async 'one answer a row, each finite'(subject: Subject) {
    const { rows } = subject.data
    const answers = await answersOf(await fitted(subject), rows)
    const each = answers.length / rows.length
    const wanted = subject.kind === 'transformer' ? Math.ceil(each) : 1
    if (each !== wanted) return `${answers.length} for ${rows.length} rows`
    const bad = Array.from(answers).findIndex(
      answer => typeof answer === 'number' && !Number.isFinite(answer),
    )
    return bad < 0 ? undefined : `${answers[bad]} at ${bad}`
  },

  async 'rows by themselves and in another order'(subject: Subject) {
    const { rows } = subject.data
    const model = await fitted(subject)
    if (subject.kind === 'clusterer' && model.predict === undefined) return undefined
    if (subject.tags.ignoresFeatures === true) return undefined
    const all = await answersOf(model, rows)
    const each = all.length / rows.length
    const backwards = await answersOf(model, [...rows].reverse())
    for (let i = 0; i < rows.length; i += 7) {
      const own = Array.from(all).slice(i * each, (i + 1) * each)
      const alone = differs(await answersOf(model, [rows[i]]), own, 1e-6)
      if (alone !== undefined) return `row ${i} alone: ${alone}`
      const at = (rows.length - 1 - i) * each
      const turned = differs(Array.from(backwards).slice(at, at + each), own, 1e-6)
      if (turned !== undefined) return `row ${i} in reverse order: ${turned}`
    }
    return undefined
  },

  async 'what it cannot use is refused'(subject: Subject) {
    const { rows, y } = subject.data
    const first = (value: unknown) => [[value, ...rows[0].slice(1)], ...rows.slice(1)]
    const { allowNaN, input, ignoresFeatures } = subject.tags
    const isMatrix = input === undefined || input === 'matrix'
    const cases: [string, unknown, unknown, ErrorCode][] = [
      ['no rows', [], y && [], 'DATA'],
      ['no features', [[]], y && [1], 'DATA'],
      ...(isMatrix
        ? ([['infinity', first(Infinity), y, 'DATA']] as [string, unknown, unknown, ErrorCode][])
        : []),
      ...(isMatrix
        ? ([['a text', first('a'), y, 'DATA']] as [string, unknown, unknown, ErrorCode][])
        : []),
      ['ragged rows', [[1, 1, 1, 1], ...rows.slice(1)], y, 'SHAPE'],
      ['nothing', undefined, y, 'DATA'],
    ]
    if (isMatrix && allowNaN !== true) cases.push(['NaN', first(Number.NaN), y, 'DATA'])
    if (y !== undefined) cases.push(['targets too few', rows, y.slice(1), 'SHAPE'])
    if (y !== undefined && subject.kind !== 'transformer') {
      cases.push(['a target of NaN', rows, [Number.NaN, ...y.slice(1)], 'DATA'])
      cases.push(['a target of null', rows, [null, ...y.slice(1)], 'DATA'])
      cases.push(['no targets', rows, undefined, 'ARGUMENT'])
    }
    for (const [what, x, targets, code] of cases) {
      const wrong = await wrongError(what, () => subject.make().fit(x, targets), code)
      if (wrong !== undefined) return wrong
    }
    const model = await fitted(subject)
    if (subject.kind === 'clusterer' && model.predict === undefined) return undefined
    const empty = await wrongError('an answer for no rows', () => callFirst(model, []), 'DATA')
    if (empty !== undefined || ignoresFeatures === true) return empty
    const other = [[1, ...(rows[0].length === 1 ? [1] : [])]]
    return wrongError('features of another width', () => callFirst(model, other), 'SHAPE')
  },

  async 'sparse features'(subject: Subject) {
    const { tags, data } = subject
    if (tags.input !== undefined && tags.input !== 'matrix') return undefined
    const rows = data.rows as readonly (readonly number[])[]
    // Half of them 0, where that is allowed.
    const dense = rows.map((row, i) => row.map((value, j) => ((i + j) % 2 === 0 ? 0 : value)))
    const sparse = SparseMatrix.fromDense({
      x: dense.flat(),
      rows: dense.length,
      width: dense[0].length,
    })
    const { y } = data
    if (tags.sparse !== true)
      return wrongError('a SparseMatrix', () => subject.make().fit(sparse, y), 'DATA')
    const a = await fitted(subject, { rows: dense })
    const b = await fitted(subject, { rows: sparse })
    return differs(await answersOf(b, sparse), await answersOf(a, dense), 1e-4)
  },
} as const
