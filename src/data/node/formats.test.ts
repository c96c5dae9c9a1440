import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { tableFromArrays, tableToIPC } from '@uwdata/flechette'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { NumberColumn } from '../column.js'
import type { Dataset } from '../dataset.js'
import { openDuckDb, quoteText } from './duckdb.js'
import { type OpenOptions, openDataset } from './index.js'

// Files and processes: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-formats-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function rowsOf(dataset: Dataset) {
  const table = await dataset.table()
  await dataset.close()
  return Array.from({ length: table.rows }, (_, i) => table.row(i))
}

async function read(name: string, content: string | Uint8Array, options: OpenOptions = {}) {
  await writeFile(join(folder, name), content)
  const dataset = await openDataset(join(folder, name), options)
  return { dataset, rows: await rowsOf(dataset) }
}

/** The same three rows in every format. */
const expected = [
  {
    name: 'Ann',
    age: 31,
    paid: true,
    since: new Date('2020-01-02'),
    城市: '北京',
    big: 9007199254740993n,
  },
  { name: 'Bob', age: null, paid: false, since: new Date('2021-03-04'), 城市: null, big: 5 },
  { name: 'Cy, "C"', age: 1.5, paid: null, since: null, 城市: '上海', big: null },
]
const sql = `SELECT * FROM (VALUES
  ('Ann', 31.0, true, DATE '2020-01-02', '北京', 9007199254740993),
  ('Bob', NULL, false, DATE '2021-03-04', NULL, 5),
  ('Cy, "C"', 1.5, NULL, NULL, '上海', NULL)) AS t(name, age, paid, since, 城市, big)`

async function withDuckDb(statement: string) {
  const db = await openDuckDb(2 ** 28)
  try {
    await db.connection.run(statement)
  } finally {
    await db.close()
  }
}

describe('formats that DuckDB carries', () => {
  it.each([
    ['x.parquet', '(FORMAT parquet)'],
    ['x.json', '(FORMAT json, ARRAY true)'],
    ['x.jsonl', '(FORMAT json)'],
    ['x.csv', '(FORMAT csv)'],
    ['x.tsv', `(FORMAT csv, DELIMITER '\t')`],
  ])('%s', async (name, format) => {
    const path = join(folder, name)
    await withDuckDb(`COPY (${sql}) TO ${quoteText(path)} ${format}`)
    expect(await rowsOf(await openDataset(path))).toEqual(expected)
  })

  it('a DuckDB file: its one table, one named, or a query', async () => {
    const path = join(folder, 'x.duckdb')
    await withDuckDb(`ATTACH ${quoteText(path)} AS d; CREATE TABLE d.people AS ${sql}; DETACH d`)
    expect(await rowsOf(await openDataset(path))).toEqual(expected)
    await withDuckDb(
      `ATTACH ${quoteText(path)} AS d; CREATE TABLE d.other AS SELECT 1 AS a; DETACH d`,
    )
    await expect(openDataset(path)).rejects.toThrow('other, people')
    expect(await rowsOf(await openDataset(path, { table: 'other' }))).toEqual([{ a: 1 }])
    await expect(openDataset(path, { table: 'othr' })).rejects.toThrow("Did you mean 'other'?")
    expect(
      await rowsOf(await openDataset(path, { query: 'SELECT name FROM people WHERE age > 30;' })),
    ).toEqual([{ name: 'Ann' }])
  })

  it('SQL over the source as `data`', async () => {
    const { rows } = await read('q.csv', 'the name,b\nx,1\ny,2\nx,3\n', {
      query: 'SELECT "the name", sum(b) AS total FROM data GROUP BY 1 ORDER BY 1 -- sums',
      types: { 'the name': 'identifier' },
    })
    expect(rows).toEqual([
      { 'the name': 'x', total: 4 },
      { 'the name': 'y', total: 2 },
    ])
    await expect(
      openDataset(join(folder, 'q.csv'), { query: 'SELECT nothing FROM data' }),
    ).rejects.toMatchObject({ code: 'ARGUMENT', message: expect.stringContaining('nothing') })
  })

  it('rows keep their order, and texts that mean "missing" are missing', async () => {
    const path = join(folder, 'order.parquet')
    const rows = 400_000
    await withDuckDb(
      `COPY (SELECT range AS i, CASE WHEN range % 3 = 0 THEN 'NA' ELSE 'x' || range % 7 END AS t
       FROM range(${rows})) TO ${quoteText(path)} (FORMAT parquet, ROW_GROUP_SIZE 20000)`,
    )
    const table = await (await openDataset(path, { types: { i: 'integer' } })).table()
    const { values } = table.column('i') as NumberColumn
    expect(values.every((value, row) => value === row)).toBe(true)
    expect([0, 1, 3, 399_999].map(row => table.row(row).t)).toEqual([null, 'x1', null, null])
    expect(table.column('t')).toMatchObject({ categories: { length: 7 } })
  })

  it('nested JSON as text, rows with other keys as missing', async () => {
    const { rows } = await read('n.json', '[{"a": 1, "b": {"c": [1, 2]}}, {"a": 2, "d": "x"}]')
    expect(rows[0].a).toBe(1)
    expect(rows[0].b).toContain('1, 2')
    expect(rows[1]).toMatchObject({ a: 2, b: null, d: 'x' })
  })

  it('a late row of another type', async () => {
    const rows = Array.from({ length: 101_000 }, (_, i) => `{"a": ${i < 100_990 ? i : '"x"'}}`)
    const { dataset } = await read('late.jsonl', rows.join('\n'))
    expect(dataset.schema[0]).toMatchObject({ type: 'identifier', distinct: 100_991 })
  })

  it('JSON in UTF-16', async () => {
    const { rows } = await read('u.json', Buffer.from('\ufeff[{"城市": "北京"}]', 'utf16le'))
    expect(rows).toEqual([{ 城市: '北京' }])
  })

  it.each([
    ['broken.json', '[{"a": 1}, {"a": ', 'DATA'],
    ['broken.parquet', 'PAR1 and then nothing', 'FORMAT'],
    ['text.parquet', 'a,b\n1,2\n', 'FORMAT'],
    ['text.xlsx', 'a,b\n1,2\n', 'FORMAT'],
    ['broken.xlsx', 'PK\x03\x04 and then nothing', 'FORMAT'],
    ['broken.arrow', 'ARROW1 and then nothing', 'FORMAT'],
    ['broken.sqlite', 'SQLite format 3\0 and then nothing', 'FORMAT'],
    ['unknown.bin', '\x00\x01\x02\x03', 'FORMAT'],
  ])('%s is refused', async (name, content, code) => {
    await expect(read(name, content)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(name),
    })
  })
})

describe('several files', () => {
  it('globs and lists, one below the other', async () => {
    for (const [i, name] of ['part-1.csv', 'part-2.csv', 'part-10.csv'].entries())
      await writeFile(join(folder, name), `a,b\n${i + 5},x${i}\n`)
    const column = async (source: string | string[]) =>
      (await rowsOf(await openDataset(source))).map(row => row.a)
    expect(await column(join(folder, 'part-*.csv'))).toEqual([5, 7, 6])
    expect(await column(join(folder, 'part-?.csv'))).toEqual([5, 6])
    expect(await column(join(folder, '**', 'part-{2,10}.csv'))).toEqual([7, 6])
    expect(await column([join(folder, 'part-2.csv'), join(folder, 'part-1.csv')])).toEqual([6, 5])
    await expect(openDataset(join(folder, 'nothing-*.csv'))).rejects.toMatchObject({ code: 'FILE' })
    await expect(openDataset(folder)).rejects.toThrow('a folder')
    await writeFile(join(folder, 'part-3.csv'), 'a,c\n1,2\n')
    await expect(openDataset(join(folder, 'part-*.csv'))).rejects.toThrow('part-3.csv')
  })

  it('a file whose name looks like a glob', async () => {
    const { rows } = await read('data [1].csv', 'a\n1\n')
    expect(rows).toEqual([{ a: 1 }])
  })
})

describe('Arrow', () => {
  it('columns of every usual type', async () => {
    const table = tableFromArrays({
      name: expected.map(row => row.name),
      age: expected.map(row => row.age),
      paid: expected.map(row => row.paid),
      since: expected.map(row => row.since),
      城市: expected.map(row => row.城市),
      big: [9007199254740993n, 5n, null],
    })
    const { rows, dataset } = await read('x.arrow', tableToIPC(table, { format: 'file' })!)
    expect(rows).toEqual(expected)
    expect(dataset.schema.map(column => column.source)).toContain('Bool')
    const stream = await read('y.arrow', tableToIPC(table, { format: 'stream' })!)
    expect(stream.rows).toEqual(expected)
  })
})

describe('SQLite', () => {
  // The module is CommonJS; its types come from a declaration of the same name.
  const sqlite = createRequire(import.meta.url)('node-sqlite3-wasm')
  const make = (name: string, statements: string) => {
    const path = join(folder, name)
    const db = new sqlite.Database(path)
    db.exec(statements)
    db.close()
    return path
  }

  it('tables, queries and what its loose types hold', async () => {
    const path = make(
      'x.sqlite',
      `CREATE TABLE people (name TEXT, age REAL, paid TEXT, since TEXT, 城市 TEXT, big INTEGER);
       INSERT INTO people VALUES ('Ann', 31, 'true', '2020-01-02', '北京', 9007199254740993),
       ('Bob', NULL, 'false', '2021-03-04', NULL, 5), ('Cy, "C"', 1.5, NULL, NULL, '上海', NULL);`,
    )
    expect(await rowsOf(await openDataset(path))).toEqual(expected)
    expect(
      await rowsOf(await openDataset(path, { query: 'SELECT count(*) AS n FROM data' })),
    ).toEqual([{ n: 3 }])
    await expect(openDataset(path, { query: 'SELECT x FROM data' })).rejects.toMatchObject({
      code: 'ARGUMENT',
    })
    await expect(openDataset(path, { exclude: ['agee'] })).rejects.toThrow("'age'")
  })

  it('mixed cells are texts; numbers asked for are found', async () => {
    const path = make(
      'm.sqlite',
      `CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 1), ('x', '2'), (2.5, 'y');`,
    )
    expect(await rowsOf(await openDataset(path, { types: { b: 'numeric' } }))).toEqual([
      { a: '1', b: 1 },
      { a: 'x', b: 2 },
      { a: '2.5', b: null },
    ])
  })

  it('a database in write-ahead mode', async () => {
    const path = make('w.sqlite', 'CREATE TABLE t (a); INSERT INTO t VALUES (1);')
    const bytes = await readFile(path)
    bytes[18] = 2
    bytes[19] = 2
    await writeFile(path, bytes)
    expect(await rowsOf(await openDataset(path))).toEqual([{ a: 1 }])
    await writeFile(`${path}-wal`, 'something')
    await expect(openDataset(path)).rejects.toMatchObject({ code: 'FILE' })
  })

  it('an empty table', async () => {
    const path = make('e.sqlite', 'CREATE TABLE t (a, b);')
    await expect(openDataset(path)).rejects.toMatchObject({ code: 'DATA' })
  })
})

describe('Excel', () => {
  it('the first row names the columns; dates, numbers and texts stay what they are', async () => {
    const cells = (row: number, values: readonly (string | number | null)[]) =>
      values
        .map((value, i) => {
          const at = `${String.fromCharCode(65 + i)}${row}`
          if (value === null) return ''
          if (typeof value === 'number')
            return `<c r="${at}"${i === 3 ? ' s="1"' : ''}><v>${value}</v></c>`
          if (value === 'TRUE') return `<c r="${at}" t="b"><v>1</v></c>`
          return `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`
        })
        .join('')
    const rows = [
      ['name', 'age', 'paid', 'since', '城市'],
      ['Ann', 31, 'TRUE', 43832, '北京'],
      ['Bob', null, null, 44259, null],
      ['Cy', 1.5, null, null, '上海'],
    ]
    const { rows: found } = await read(
      'x.xlsx',
      workbook(rows.map((row, i) => `<row r="${i + 1}">${cells(i + 1, row)}</row>`).join('')),
    )
    expect(found).toEqual([
      { name: 'Ann', age: 31, paid: true, since: new Date('2020-01-02'), 城市: '北京' },
      { name: 'Bob', age: null, paid: null, since: new Date('2021-03-04'), 城市: null },
      { name: 'Cy', age: 1.5, paid: null, since: null, 城市: '上海' },
    ])
  })
})

/** A workbook of one sheet, as small as Excel's format allows. */
function workbook(rows: string): Uint8Array {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships'
  return storedZip({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    '_rels/.rels': `<Relationships xmlns="${relationships}"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${relationships}"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`,
  })
}

/** A ZIP archive without compression. */
function storedZip(files: Record<string, string>): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const [path, content] = [Buffer.from(name), Buffer.from(text)]
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(path.length, 22)
    parts.push(Buffer.from('PK\x03\x04'), common, path, content)
    const entry = Buffer.alloc(14)
    entry.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, entry, path)
    offset += 30 + path.length + content.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Object.keys(files).length, 4)
  end.writeUInt16LE(Object.keys(files).length, 6)
  end.writeUInt32LE(listing.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, listing, Buffer.from('PK\x05\x06'), end])
}

describe('objects', () => {
  it('are a dataset like any other, with the same fingerprint for the same content', async () => {
    const rows = [
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
    ]
    const dataset = await openDataset(rows)
    expect(await rowsOf(dataset)).toEqual(rows)
    const { dataset: csv } = await read('f.csv', 'a,b\n1,x\n2,y\n')
    expect(csv.fingerprint).toBe(dataset.fingerprint)
    const { dataset: other } = await read('g.csv', 'a,b\n1,x\n2,z\n')
    expect(other.fingerprint).not.toBe(dataset.fingerprint)
    await cp(join(folder, 'f.csv'), join(folder, 'h.csv'))
    expect((await openDataset(join(folder, 'h.csv'))).fingerprint).toBe(dataset.fingerprint)
  })

  it('are refused when they are none, or none at all', async () => {
    await expect(openDataset([1, 2] as never)).rejects.toMatchObject({ code: 'DATA' })
    await expect(openDataset([])).rejects.toMatchObject({ code: 'ARGUMENT' })
    await expect(openDataset([{}])).rejects.toMatchObject({ code: 'DATA' })
  })
})
