// Tables larger than memory through the command line, by real processes: what is said, Ctrl-C, kill -9,
// a full disk.

import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { smallTable, Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
  await mkdir(place.path('temporary'))
  await place.write('table.csv', smallTable(2000))
  vi.stubEnv('ATHANOR_TABLE_MEMORY', '1K')
  vi.stubEnv('TMPDIR', place.path('temporary'))
  const whole = await place.run(...words('whole'))
  expect(whole.stderr).toContain('rows are read from disk in every epoch')
  expect(whole.code).toBe(0)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await place.close()
})

const words = (name: string, ...more: string[]) => [
  ...['train', 'table.csv', '--target', 'kind', '--name', name, '--lang', 'en', '--epochs', '40'],
  ...['--patience', '0', ...more],
]
const model = (name: string) => readFile(place.path('runs', name, 'model.athanor'))
const left = () => readdir(place.path('temporary'))

async function reached(name: string, epoch: number): Promise<void> {
  for (let i = 0; i < 8000; i++) {
    const log = await readFile(place.path('runs', name, 'events.jsonl'), 'utf8').catch(() => '')
    if (log.includes(`"type":"epoch","epoch":${epoch},`)) return
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  throw new Error(`${name} never came to epoch ${epoch}`)
}

test('nothing is left in the temporary folder; it is said in Chinese too', async () => {
  expect(await left()).toEqual([])
  const { stderr, code } = await place.run(...words('zh', '--epochs', '1', '--lang', 'zh'))
  expect(stderr).toMatch(/数据表约需 .*每轮训练都从磁盘读取数据/)
  expect(code).toBe(0)
})

test('Ctrl-C saves, tidies up and goes on with the same bits', async () => {
  const started = place.start(...words('stopped'))
  await reached('stopped', 5)
  started.child.kill('SIGINT')
  const { code, stderr } = await started.finished
  expect(stderr).toMatch(/athanor train --resume runs.stopped/)
  expect(code).toBe(130)
  expect(await left()).toEqual([])
  expect((await place.run('train', '--resume', 'stopped')).code).toBe(0)
  expect((await model('stopped')).equals(await model('whole'))).toBe(true)
  expect(await left()).toEqual([])
})

test('goes on with the same bits after kill -9, in memory or not', async () => {
  const started = place.start(...words('killed'))
  await reached('killed', 4)
  started.child.kill('SIGKILL')
  await started.finished
  vi.stubEnv('ATHANOR_TABLE_MEMORY', '1G')
  const resumed = await place.run('train', '--resume', 'killed')
  vi.stubEnv('ATHANOR_TABLE_MEMORY', '1K')
  expect(resumed.code).toBe(0)
  expect((await model('killed')).equals(await model('whole'))).toBe(true)
})

test('evaluate and predict keep the rows, their order and columns', async () => {
  const evaluated = await place.run('evaluate', 'whole', 'table.csv', '--json')
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ rows: 2000 })
  const predicted = await place.run('predict', 'whole', 'table.csv', '--out', 'out.csv')
  expect(predicted.code).toBe(0)
  const given = (await readFile(place.path('table.csv'), 'utf8')).trim().split('\n')
  const lines = (await readFile(place.path('out.csv'), 'utf8')).trim().split('\n')
  expect(lines).toHaveLength(2001)
  expect(lines[0]).toBe(`${given[0]},prediction,probability_large,probability_small`)
  const cells = (line: string) =>
    line
      .split(',')
      .slice(0, 4)
      .map(cell => (Number.isNaN(Number(cell)) ? cell : Number(cell)))
  for (const row of [1, 777, 2000]) expect(cells(lines[row])).toEqual(cells(given[row]))
})

test.skipIf(process.platform !== 'linux')(
  'no room for the rows: a clear error, nothing left behind, no run begun',
  async () => {
    const before = await left()
    // A limit on the size of files stands for a full disk: root may fill a disk, not pass this.
    const { code, stderr } = await place.runLimited(8, ...words('full'))
    expect(stderr).toMatch(/writing rows to .*athanor-spool.*(EFBIG|too large|full disk)/)
    expect(stderr).not.toMatch(/ {4}at |fault of Athanor/)
    expect(code).toBe(2)
    await expect(stat(place.path('runs', 'full'))).rejects.toThrow()
    expect(await left()).toEqual(before)
  },
)
