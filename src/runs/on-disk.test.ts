// A table that is larger than memory (by a limit of 1 KiB): trained from disk, and the same wherever the
// order of rows does not matter.

import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Random } from '../base/philox.js'
import { openDataset } from '../data/node/open.js'
import type { RunEvent } from './events.js'
import { loadModel } from './load-model.js'
import type { Run } from './run-results.js'
import { train } from './train.js'
import type { TrainOptions } from './train-options.js'
import { evaluateModel, openForModel, predictToFile } from './use-model.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let folder: string
let temporary: string
let file: string
const events: RunEvent[] = []

/** Numbers, missing cells, categories, dates, texts; a class and a number to predict. */
function csv(rows: number, seed: number): string {
  const random = new Random(seed)
  const lines = ['size,plan,since,note,flag,churn,price']
  for (let i = 0; i < rows; i++) {
    const size = random.uniform() * 10
    const plan = ['free', 'pro', 'team'][random.integer(3)]
    const since = new Date(1.6e12 + random.integer(1e9) * 100).toISOString().slice(0, 10)
    const note = `${['late', 'early'][random.integer(2)]} order number ${random.integer(50)}`
    const price = size * 3 + (plan === 'pro' ? 5 : 0) + random.uniform()
    const churn = size + (plan === 'free' ? 3 : 0) + random.uniform() > 7 ? 'yes' : 'no'
    lines.push(
      `${random.uniform() < 0.05 ? '' : size},${plan},${since},${note},${i % 2},${churn},${price}`,
    )
  }
  return `${lines.join('\n')}\n`
}

const options: TrainOptions = {
  target: 'churn',
  exclude: ['price'],
  epochs: 6,
  seed: 3,
  lang: 'en',
}

async function stored<T>(work: () => Promise<T>): Promise<T> {
  vi.stubEnv('ATHANOR_TABLE_MEMORY', '1K')
  vi.stubEnv('TMPDIR', temporary)
  try {
    return await work()
  } finally {
    vi.unstubAllEnvs()
  }
}

const onDisk = (more: TrainOptions = {}): Promise<Run> =>
  stored(() => train(file, { ...options, out: folder, ...more }))

const json = async (run: Run, name: string) =>
  JSON.parse(await readFile(join(run.path, name), 'utf8'))

let inMemory: Run
let fromDisk: Run
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-on-disk-'))
  temporary = join(folder, 'temporary')
  await mkdir(temporary)
  file = join(folder, 'rows.csv')
  await writeFile(file, csv(1500, 1))
  inMemory = await train(file, { ...options, out: folder, name: 'memory' })
  fromDisk = await onDisk({ name: 'disk', onProgress: event => events.push(event) })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('says so, keeps it in the manifest, and leaves no temporary file', async () => {
  expect(events.find(event => event.type === 'on-disk')).toMatchObject({
    rows: 1500,
    limit: 1024,
    sample: 1500,
  })
  expect((await json(fromDisk, 'manifest.json')).data.onDisk).toBe(true)
  expect((await json(inMemory, 'manifest.json')).data.onDisk).toBeUndefined()
  expect(await readdir(temporary)).toEqual([])
})

test('the same splits, findings, preprocessing and target', async () => {
  expect(await json(fromDisk, 'split.json')).toEqual(await json(inMemory, 'split.json'))
  const [a, b] = [await loadModel(inMemory.path), await loadModel(fromDisk.path)]
  expect(b.preprocessor.toJSON()).toEqual(a.preprocessor.toJSON())
  expect(b.encoder.toJSON()).toEqual(a.encoder.toJSON())
  const findings = async (run: Run) =>
    (await json(run, 'report.json')).findings
      .filter((finding: { code: string }) => finding.code !== 'likely-wrong-labels')
      .map((finding: object) => JSON.stringify(finding))
      .sort()
  expect(await findings(fromDisk)).toEqual(await findings(inMemory))
})

test('close metrics, the same baselines', () => {
  expect(fromDisk.baseline).toEqual(inMemory.baseline)
  expect(fromDisk.metrics.test.accuracy).toBeGreaterThan(0.9)
  expect(
    Math.abs((fromDisk.metrics.test.accuracy ?? 0) - (inMemory.metrics.test.accuracy ?? 0)),
  ).toBeLessThan(0.04)
})

test('a run that was interrupted goes on bit for bit, in the middle of an epoch too', async () => {
  const controller = new AbortController()
  let steps = 0
  await expect(
    onDisk({
      name: 'interrupted',
      signal: controller.signal,
      onProgress: event => {
        if (event.type === 'epoch' && event.epoch === 3) setTimeout(() => controller.abort(), 5)
        if (event.type === 'progress') steps++
      },
    }),
  ).rejects.toMatchObject({ code: 'INTERRUPTED' })
  expect(steps).toBeGreaterThan(0)
  expect(await readdir(temporary)).toEqual([])
  // Memory would hold the table now; the run keeps to the order of rows it began with.
  const resumed = (await train(file, { resume: 'interrupted', out: folder })) as Run
  expect(resumed.metrics).toEqual(fromDisk.metrics)
  const weights = (run: Run) => readFile(join(run.path, 'test-predictions.csv'), 'utf8')
  expect(await weights(resumed)).toBe(await weights(fromDisk))
})

test('a number, split by time, with a test file, from disk', async () => {
  const other = join(folder, 'other.csv')
  await writeFile(other, csv(400, 2))
  const settings: TrainOptions = {
    target: 'price',
    exclude: ['churn'],
    time: 'since',
    test: other,
    epochs: 6,
  }
  const memory = await train(file, { ...settings, out: folder, name: 'price-memory' })
  const disk = await stored(() => train(file, { ...settings, out: folder, name: 'price-disk' }))
  expect(await json(disk, 'split.json')).toEqual(await json(memory, 'split.json'))
  for (const name of ['dummy', 'linear'] as const)
    expect(disk.baseline[name].rmse).toBeCloseTo(memory.baseline[name].rmse ?? 0, 5)
  expect(Math.abs((disk.metrics.test.r2 ?? 0) - (memory.metrics.test.r2 ?? 0))).toBeLessThan(0.05)
  const rows = (await readFile(join(disk.path, 'test-predictions.csv'), 'utf8')).split('\n')
  expect(rows).toHaveLength(402)
  expect(rows[1]).toMatch(/^1501,/)
})

test('balanced classes weigh the same', async () => {
  const full = { optimizer: 'gradientDescent', dropout: 0, epochs: 3 } as const
  const balanced = { classWeight: 'balanced', ...full } as const
  const memory = await train(file, { ...options, ...balanced, out: folder, name: 'balanced' })
  const disk = await onDisk({ ...balanced, name: 'balanced-disk' })
  expect(disk.metrics.test.logLoss).toBeCloseTo(memory.metrics.test.logLoss ?? 0, 4)
})

test('evaluate and predict go through the rows on disk with the same answers', async () => {
  const model = await loadModel(fromDisk.path)
  const answers = async () => {
    const dataset = await openForModel(model, file, {})
    const metrics = await evaluateModel(model, dataset)
    let text = ''
    await predictToFile(model, dataset, undefined, piece => {
      text += piece
    })
    await dataset.close()
    return { metrics, text, inMemory: dataset.inMemory }
  }
  const whole = await answers()
  const pieces = await stored(answers)
  expect([whole.inMemory, pieces.inMemory]).toEqual([true, false])
  expect(pieces.metrics).toEqual(whole.metrics)
  expect(pieces.text).toBe(whole.text)
  expect(await readdir(temporary)).toEqual([])
})

test('an error on the way leaves no spool behind', async () => {
  await expect(onDisk({ target: 'chrun' })).rejects.toThrow(/churn/)
  await expect(onDisk({ group: 'nothing' })).rejects.toMatchObject({ code: 'DATA' })
  const controller = new AbortController()
  const stopped = onDisk({
    signal: controller.signal,
    onProgress: event => {
      if (event.type === 'reading') controller.abort()
    },
  })
  await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' })
  expect(await readdir(temporary)).toEqual([])
})

test('a spool that was cut short is an error that says so; the run can go on', async () => {
  const broken = onDisk({
    name: 'broken',
    patience: 0,
    onProgress: async event => {
      if (event.type !== 'epoch' || event.epoch !== 2) return
      for (const name of await readdir(temporary))
        if (name.startsWith('athanor-spool-'))
          await truncate(join(temporary, name, 'columns.bin'), 99)
    },
  })
  await expect(broken).rejects.toMatchObject({ code: 'FORMAT' })
  expect(await readdir(temporary)).toEqual([])
  const resumed = (await train(file, { resume: 'broken', out: folder })) as Run
  const again = await onDisk({ name: 'whole', patience: 0 })
  expect(resumed.metrics).toEqual(again.metrics)
})

test('datasets opened by hand say where their rows are', async () => {
  const dataset = await stored(() => openDataset(file))
  expect(dataset.inMemory).toBe(false)
  await dataset.close()
})
