// Killed or interrupted at any moment, a run goes on and ends with the very same model.

import { readFile, stat, truncate } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
  const lines = ['a,b,c,y']
  for (let i = 0; i < 3000; i++) {
    const a = (i * 7919) % 1000
    const b = (i * 104729) % 997
    lines.push(`${a},${b},${['p', 'q', 'r'][i % 3]},${(a * b) % 1000 > 480 ? 'yes' : 'no'}`)
  }
  await place.write('table.csv', `${lines.join('\n')}\n`)
})
afterAll(() => place?.close())

const words = (name: string) => [
  ...['train', 'table.csv', '--target', 'y', '--epochs', '24', '--patience', '0'],
  ...['--hidden', '32,16', '--dropout', '0.1', '--seed', '4', '--name', name],
]
const model = (name: string) => readFile(place.path('runs', name, 'model.athanor'))
const epochs = async (name: string): Promise<number[]> =>
  (await readFile(place.path('runs', name, 'events.jsonl'), 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
    .filter(event => event.type === 'epoch')
    .map(event => event.epoch)

/** Waits until the log of a run tells the end of an epoch. */
async function reached(name: string, epoch: number): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 5) {
    const done = await epochs(name).catch(() => [])
    if (done.some(found => found >= epoch)) return
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  throw new Error(`${name} never came to epoch ${epoch}`)
}

const all = Array.from({ length: 24 }, (_, i) => i + 1)

test('kill -9, twice, and resume: the same bits', async () => {
  const whole = await place.run(...words('whole'))
  expect(whole.code).toBe(0)
  expect(await epochs('whole')).toEqual(all)

  const first = place.start(...words('killed'))
  await reached('killed', 3)
  first.child.kill('SIGKILL')
  expect((await first.finished).signal).toBe('SIGKILL')
  const second = place.start('train', '--resume', 'killed')
  await reached('killed', 12)
  second.child.kill('SIGKILL')
  await second.finished
  const third = await place.run('train', '--resume', 'runs/killed')
  expect(third.stderr).toMatch(/Going on after epoch/)
  expect(third.code).toBe(0)
  expect((await model('killed')).equals(await model('whole'))).toBe(true)
  expect(await epochs('killed')).toEqual(all)

  const again = await place.run('train', '--resume', 'killed')
  expect(again.stderr).toMatch(/has finished already/)
  expect(again.code).toBe(2)
})

test('Ctrl-C finishes the step, saves, says how to go on; then the same bits', async () => {
  const started = place.start(...words('stopped'))
  await reached('stopped', 5)
  started.child.kill('SIGINT')
  const { code, stderr } = await started.finished
  expect(stderr).toMatch(/Go on with: athanor train --resume runs\/stopped/)
  expect(code).toBe(130)
  expect((await place.run('predict', 'stopped', 'table.csv')).stderr).toMatch(/unfinished/)
  const resumed = await place.run('train', '--resume', 'stopped', '--json')
  expect(resumed.code).toBe(0)
  expect(JSON.parse(resumed.stdout).epochs).toBe(24)
  expect((await model('stopped')).equals(await model('whole'))).toBe(true)
})

test('a checkpoint that was cut off: the one before it is used', async () => {
  const started = place.start(...words('torn'))
  await reached('torn', 16)
  started.child.kill('SIGKILL')
  await started.finished
  const checkpoint = place.path('runs', 'torn', 'checkpoints', 'last.athanor')
  await truncate(checkpoint, Math.floor((await stat(checkpoint)).size / 2))
  const resumed = await place.run('train', '--resume', 'torn')
  expect(resumed.stderr).toMatch(/truncated or was altered; the one before is used/)
  expect(resumed.code).toBe(0)
  expect((await model('torn')).equals(await model('whole'))).toBe(true)
})

test.skipIf(process.platform !== 'linux')(
  'no room for a checkpoint: a clear error, and the run goes on when there is',
  async () => {
    // A limit on the size of files stands for a full disk: root may fill a disk, not pass this.
    const { code, stderr } = await place.runLimited(18, ...words('full'))
    expect(stderr).toMatch(/(checkpoints|model|split).*(EFBIG|larger than is allowed)/)
    expect(stderr).not.toMatch(/ {4}at |fault of Athanor/)
    expect(code).toBe(2)
    const resumed = await place.run('train', '--resume', 'full')
    expect(resumed.code).toBe(0)
    expect((await model('full')).equals(await model('whole'))).toBe(true)
  },
)

test('other data, or other options, are refused', async () => {
  const started = place.start(...words('changed'))
  await reached('changed', 3)
  started.child.kill('SIGKILL')
  await started.finished
  expect((await place.run('train', '--resume', 'changed', '--epochs', '9')).stderr).toMatch(
    /leave out --epochs/,
  )
  const text = await readFile(place.path('table.csv'), 'utf8')
  await place.write('other.csv', text.replace('yes', 'no'))
  const other = await place.run('train', 'other.csv', '--resume', 'changed')
  expect(other.stderr).toMatch(/differ from those the run began with/)
  expect(other.code).toBe(2)
})

test('Ctrl-C with --json prints which run was stopped, a new one and one that goes on', async () => {
  const path = place.path('runs', 'told')
  const asked = [...words('told'), '--json']
  for (const [more, epoch] of [
    [asked, 2],
    [['train', '--resume', 'told', '--json'], 6],
  ] as const) {
    const started = place.start(...more)
    await reached('told', epoch)
    started.child.kill('SIGINT')
    const { code, stdout } = await started.finished
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toEqual({ run: 'told', path, status: 'interrupted' })
  }
})
