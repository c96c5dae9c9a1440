// train() and loadModel() from code.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RunEvent } from './events.js'
import { loadModel } from './load-model.js'
import type { Run } from './run-results.js'
import { train } from './train.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const rows = Array.from({ length: 200 }, (_, i) => ({
  plan: ['free', 'pro', null][i % 3],
  age: 20 + ((i * 7) % 40),
  churn: (i % 3 === 0) === (i * 7) % 40 > 12,
}))

let folder: string
let run: Run
const events: RunEvent[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-train-'))
  run = await train(rows, {
    target: 'churn',
    epochs: 12,
    out: folder,
    lang: 'en',
    onProgress: event => events.push(event),
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('trains on objects, tells what happens, and returns what it measured', () => {
  expect(run).toMatchObject({ task: 'classification', target: 'churn', epochs: 12 })
  expect(run.metrics.test.accuracy).toBeGreaterThan(run.baseline.dummy.accuracy ?? 1)
  const types = new Set(events.map(event => event.type))
  for (const type of ['reading', 'started', 'data', 'model', 'epoch', 'metrics', 'finished'])
    expect(types).toContain(type)
})

test('the loaded model takes raw rows and answers in the column’s own type', async () => {
  const model = await loadModel(run.path)
  const [one, two] = await model.predict([
    { plan: 'free', age: 50 },
    { plan: null, age: '21' },
  ])
  expect(typeof one.prediction).toBe('boolean')
  expect(Object.keys(one.probabilities ?? {}).sort()).toEqual(['false', 'true'])
  expect(Object.values(two.probabilities ?? {}).reduce((a, b) => a + b)).toBeCloseTo(1, 6)
  expect(await model.predict([])).toEqual([])
  expect(model.classes).toHaveLength(2)
  expect(model.inputs).toEqual(['plan', 'age'])
})

test('missing and unknown fields are named', async () => {
  const model = await loadModel(join(run.path, 'model.athanor'))
  await expect(model.predict([{ plan: 'pro', agee: 3 }])).rejects.toThrow(/no 'age'.*'agee'/)
  await expect(model.predict([{ plan: 'pro', age: 'old' }])).rejects.toThrow(/'age'.*"old"/)
  await expect(model.predict({ plan: 'pro' } as never)).rejects.toThrow(/an array of rows/)
})

test('a signal ends it with INTERRUPTED, and the run can be resumed', async () => {
  const controller = new AbortController()
  const name = 'interrupted'
  const options = { target: 'churn', epochs: 30, patience: 0, out: folder, name }
  const started = train(rows, {
    ...options,
    signal: controller.signal,
    onProgress: event => {
      if (event.type === 'epoch' && event.epoch === 4) controller.abort()
    },
  })
  await expect(started).rejects.toMatchObject({ code: 'INTERRUPTED' })
  const resumed = (await train(rows, { resume: name, out: folder })) as Run
  const whole = await train(rows, { ...options, name: 'whole' })
  expect(resumed.epochs).toBe(30)
  expect(resumed.metrics).toEqual(whole.metrics)
})

test('wrong options name themselves', async () => {
  await expect(train(rows, { target: 'churn', epoch: 3 } as never)).rejects.toThrow(
    /no option 'epoch'. Did you mean 'epochs'/,
  )
  await expect(train(rows, { target: 'churn', hidden: [0] })).rejects.toMatchObject({
    code: 'ARGUMENT',
  })
  await expect(train(rows, { target: 'chrun' })).rejects.toMatchObject({ code: 'DATA' })
  await expect(train([], { target: 'x' })).rejects.toThrow()
})

test.each([undefined, null, '', 3])('loadModel(%s) says what it takes', async source => {
  await expect(loadModel(source as unknown as string)).rejects.toMatchObject({ code: 'ARGUMENT' })
})
