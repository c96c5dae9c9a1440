import { describe, expect, test } from 'vitest'
import { AthanorError } from '../base/errors.js'
import type { Column } from '../data/column.js'
import { Table } from '../data/table.js'
import { TablePreprocessor } from './table-preprocessor.js'
import { describeTreatment } from './treatment.js'

const number = (
  name: string,
  values: number[],
  type: 'numeric' | 'integer' | 'datetime' = 'numeric',
): Column => ({ kind: 'number', name, type, values: Float64Array.from(values) })

const code = (
  name: string,
  texts: (string | null)[],
  type: 'category' | 'boolean' | 'text' | 'identifier' = 'category',
): Column => {
  const categories = [...new Set(texts.filter(t => t !== null))]
  const codes = Int32Array.from(texts, t => (t === null ? -1 : categories.indexOf(t)))
  return { kind: 'code', name, type, codes, categories }
}

const rowsOf = ({ x, rows, width }: { x: Float32Array; rows: number; width: number }) =>
  Array.from({ length: rows }, (_, r) => Array.from(x.subarray(r * width, (r + 1) * width)))

const range = (n: number, f: (i: number) => number) => Array.from({ length: n }, (_, i) => f(i))

const customers = new Table([
  code('id', ['a', 'b', 'c', 'd', 'e', 'f'], 'identifier'),
  number('age', [20, 30, 40, 50, Number.NaN, 25], 'integer'),
  code('plan', ['pro', 'free', 'pro', 'free', null, 'pro']),
  code('active', ['true', 'false', 'true', 'true', 'false', 'true'], 'boolean'),
  number(
    'joined',
    range(6, i => Date.UTC(2024, i, 3, 5 * i)),
    'datetime',
  ),
  code('note', ['good 服务', 'bad', 'good', null, 'bad 服务', 'fine'], 'text'),
  number('one', [1, 1, 1, 1, 1, 1]),
  code('churn', ['yes', 'no', 'yes', 'no', 'yes', 'no']),
])
const fitted = TablePreprocessor.fit(customers, [0, 1, 2, 3, 4], {
  exclude: ['churn'],
  textFeatures: 32,
})

describe('TablePreprocessor', () => {
  test('says what is done with every column', () => {
    expect(fitted.inputs.map(({ name, used }) => [name, used])).toEqual([
      ['id', false],
      ['age', true],
      ['plan', true],
      ['active', true],
      ['joined', true],
      ['note', true],
      ['one', false],
    ])
    const rules = new Map(fitted.inputs.map(input => [input.name, input.rule]))
    expect(rules.get('id')).toMatch(/identifier/)
    expect(rules.get('one')).toMatch(/constant \(1/)
    expect(rules.get('age')).toMatch(/missing values become 35, with an indicator/)
    expect(rules.get('plan')).toMatch(/one feature for each of 2 categories/)
    expect(fitted.outputNames).toContain('plan = free')
    expect(fitted.outputNames).toContain('age missing')
    expect(fitted.outputNames.length).toBe(fitted.width)
    expect(new Set(fitted.outputNames).size).toBe(fitted.width)
  })

  test('and says it in Chinese too', () => {
    for (const { treatment, rule } of fitted.inputs) {
      expect(rule).toBe(describeTreatment(treatment, 'en'))
      expect(describeTreatment(treatment, 'zh')).toMatch(/[\u4e00-\u9fff]/)
    }
  })

  test('learns from the training rows alone', () => {
    const values = [1, 2, 3, 4, 1000]
    const a = TablePreprocessor.fit(new Table([number('v', values)]), [0, 1, 2, 3])
    const b = TablePreprocessor.fit(new Table([number('v', [1, 2, 3, 4, -7])]), [0, 1, 2, 3])
    expect(JSON.stringify(a)).toBe(JSON.stringify(b))
  })

  test('standard: mean 0, deviation 1, missing values become the median', () => {
    const table = new Table([number('v', [1, 2, 3, 6, Number.NaN, Infinity])])
    const p = TablePreprocessor.fit(table, undefined, { numericEncoding: 'standard' })
    const std = Math.sqrt((4 + 1 + 0 + 9) / 4)
    const expected = [-2, -1, 0, 3].map(d => [d / std, 0])
    const median = [-0.5 / std, 1]
    const out = p.transform(table)
    rowsOf(out).forEach((row, i) => {
      for (const [j, v] of row.entries())
        expect(v).toBeCloseTo([...expected, median, median][i][j], 6)
    })
    expect(out.tallies.get('v')).toEqual({ missing: 2, unseen: 0, clipped: 0, unreadable: 0 })
  })

  test('piecewise linear: bins fill one after the other', () => {
    const table = new Table([number('v', [0, 1, 2, 3])])
    const p = TablePreprocessor.fit(table, undefined, {
      numericEncoding: 'piecewiseLinear',
      bins: 3,
    })
    const bins = rowsOf(p.transform(new Table([number('v', [-5, 0.5, 1, 2.5, 9])])))
    const heights = bins.map(row => row.slice(1).map(v => v / 0.3))
    const expected = [
      [0, 0, 0],
      [0.5, 0, 0],
      [1, 0, 0],
      [1, 1, 0.5],
      [1, 1, 1],
    ]
    heights.forEach((row, i) => {
      for (const [j, v] of row.entries()) expect(v).toBeCloseTo(expected[i][j], 6)
    })
    expect(p.plain().width).toBe(1)
    expect(rowsOf(p.plain().transform(table)).flat()).toEqual(
      rowsOf(p.transform(table)).map(row => row[0]),
    )
  })

  test('quantile: as normal as ranks can make it', () => {
    const skewed = range(1001, i => Math.exp(i / 50))
    const table = new Table([number('v', skewed)])
    const { x } = TablePreprocessor.fit(table, undefined, {
      numericEncoding: 'quantile',
    }).transform(table)
    expect(x[500]).toBeCloseTo(0, 6)
    expect(x[250]).toBeCloseTo(-0.6745, 2)
    expect(x[1000]).toBeGreaterThan(3)
    for (let i = 1; i < x.length; i++) expect(x[i]).toBeGreaterThanOrEqual(x[i - 1])
  })

  test.each<[string, number[]]>([
    ['1e300 among small numbers', [...range(999, i => i % 10), 1e300]],
    ['all of 1e300', range(1000, i => (i % 10) * 1e300)],
    ['±1.7e308', range(1000, i => (i % 2 ? 1 : -1) * 1.7e308 + i)],
    ['all tiny', range(1000, i => (i % 10) * 1e-300)],
    ['denormal', range(1000, i => (i % 10) * 5e-324)],
    ['timestamps a millisecond apart', range(1000, i => 1.7e12 + (i % 10))],
  ])('%s keeps its information', (_, values) => {
    for (const numericEncoding of ['standard', 'piecewiseLinear', 'quantile'] as const)
      for (const scaling of ['standard', 'robust'] as const) {
        const table = new Table([number('v', values)])
        const p = TablePreprocessor.fit(table, undefined, { numericEncoding, scaling })
        const { x, width } = p.transform(table)
        expect(x.every(v => Number.isFinite(v) && Math.abs(v) < 100)).toBe(true)
        const first = new Set(range(20, i => x[i * width]))
        expect(first.size).toBeGreaterThan(1)
        if (!values.includes(1.7e308)) expect(first.size).toBeGreaterThanOrEqual(10)
        expect(
          TablePreprocessor.fromJSON(JSON.parse(JSON.stringify(p))).transform(table).x,
        ).toEqual(x)
      }
  })

  test('categories: rare ones share a feature, unseen ones join them and are counted', () => {
    const table = new Table([code('c', ['a', 'a', 'a', 'b', 'b', 'x', 'y', null])])
    const p = TablePreprocessor.fit(table)
    expect(p.outputNames).toEqual(['c = a', 'c = b', 'c rare', 'c missing'])
    const out = p.transform(new Table([code('c', ['b', 'x', 'new', null])]))
    expect(rowsOf(out)).toEqual([
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ])
    expect(out.tallies.get('c')).toEqual({ missing: 1, unseen: 1, clipped: 0, unreadable: 0 })
    const zeros = TablePreprocessor.fit(table, undefined, { unseen: 'zeros' })
    expect(rowsOf(zeros.transform(new Table([code('c', ['new'])])))).toEqual([[0, 0, 0, 0]])
  })

  test('an order given makes one feature', () => {
    const table = new Table([code('size', ['M', 'S', 'L', null])])
    const p = TablePreprocessor.fit(table, undefined, { ordinal: { size: ['S', 'M', 'L'] } })
    expect(rowsOf(p.transform(table))).toEqual([
      [0, 0],
      [-1, 0],
      [1, 0],
      [0, 1],
    ])
  })

  test('booleans: the affirmative text is 1', () => {
    const table = new Table([code('ok', ['是', '否', null, '是'], 'boolean')])
    const p = TablePreprocessor.fit(table)
    expect(rowsOf(p.transform(table))).toEqual([
      [1, 0],
      [-1, 0],
      [0, 1],
      [1, 0],
    ])
  })

  test('dates: December lies beside January, cycles without movement are left out', () => {
    const days = range(400, i => Date.UTC(2023, 0, 1 + i))
    const table = new Table([number('d', days, 'datetime')])
    const p = TablePreprocessor.fit(table, undefined, { numericEncoding: 'standard' })
    expect(p.outputNames.filter(n => n.includes('hour'))).toEqual([])
    const at = p.outputNames.indexOf('d month sin 1')
    const [dec, jan, jul] = rowsOf(
      p.transform(
        new Table([
          number(
            'd',
            [Date.UTC(2023, 11, 31), Date.UTC(2024, 0, 1), Date.UTC(2023, 6, 1)],
            'datetime',
          ),
        ]),
      ),
    ).map(row => row.slice(at, at + 2))
    const distance = (a: number[], b: number[]) => Math.hypot(a[0] - b[0], a[1] - b[1])
    expect(distance(dec, jan)).toBeLessThan(0.05)
    expect(distance(jan, jul)).toBeGreaterThan(1.9)
    const weekday = p.outputNames.indexOf('d weekday cos 1')
    // 2024-01-01 was a Monday: phase 0.
    const monday = p.transform(new Table([number('d', [Date.UTC(2024, 0, 1)], 'datetime')]))
    expect(monday.x[weekday]).toBeCloseTo(1, 6)
  })

  test('text: the same words, the same features; Chinese is cut into characters', () => {
    const table = new Table([
      code('t', ['red green', 'blue', '服务很好', '服务不好', null], 'text'),
    ])
    const p = TablePreprocessor.fit(table, undefined, { textFeatures: 256 })
    const [a, , c, d, e] = rowsOf(p.transform(table))
    const dot = (u: number[], v: number[]) =>
      u.slice(0, 256).reduce((sum, value, i) => sum + value * v[i], 0)
    expect(dot(a, a)).toBeCloseTo(16, 3)
    expect(dot(c, d)).toBeGreaterThan(1)
    expect(Math.abs(dot(a, c))).toBeLessThan(1.5)
    expect(e[257]).toBe(1)
  })

  test('chunks of any size give the same as the whole', async () => {
    const table = new Table([
      number(
        'v',
        range(5000, i => Math.sin(i) * 100),
      ),
      code('c', range(5000, i => i % 7).map(String)),
      code(
        't',
        range(5000, i => i % 5).map(i => `word${i} text`),
        'text',
      ),
    ])
    const whole = JSON.stringify(TablePreprocessor.fit(table))
    for (const size of [1700, 5000, 333]) {
      const chunks = range(Math.ceil(5000 / size), i => i * size).map(start =>
        table.take(range(Math.min(size, 5000 - start), i => start + i)),
      )
      expect(JSON.stringify(await TablePreprocessor.fitChunks(chunks))).toBe(whole)
    }
  })

  test('two thousand columns stay within the width allowed', () => {
    const columns = range(2000, c => c).map(c =>
      c % 2
        ? number(
            `n${c}`,
            range(50, i => Math.sin(i * c)),
          )
        : code(`c${c}`, range(50, i => (i * c + i) % 20).map(String)),
    )
    const p = TablePreprocessor.fit(new Table(columns))
    expect(p.width).toBeLessThan(2 * 4096 + 4000)
  })

  test('a column of the other storage is converted', () => {
    const p = TablePreprocessor.fit(new Table([number('v', [1, 2, 3])]))
    const asText = p.transform(new Table([code('v', ['2', 'x'])]))
    expect(asText.x[0]).toBeCloseTo(0, 6)
    expect(asText.tallies.get('v')).toMatchObject({ missing: 1, unreadable: 1 })
    expect(() => p.transform(new Table([number('v', [1], 'datetime')]))).toThrow(
      /learned with, numeric/,
    )
  })

  test('the matrix of an earlier call can be written over', () => {
    const into = new Float32Array(1000).fill(7)
    const out = fitted.transform(customers, [1, 3], into)
    expect(out.x.buffer).toBe(into.buffer)
    expect(out.x).toEqual(fitted.transform(customers, [1, 3]).x)
  })
})

describe('raw rows', () => {
  const row = {
    age: 31,
    plan: 'pro',
    active: true,
    joined: '2024-03-01',
    note: null,
    id: 'zz',
    churn: 'no',
  }

  test('give the same features as the table', () => {
    const rows = range(6, i => i).map(i => customers.row(i))
    expect(fitted.transform(fitted.fromObjects(rows)).x).toEqual(fitted.transform(customers).x)
  })

  test('fields that the model does not use may be absent', () => {
    expect(fitted.fromObjects([row]).rows).toBe(1)
    expect(fitted.checkFields([row])).toEqual({ missing: [], unknown: [] })
  })

  test('a missing field is named, and the one probably meant', () => {
    const { age, ...rest } = row
    expect(() => fitted.fromObjects([rest])).toThrow(/no 'age'.*null/)
    expect(() => fitted.fromObjects([{ ...rest, Age: age }])).toThrow(
      /Is 'Age' meant to be 'age'\?/,
    )
    expect(() => fitted.fromObjects([row, rest])).toThrow(/'age' in 1 of 2 rows/)
    const out = fitted.transform(fitted.fromObjects([rest], { missingFields: 'impute' }))
    expect(out.tallies.get('age')?.missing).toBe(1)
  })

  test('unknown fields are reported', () => {
    const seen: unknown[] = []
    fitted.fromObjects([{ ...row, colour: 'red' }], { onUnknownFields: f => seen.push(...f) })
    expect(seen).toEqual([{ name: 'colour', rows: 1, meant: undefined }])
  })

  test.each<[string, RegExp, unknown]>([
    [
      'a text for a number',
      /whole number in field 'age', received "old" in row 1/,
      { ...row, age: 'old' },
    ],
    ['a text for a date', /field 'joined'/, { ...row, joined: 'soon' }],
    ['no object', /objects/, 5],
    ['null', /objects/, null],
  ])('%s is refused', (_, message, bad) => {
    expect(() => fitted.fromObjects([bad as never])).toThrow(message)
  })

  test('numbers may come as text, category as number', () => {
    const a = fitted.transform(fitted.fromObjects([{ ...row, age: '31' }])).x
    expect(a).toEqual(fitted.transform(fitted.fromObjects([row])).x)
  })
})

describe('saved', () => {
  const json = () => JSON.parse(JSON.stringify(fitted))

  test('and read again, it does the same', () => {
    const again = TablePreprocessor.fromJSON(json())
    expect(again.transform(customers).x).toEqual(fitted.transform(customers).x)
    expect(again.inputs).toEqual(fitted.inputs)
    expect(JSON.stringify(again)).toBe(JSON.stringify(fitted))
  })

  // biome-ignore lint/suspicious/noExplicitAny: hostile JSON
  type Any = any
  test.each<[string, (j: Any) => unknown]>([
    ['null', () => null],
    ['an array', () => []],
    ['another format', j => ({ ...j, format: 'x' })],
    ['a newer version', j => ({ ...j, version: 2 })],
    ['a version of NaN', j => ({ ...j, version: Number.NaN })],
    ['a field too many', j => ({ ...j, extra: 1 })],
    ['__proto__', j => JSON.parse(JSON.stringify(j).replace('"excluded"', '"__proto__"'))],
    ['no columns', j => ({ ...j, columns: [] })],
    ['a column twice', j => ({ ...j, columns: [j.columns[1], j.columns[1]] })],
    ['dropped columns alone', j => ({ ...j, columns: [j.columns[0]] })],
    ['an unknown kind', j => edit(j, c => (c.encoder.kind = 'constructor'))],
    ['a kind of another type', j => edit(j, c => (c.type = 'text'))],
    ['an unknown type', j => edit(j, c => (c.type = 'toString'))],
    ['spread 0', j => edit(j, c => (c.encoder.scaling.spread = 0))],
    ['spread NaN', j => edit(j, c => (c.encoder.scaling.spread = Number.NaN))],
    ['bounds the wrong way round', j => edit(j, c => (c.encoder.scaling.lower = 1e9))],
    ['edges that step back', j => edit(j, c => c.encoder.bins.edges.reverse())],
    ['an edge that is a text', j => edit(j, c => (c.encoder.bins.edges[0] = '0'))],
    ['a mean that is missing', j => edit(j, c => delete c.encoder.scaling.center)],
    ['an omission that is none', j => omit(j, { code: 'scaled' })],
    ['an omission without its value', j => omit(j, { code: 'constant' })],
    ['an omission with too much', j => omit(j, { code: 'empty', value: 1 })],
    ['an indicator that is no boolean', j => edit(j, c => (c.encoder.imputing.indicator = 1))],
  ])('refuses %s', (_, change) => {
    let code = 'none'
    try {
      TablePreprocessor.fromJSON(change(json()))
    } catch (error) {
      code = error instanceof AthanorError ? error.code : String(error)
    }
    expect(code).toBe('FORMAT')
  })

  test('any single value changed: refused, or features stay finite', () => {
    const replacements = [null, 'x', -1, 0, 1e308, -1e308, 5e-324, true, [], {}, 'constructor']
    const text = JSON.stringify(fitted)
    const paths = leaves(JSON.parse(text))
    expect(paths.length).toBeGreaterThan(100)
    for (const path of paths.filter((_, i) => i < 150 || i % 7 === 0))
      for (const value of replacements) {
        const changed = JSON.parse(text)
        let at = changed
        for (const key of path.slice(0, -1)) at = at[key]
        at[path[path.length - 1]] = value
        try {
          const read = TablePreprocessor.fromJSON(changed)
          const { x } = read.transform(customers)
          expect(x.every(Number.isFinite), `${path.join('.')} = ${value}`).toBe(true)
        } catch (error) {
          if (!(error instanceof AthanorError)) throw error
          // DATA: a column renamed, or of another type, which the table then lacks.
          expect(['FORMAT', 'DATA'], `${path.join('.')} = ${value}`).toContain(error.code)
        }
      }
  })

  function leaves(json: Any, path: (string | number)[] = []): (string | number)[][] {
    if (typeof json !== 'object' || json === null) return [path]
    return [path, ...Object.keys(json).flatMap(key => leaves(json[key], [...path, key]))].filter(
      p => p.length > 0,
    )
  }

  function omit(j: Any, omitted: object) {
    j.columns[0].omitted = omitted
    return j
  }

  function edit(j: Any, change: (column: Any) => unknown) {
    change(j.columns[1])
    return j
  }
})

describe('bad input', () => {
  test.each<[string, RegExp, () => unknown]>([
    ['no rows', /at least one training row/, () => TablePreprocessor.fit(customers, [])],
    ['a row too far', /row ids in \[0, 6\)/, () => fitted.transform(customers, [6])],
    ['half a row', /row ids/, () => fitted.transform(customers, [0.5])],
    ['a column that is not there', /'plan'/, () => fitted.transform(customers.select(['age']))],
    [
      'an excluded name that is not there',
      /Did you mean 'churn'/,
      () => TablePreprocessor.fit(customers, undefined, { exclude: ['chrun'] }),
    ],
    [
      'nothing to learn from',
      /at least one column.*'one'/,
      () => TablePreprocessor.fit(customers.select(['one', 'id'])),
    ],
    [
      'an unknown option',
      /numericEncoding/,
      () => TablePreprocessor.fit(customers, undefined, { numericEncodng: 1 } as never),
    ],
    ['a bad option', /bins from 2/, () => TablePreprocessor.fit(customers, undefined, { bins: 0 })],
  ])('%s', (_, message, run) => {
    expect(run).toThrow(message)
    expect(run).toThrow(AthanorError)
  })
})
