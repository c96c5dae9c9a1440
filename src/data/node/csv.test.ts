import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type OpenOptions, openDataset } from './index.js'

// Files and processes: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-csv-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let files = 0
async function read(content: string | Uint8Array, options: OpenOptions = {}, name = 'x.csv') {
  const path = join(folder, String(files++), name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  const dataset = await openDataset(path, options)
  const table = await dataset.table()
  const rows = Array.from({ length: table.rows }, (_, i) => table.row(i))
  await dataset.close()
  return { dataset, rows, types: dataset.schema.map(column => column.type) }
}

const failure = (content: string | Uint8Array, options?: OpenOptions, name?: string) =>
  read(content, options, name).then(
    () => expect.fail('no error'),
    error => ({ code: error.code, message: error.message }),
  )

describe('what a CSV file may look like', () => {
  it.each([
    ['LF', 'a,b\n1,x\n2,y\n'],
    ['CRLF', 'a,b\r\n1,x\r\n2,y\r\n'],
    ['no newline at the end', 'a,b\n1,x\n2,y'],
    ['a byte order mark', '\ufeffa,b\n1,x\n2,y\n'],
    ['semicolons', 'a;b\n1;x\n2;y\n'],
    ['bars', 'a|b\n1|x\n2|y\n'],
    ['blank lines', 'a,b\n1,x\n\n2,y\n\n'],
    ['several kinds of line ends', 'a,b\r\n1,x\n2,y\r\n'],
    ['spaces around names and numbers', ' a ,b\n 1 ,x\n2,y\n'],
  ])('%s', async (_, content) => {
    expect((await read(content)).rows).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
    ])
  })

  it('tabs', async () => {
    expect((await read('a\tb\n1\tx, y\n', {}, 'x.tsv')).rows).toEqual([{ a: 1, b: 'x, y' }])
  })

  it('quotes and newlines in cells and names', async () => {
    const { rows } = await read('"a ""x""","b,c"\n"he said ""no""","two\nlines"\n"",z\n')
    expect(rows).toEqual([
      { 'a "x"': 'he said "no"', 'b,c': 'two\nlines' },
      { 'a "x"': null, 'b,c': 'z' },
    ])
  })

  it('no header: a first row of numbers only', async () => {
    const { rows, dataset } = await read('1,2\n3,4\n')
    expect(rows).toEqual([
      { column1: 1, column2: 2 },
      { column1: 3, column2: 4 },
    ])
    expect(dataset.findings).toMatchObject([{ code: 'no-header' }])
    expect((await read('1,2\n3,4\n', { header: true })).rows).toEqual([{ 1: 3, 2: 4 }])
  })

  it('names twice or empty: numbered, and said', async () => {
    const { dataset } = await read('a,a,A,,a_2\n1,2,3,4,5\n')
    expect(dataset.names).toEqual(['a', 'a_3', 'A', 'column4', 'a_2'])
    expect(dataset.findings.map(f => f.details.to)).toEqual(['a_3', 'column4'])
  })

  it('Chinese names and values', async () => {
    const { rows } = await read('年龄,城市\n31,北京\n42,上海\n')
    expect(rows[1]).toEqual({ 年龄: 42, 城市: '上海' })
  })

  it('unpacked from gzip', async () => {
    expect((await read(gzipSync('a,b\n1,x\n'), {}, 'x.csv.gz')).rows).toEqual([{ a: 1, b: 'x' }])
  })

  it('2,000 columns', async () => {
    const names = Array.from({ length: 2000 }, (_, i) => `f${i}`)
    const line = (k: number) => names.map((_, i) => i * k).join(',')
    const { rows, dataset } = await read(`${names}\n${line(1)}\n${line(2)}\n${line(3)}\n`)
    expect(dataset.schema).toHaveLength(2000)
    expect(rows[2].f1999).toBe(5997)
  })
})

describe('encodings', () => {
  const text = 'a,城市\n1,北京\n2,广州\n'
  const utf16 = (little: boolean, mark: boolean) => {
    const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
    return little ? bytes : bytes.swap16()
  }
  // 'a,城市\n1,北京\n2,广州\n' in GB18030
  const gb = Buffer.from('612cb3c7cad00a312cb1b1bea90a322cb9e3d6dd0a', 'hex')
  it.each([
    ['UTF-16 LE', utf16(true, true)],
    ['UTF-16 BE', utf16(false, true)],
    ['GB18030', gb],
  ])('%s', async (_, bytes) => {
    const { rows, dataset } = await read(bytes)
    expect(rows).toEqual([
      { a: 1, 城市: '北京' },
      { a: 2, 城市: '广州' },
    ])
    expect(dataset.findings).toMatchObject([{ code: 'transcoded' }])
  })

  it('one named by the user', async () => {
    const { rows } = await read(Buffer.from('a,b\n1,caf\xe9\n', 'latin1'), {
      encoding: 'windows-1252',
    })
    expect(rows).toEqual([{ a: 1, b: 'café' }])
  })

  it('broken UTF-8 names the line', async () => {
    const error = await failure(Buffer.from('a,b\n1,x\n2,\xff\xfeA\n', 'latin1'))
    expect(error.code).toBe('DATA')
    expect(error.message).toContain('line 3')
    expect(error.message).toContain('encoding')
  })

  it('broken UTF-8 far into the file too', async () => {
    const rows = 'hello,world\n'.repeat(40_000)
    const error = await failure(Buffer.from(`a,b\n${rows}x,\xff\xfeA\n`, 'latin1'))
    expect(error.code).toBe('DATA')
    expect(error.message).toContain('line 40002')
  })
})

describe('types', () => {
  it('numbers, and what stands for a missing one', async () => {
    const { rows, types } = await read('a,b\n1.5,NA\n-2e3,?\n+.5,null\nNaN,7\n')
    expect(types).toEqual(['numeric', 'integer'])
    expect(rows.map(row => row.a)).toEqual([1.5, -2000, 0.5, null])
    expect(rows.map(row => row.b)).toEqual([null, null, null, 7])
  })

  it('infinite cells are missing and counted', async () => {
    const { rows, dataset } = await read('a,b\n1,1\nInf,2\n-inf,3\n1e400,4\nNaN,5\n')
    expect(rows.map(row => row.a)).toEqual([1, null, null, null, null])
    expect(dataset.schema[0]).toMatchObject({ type: 'integer', infinite: 3, missing: 4 })
  })

  it('1e300 survives, with finite statistics', async () => {
    const { dataset, rows } = await read('a\n1e300\n-1e300\n3e300\n1\n')
    expect(rows[0].a).toBe(1e300)
    expect(dataset.schema[0].stats).toMatchObject({ min: -1e300, max: 3e300 })
    expect(dataset.schema[0].stats!.mean / 7.5e299).toBeCloseTo(1, 12)
    expect(dataset.schema[0].stats!.std / 1.479019945774904e300).toBeCloseTo(1, 12)
  })

  it('whole numbers of 64 bits keep their digits', async () => {
    const { rows } = await read('n,x\n9223372036854775807,1\n9007199254740993,2\n12,3\n,4\n')
    expect(rows.map(row => row.n)).toEqual([9223372036854775807n, 9007199254740993n, 12, null])
  })

  it('leading zeros are no number', async () => {
    const { rows } = await read('zip,x\n01234,1\n99999,2\n')
    expect(rows[0].zip).toBe('01234')
  })

  it('a decimal comma where the delimiter is none', async () => {
    const { rows } = await read('a;b\n1,5;x\n2;y\n')
    expect(rows.map(row => row.a)).toEqual([1.5, 2])
  })

  it.each([
    ['2020-02-03', '2021-12-31', '2020-02-03T00:00:00.000Z'],
    ['2020-02-03 04:05:06', '2021-12-31', '2020-02-03T04:05:06.000Z'],
    ['2020-02-03T04:05:06+08:00', '2021-12-31T00:00:00Z', '2020-02-02T20:05:06.000Z'],
    ['2020/02/03', '2021/12/31', '2020-02-03T00:00:00.000Z'],
    ['03.02.2020', '31.12.2021', '2020-02-03T00:00:00.000Z'],
    ['03/02/2020', '31/12/2021', '2020-02-03T00:00:00.000Z'],
    ['02/03/2020', '12/31/2021', '2020-02-03T00:00:00.000Z'],
    ['2020年2月3日', '2021年12月31日', '2020-02-03T00:00:00.000Z'],
  ])('the date %s', async (first, second, expected) => {
    const { rows, types } = await read(`d,x\n${first},1\n${second},2\n`)
    expect(types[0]).toBe('datetime')
    expect(rows[0].d).toEqual(new Date(expected))
  })

  it('a day that cannot be told from a month stays text', async () => {
    expect((await read('d,x\n01/02/2020,1\n03/04/2020,2\n')).types[0]).toBe('category')
  })

  it('yes and no are truth values with their own words', async () => {
    const { rows, types } = await read('a,b,c\nyes,1,TRUE\nno,0,False\n')
    expect(types).toEqual(['boolean', 'boolean', 'boolean'])
    expect(rows[0]).toEqual({ a: 'yes', b: '1', c: true })
  })

  it('identifiers, by content and by name', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${i + 100},u-${i * 7},${i},c${i % 3}`)
    const { types } = await read(`customer_id,code,count,group\n${lines.join('\n')}\n`)
    expect(types).toEqual(['identifier', 'identifier', 'integer', 'category'])
  })

  it('overrides win; what cannot be read is missing and counted', async () => {
    const { dataset, rows, types } = await read('a,b,c\n1,2,2020-01-01\n2,x,oops\n', {
      types: { a: 'category', b: 'numeric', c: 'datetime' },
    })
    expect(types).toEqual(['category', 'numeric', 'datetime'])
    expect(rows).toEqual([
      { a: '1', b: 2, c: new Date('2020-01-01') },
      { a: '2', b: null, c: null },
    ])
    expect(dataset.schema.map(column => column.unreadable)).toEqual([0, 1, 1])
  })

  it('a late text among numbers makes the column texts', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${i % 50},${i}`).join('\n')
    const { types, dataset } = await read(`a,b\n${rows}\noops,1\n`)
    expect(types).toEqual(['category', 'integer'])
    expect(dataset.schema[0].distinct).toBe(51)
  })

  it('identifiers asked for stay the numbers or the texts they are', async () => {
    const { types, rows } = await read('a,b\n7,x\n8,y\n', {
      types: { a: 'identifier', b: 'identifier' },
    })
    expect(types).toEqual(['identifier', 'identifier'])
    expect(rows[0]).toEqual({ a: 7, b: 'x' })
  })

  it('excluded columns are not read', async () => {
    expect((await read('a,b\n1,2\n', { exclude: ['b'] })).rows).toEqual([{ a: 1 }])
    expect((await failure('age,b\n1,2\n', { exclude: ['aeg'] })).message).toContain("'age'")
    expect((await failure('age,b\n1,2\n', { types: { agee: 'text' } })).message).toContain("'age'")
  })
})

describe('what cannot be read', () => {
  it.each([
    ['an empty file', '', 'DATA', 'empty file'],
    ['blanks only', ' \n\n', 'DATA', 'without text'],
    ['a header alone', 'a,b\n', 'DATA', 'no rows'],
    ['a row with too few cells', 'a,b\n1,2\n3\n4,5\n', 'DATA', 'received 1 in line 3'],
    ['a row with too many cells', 'a,b\n1,2\n3,4\n4,5,6\n', 'DATA', 'received 3 in line 4'],
    ['an open quote', 'a,b\n1,x\n2,"y\n3,z\n', 'DATA', 'open quote in line 3'],
  ])('%s', async (_, content, code, words) => {
    const error = await failure(content)
    expect(error.code).toBe(code)
    expect(error.message).toContain(words)
    expect(error.message).toContain('x.csv')
  })

  it('ragged rows are left out when asked for, and counted', async () => {
    const { rows, dataset } = await read('a,b\n1,2\n3\n4,5\n6,7,8\n', { badRows: 'skip' })
    expect(rows).toEqual([
      { a: 1, b: 2 },
      { a: 4, b: 5 },
    ])
    expect(dataset.findings).toMatchObject([
      { code: 'skipped-rows', count: 2, details: { lines: '3, 5' } },
    ])
  })

  it('one row is a table', async () => {
    expect((await read('a,b\n1,x\n')).rows).toEqual([{ a: 1, b: 'x' }])
  })

  it('no such file, with the nearest name', async () => {
    await writeFile(join(folder, 'customers.csv'), 'a\n1\n')
    await expect(openDataset(join(folder, 'custmers.csv'))).rejects.toMatchObject({
      code: 'FILE',
      message: expect.stringContaining("'customers.csv'"),
    })
  })

  it('a signal stops it', async () => {
    const controller = new AbortController()
    controller.abort()
    expect((await failure('a\n1\n', { signal: controller.signal })).code).toBe('INTERRUPTED')
  })
})
