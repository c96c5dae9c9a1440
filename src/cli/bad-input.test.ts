// Bad input through real processes: each case is a clear error or a stated rule, never a crash.

import { cp, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { smallTable, Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
  await place.write('small.csv', smallTable())
})
afterAll(() => place?.close())

const header = 'a,b,y'
const rows = (count: number, row: (i: number) => string) =>
  `${Array.from({ length: count }, (_, i) => row(i)).join('\n')}\n`
const plainRows = (count: number) => rows(count, i => `${i},${(i * 7) % 11},${i % 2 ? 'x' : 'z'}`)
const wide = 2000

interface Case {
  readonly content: string | Uint8Array
  readonly words?: readonly string[]
  /** Of stderr; without one the training has to succeed. */
  readonly message?: RegExp
}

const cases: Readonly<Record<string, Case>> = {
  'an empty file': { content: '', message: /empty|no rows|no columns/i },
  'a header alone': { content: `${header}\n`, message: /no rows|at least one row/i },
  'one row': { content: `${header}\n1,2,x\n`, message: /1 row with a target: at least 10/ },
  'one class': {
    content: `${header}\n${rows(30, i => `${i},${i * 2},x`)}`,
    message: /'y' has one value only \('x'\)/,
  },
  'a target that is not there': {
    content: `${header}\n${plainRows(30)}`,
    words: ['--target', 'yy'],
    message: /no column 'yy'.*(Did you mean 'y'|Columns: a, b, y)/,
  },
  'ragged rows': {
    content: `${header}\n${plainRows(40)}1,2\n3,4,x,5\n`,
    message: /expected 3 cells in every row, received 2 in line 42/,
  },
  'ragged rows with --bad-rows skip': {
    content: `${header}\n${plainRows(40)}1,2\n3,4,x,5\n`,
    words: ['--bad-rows', 'skip'],
  },
  'broken UTF-8': {
    content: Buffer.concat([
      Buffer.from(`${header}\n${plainRows(30)}1,`),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
      Buffer.from(',x\n'),
    ]),
    message: /encoding|UTF-8|character/i,
  },
  'a byte-order mark': { content: `\ufeff${header}\n${plainRows(40)}`, words: ['--exclude', 'a'] },
  CRLF: { content: `${header}\n${plainRows(40)}`.replaceAll('\n', '\r\n') },
  'quotes and newlines in cells': {
    content: `${header}\n${rows(40, i => `"line one\nline ""two"", ${i % 3}",${i},${i % 2 ? 'x' : 'z'}`)}`,
  },
  '2,000 columns': {
    content: `${Array.from({ length: wide }, (_, i) => `c${i}`).join(',')},y\n${rows(40, i => `${Array.from({ length: wide }, (_, j) => (i * j) % 7).join(',')},${i % 2 ? 'x' : 'z'}`)}`,
  },
  'a column of 1e300': {
    content: `${header}\n${rows(40, i => `${i}e300,${i},${i % 2 ? 'x' : 'z'}`)}`,
  },
  'Inf and NaN cells': {
    content: `${header}\n${rows(40, i => `${['inf', '-inf', 'nan', i][i % 4]},${i},${i % 2 ? 'x' : 'z'}`)}`,
  },
  'a text target with --task regression': {
    content: `${header}\n${plainRows(40)}`,
    words: ['--task', 'regression'],
    message: /'y' holds texts such as '[xz]', not numbers/,
  },
  'a negative learning rate': {
    content: `${header}\n${plainRows(40)}`,
    words: ['--learning-rate', '-0.1'],
    message: /--learning-rate: expected a number above 0, or auto, received -0\.1/,
  },
  'layers of 0 units': {
    content: `${header}\n${plainRows(40)}`,
    words: ['--hidden', '8,0'],
    message: /--hidden: expected whole numbers of 1 or more/,
  },
  'a learning rate that diverges': {
    content: `${header}\n${rows(60, i => `${i},${i * 3},${i * i}`)}`,
    words: ['--task', 'regression', '--optimizer', 'sgd', '--learning-rate', '1e5'],
    message: /diverged in epoch \d+.*Try a smaller --learning-rate, for example 10000/s,
  },
  'an excluded column that is not there': {
    content: `${header}\n${plainRows(40)}`,
    words: ['--exclude', 'bb'],
    message: /--exclude: .*no column 'bb'.*Did you mean 'b'/,
  },
  'a class that is not there as the positive one': {
    content: `${header}\n${plainRows(40)}`,
    words: ['--positive', 'w'],
    message: /'w' is not a class of 'y'. Classes: /,
  },
  'a class for every row': {
    content: `${header}\n${rows(60, i => `${i},${i},name${i}`)}`,
    message: /60 different values in 60 rows/,
  },
  'fractions that leave nothing': {
    content: `${header}\n${plainRows(40)}`,
    words: ['--validation', '0.5', '--test', '0.5'],
    message: /leave nothing to train on/,
  },
  'nothing to predict from': {
    content: `y\n${rows(40, i => (i % 2 ? 'x' : 'z'))}`,
    message: /at least one column|No column/,
  },
}

describe('training data', () => {
  test.each(Object.entries(cases))('%s', async (name, { content, words = [], message }) => {
    const file = `${name.replace(/\W+/g, '-')}.csv`
    await place.write(file, content)
    const { code, stderr } = await place.run(
      ...['train', file, '--epochs', '2', '--out', 'cases', '--lang', 'en'],
      ...(words.includes('--target') ? [] : ['--target', 'y']),
      ...words,
    )
    expect(stderr).not.toMatch(/ {4}at |fault of Athanor/)
    if (message === undefined) {
      expect(stderr).not.toMatch(/^error/m)
      expect(code).toBe(0)
    } else {
      expect(stderr).toMatch(message)
      expect(code).toBe(2)
    }
  })

  test('a file that is not there, a folder in its place', async () => {
    const absent = await place.run('train', 'nothing.csv', '--target', 'y')
    expect(absent.stderr).toMatch(/nothing\.csv/)
    expect(absent.code).toBe(2)
    expect((await place.run('train', '.', '--target', 'y')).code).toBe(2)
  })

  test('what was found wrong before training leaves no folder behind', async () => {
    await place.run('train', 'small.csv', '--target', 'kinds', '--out', 'clean')
    expect(await readdir(place.path('clean')).catch(() => [])).toEqual([])
  })
})

test.skipIf(process.platform !== 'linux')('a folder that cannot be written', async () => {
  const { code, stderr } = await place.run(
    ...['train', 'small.csv', '--target', 'kind', '--epochs', '1', '--out', '/sys/athanor-runs'],
  )
  expect(stderr).toMatch(/cannot be written: .*Nothing saved before is lost/)
  expect(code).toBe(2)
})

test('a name that is taken, a name that is none', async () => {
  const words = ['train', 'small.csv', '--target', 'kind', '--epochs', '1', '--name']
  expect((await place.run(...words, 'taken')).code).toBe(0)
  const again = await place.run(...words, 'taken')
  expect(again.stderr).toMatch(/is there already/)
  expect(again.code).toBe(2)
  expect((await place.run(...words, '../outside')).stderr).toMatch(/cannot be the name/)
})

describe('a run that was damaged', () => {
  const damaged = async (name: string) => {
    await cp(place.path('runs', 'whole'), place.path('runs', name), { recursive: true })
    return place.path('runs', name)
  }
  beforeAll(async () => {
    await place.run('train', 'small.csv', '--target', 'kind', '--epochs', '1', '--name', 'whole')
  })
  const refused = async (name: string, message: RegExp) => {
    const { code, stderr } = await place.run('predict', name, 'small.csv')
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/ {4}at /)
    expect(code).toBe(2)
  }

  test('a truncated model', async () => {
    await truncate(`${await damaged('cut')}/model.athanor`, 500)
    await refused('cut', /model\.athanor/)
  })

  test('an altered model', async () => {
    const path = `${await damaged('altered')}/model.athanor`
    const bytes = await readFile(path)
    bytes[bytes.length - 9] ^= 1
    await writeFile(path, bytes)
    await refused('altered', /checksum/)
  })

  test('a model with a hostile header', async () => {
    const path = `${await damaged('hostile')}/model.athanor`
    const header = Buffer.from('{"__proto__":{"polluted":true}}')
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    await writeFile(path, Buffer.concat([length, header]))
    await refused('hostile', /__proto__/)
    length.writeBigUInt64LE(2n ** 63n)
    await writeFile(path, Buffer.concat([length, header]))
    await refused('hostile', /header/)
  })

  test('a manifest from a newer version, or none that can be read', async () => {
    const folder = await damaged('newer')
    const manifest = JSON.parse(await readFile(`${folder}/manifest.json`, 'utf8'))
    await writeFile(
      `${folder}/manifest.json`,
      JSON.stringify({ ...manifest, format: 99, athanor: '9.0.0' }),
    )
    const newer = await place.run('report', 'newer')
    expect(newer.stderr).toMatch(/newer version \(9\.0\.0\)/)
    expect(newer.code).toBe(2)
    await writeFile(`${folder}/manifest.json`, '{ "format": 1')
    expect((await place.run('report', 'newer')).code).toBe(2)
    expect((await place.run('runs')).stdout).toMatch(/newer .*unreadable/)
  })
})
