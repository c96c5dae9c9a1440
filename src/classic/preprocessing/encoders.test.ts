// Encoders of categories against scikit-learn, and what they do with what they don't know.

import { describe, expect, test } from 'vitest'
import { Table } from '../../data/table.js'
import { kFold } from '../../estimator/folds.js'
import type { Matrix } from '../../estimator/matrix.js'
import { casesOf, type Json, near, rowsOf } from '../testing/oracle.js'
import * as preprocessing from './index.js'
import { OneHotEncoder, OrdinalEncoder, TargetEncoder } from './index.js'

const cases = casesOf(new URL('./fixtures/encoders.json', import.meta.url))

test.each(cases.map((c, i) => [`${i} ${c.estimator} ${JSON.stringify(c.params)}`, c]))(
  '%s',
  async (_, c: Json) => {
    const Class = (preprocessing as Json)[c.estimator]
    const model = new Class(c.params)
    expect(await model.fit(c.x, c.y)).toBe(model)
    const again = Class.fromJSON(JSON.parse(JSON.stringify(model)))
    for (const one of [model, again]) {
      const out = await one.transform(c.new)
      near(rowsOf(out), c.out, 1e-12, 'out')
      if (c.inverse) expect(await one.inverseTransform(out)).toEqual(c.inverse)
      for (const [name, value] of Object.entries(c.attributes) as Json)
        near(
          one[name],
          value.map((v: Json) => v ?? []),
          1e-12,
          name,
        )
      expect(one.featureNamesOut.map((s: string) => s.replace(/\.0$/, ''))).toEqual(
        c.names.map((s: string) => s.replace(/\.0$/, '')),
      )
    }
  },
)

describe('what encoders do with columns of all kinds', () => {
  test('tables, records and rows with names give the same', async () => {
    const records = [
      { size: 'S', count: 1, open: true },
      { size: 'L', count: 2, open: false },
      { size: null, count: 1, open: true },
    ]
    const rows = records.map(Object.values)
    const encoder = await new OneHotEncoder({ sparseOutput: false }).fit(records)
    const out = await encoder.transform(records)
    expect(out.names).toEqual([
      ...['size_L', 'size_S', 'size_missing', 'count_1', 'count_2', 'open_false', 'open_true'],
    ])
    expect(rowsOf(await encoder.transform(Table.fromObjects(records)))).toEqual(rowsOf(out))
    expect(rowsOf(await new OneHotEncoder().fitTransform(rows))).toEqual(rowsOf(out))
    expect(await encoder.inverseTransform(out)).toEqual(rows)
    await expect(encoder.transform([{ size: 'S', counts: 1, open: true }])).rejects.toThrow(
      /Did you mean 'counts'/,
    )
  })

  test('texts stay texts: nothing is sniffed, and another kind is refused', async () => {
    const encoder = await new OrdinalEncoder().fit([['1'], ['02'], ['']])
    expect(encoder.categories).toEqual([['', '02', '1']])
    await expect(encoder.transform([[1]])).rejects.toThrow(
      /expected strings in column 'x0'.*numbers/,
    )
    await expect(new OneHotEncoder().fit([['a'], [1]])).rejects.toThrow(/of one kind/)
    await expect(new OneHotEncoder().fit([[new Date(0)]] as never)).rejects.toThrow(/dates/)
  })

  test('an unknown category is an error that names it', async () => {
    const encoder = await new OneHotEncoder().fit([{ plan: 'free' }, { plan: 'pro' }])
    await expect(encoder.transform([{ plan: 'free' }, { plan: 'team' }])).rejects.toThrow(
      /column 'plan'.*'team' in row 1/,
    )
  })

  test('parameters that contradict each other', async () => {
    expect(() => new OrdinalEncoder({ unknownValue: 3 })).toThrow(/useEncodedValue/)
    const clash = new OrdinalEncoder({ handleUnknown: 'useEncodedValue', unknownValue: 1 })
    await expect(clash.fit([['a'], ['b']])).rejects.toThrow(/outside 0 to 1/)
    await expect(new OneHotEncoder({ drop: ['z'] }).fit([['a']])).rejects.toThrow(/'z'/)
    await expect(new OneHotEncoder({ categories: [['a'], ['b']] }).fit([['a']])).rejects.toThrow(
      /categories of 1 column/,
    )
    expect(() => new OneHotEncoder({ minFrequency: 1.5 })).toThrow(/share above 0 and below 1/)
  })

  test('targets: fitTransform encodes each fold by the others', async () => {
    const x = Array.from({ length: 30 }, (_, i) => [['a', 'b', 'c'][(i * 7) % 3]])
    const y = x.map((_, i) => Math.sin(i) + 0.25)
    const encoder = new TargetEncoder({ cv: 3, randomState: 4, smooth: 2 })
    const out = (await encoder.fitTransform(x, y)) as Matrix
    for (const { train, test: held } of kFold(30, { folds: 3, seed: 4 })) {
      const other = await new TargetEncoder({ smooth: 2 }).fit(
        Array.from(train, row => x[row]),
        Array.from(train, row => y[row]),
      )
      const expected = (await other.transform(Array.from(held, row => x[row]))) as Matrix
      expect(Array.from(held, row => out.x[row])).toEqual(Array.from(expected.x))
    }
    const plain = (await encoder.transform(x)) as Matrix
    expect(Array.from(plain.x)).not.toEqual(Array.from(out.x))
    const fitted = await new TargetEncoder({ smooth: 2 }).fit(x, y)
    expect(encoder.encodings).toEqual(fitted.encodings)
    await expect(new TargetEncoder().fit(x)).rejects.toThrow(/targets/)
  })
})
