// Runs whose model is an estimator: trained, saved, loaded, refused when damaged, fitted again.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { decodeContainer, encodeContainer, type Json } from '../modelfile/index.js'
import type { RunEvent } from './events.js'
import { loadModel } from './load-model.js'
import { familyNames } from './model-families.js'
import type { Run } from './run-results.js'
import { classRows, rows } from './testing/rows.js'
import { train } from './train.js'
import { evaluateModel, openForModel } from './use-model.js'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-estimator-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const json = async (run: Run, name: string) =>
  JSON.parse(await readFile(join(run.path, name), 'utf8'))
const bytes = (run: Run) => readFile(join(run.path, 'model.athanor'))
const estimatorFamilies = familyNames.filter(name => name !== 'neural')

describe.each(estimatorFamilies)('--model %s', family => {
  const cases = [
    ['two classes', rows, { target: 'churn', exclude: ['fee'] }],
    ['three classes', classRows, { target: 'kind', exclude: ['fee'] }],
    ['a number', rows, { target: 'fee', exclude: ['churn'] }],
  ] as const

  test.each(cases)('%s: saved, loaded, the same answers', async (name, data, options) => {
    const started = train(data, {
      ...options,
      model: family,
      out: folder,
      lang: 'en',
      name: `${family} ${name}`,
    })
    if ((family as string) === 'bayes' && options.target === 'fee') {
      await expect(started).rejects.toThrow(/bayes cannot learn this target \(regression\)/)
      return
    }
    const run = await started
    expect(run).toMatchObject({ model: family, epochs: null, leaderboard: [] })
    const model = await loadModel(run.path)
    const file = join(folder, `${family}-${options.target}.json`)
    await writeFile(file, JSON.stringify(data))
    const opened = await openForModel(model, file, {})
    const { rows: count } = await evaluateModel(model, opened)
    await opened.close()
    expect(count).toBe(240)
    const asked = data.slice(0, 40)
    const answers = await model.predict(asked)
    expect(answers).toHaveLength(40)
    // Row by row, and from the bytes again: nothing depends on what was asked together.
    const again = await loadModel(await bytes(run))
    for (const i of [0, 2, 4, 39]) {
      const [one] = await again.predict([asked[i]])
      expect(one.prediction).toEqual(answers[i].prediction)
    }
    const manifest = await json(run, 'manifest.json')
    expect(manifest.model).toMatchObject({ kind: family, rows: manifest.split.train })
    const page = await readFile(join(run.path, 'report.html'), 'utf8')
    expect(page).not.toMatch(/undefined|NaN|\[object/)
  })
})

test('parameters by name: read, checked by the class, kept', async () => {
  const options = { target: 'churn', model: 'linear', out: folder } as const
  const run = await train(rows, { ...options, set: { C: 0.01 } })
  expect((await json(run, 'manifest.json')).model.settings.C).toBe(0.01)
  const text = await train(rows, { ...options, set: { C: '0.01' } })
  expect((await bytes(text)).equals(await bytes(run))).toBe(true)
  await expect(train(rows, { ...options, set: { c: 1 } })).rejects.toThrow(/Did you mean 'C'/)
  await expect(train(rows, { ...options, set: { C: 'x' } })).rejects.toMatchObject({
    code: 'ARGUMENT',
  })
  await expect(train(rows, { target: 'churn', set: { C: 1 } })).rejects.toThrow(/--model/)
})

test('what has no meaning for a model is refused before anything is written', async () => {
  const out = join(folder, 'nothing')
  const refused = (options: object, message: RegExp) =>
    expect(train(rows, { target: 'churn', out, ...options })).rejects.toThrow(message)
  await refused({ model: 'linear', epochs: 3 }, /--epochs has no meaning for --model linear/)
  await refused({ model: 'neural', timeBudget: 3 }, /--time-budget has no meaning/)
  await refused({ metric: 'rmse' }, /--metric rmse is for regression only/)
  await refused({ model: 'auto', timeBudget: 0 }, /timeBudget/)
  await expect(train(classRows, { target: 'kind', metric: 'prAuc', out })).rejects.toThrow(
    /needs a target of two classes/,
  )
  await expect(readFile(out)).rejects.toThrow(/ENOENT/)
})

describe('a damaged model file is refused', () => {
  let run: Run
  beforeAll(async () => {
    run = await train(classRows, { target: 'kind', model: 'svm', out: folder })
  })
  const altered = async (change: (metadata: Record<string, unknown>) => void) => {
    const container = decodeContainer(await bytes(run), 'm')
    const metadata = structuredClone(container.metadata) as Record<string, unknown>
    change(metadata)
    return encodeContainer({ ...container, metadata: metadata as Record<string, Json> })
  }

  test.each<[string, (metadata: never) => void]>([
    [
      'a class that is not known',
      ({ estimator }: { estimator: { estimator: string } }) => {
        estimator.estimator = 'constructor2'
      },
    ],
    [
      'another class',
      ({ estimator }: { estimator: { estimator: string } }) => {
        estimator.estimator = 'Ridge'
      },
    ],
    [
      'a field too many',
      (metadata: Record<string, unknown>) => {
        metadata.more = 1
      },
    ],
    [
      'features of another kind',
      ({ table }: { table: { features: { kind: string } } }) => {
        table.features.kind = 'numbers'
      },
    ],
    [
      'an unknown unit',
      ({ table }: { table: { unit: string } }) => {
        table.unit = 'inches'
      },
    ],
    [
      'an array that is not there',
      ({ estimator }: { estimator: { state: Record<string, unknown> } }) => {
        estimator.state.intercept = { $array: 'nothing' }
      },
    ],
    [
      'a parameter out of its range',
      ({ estimator }: { estimator: { params: { C: number } } }) => {
        estimator.params.C = -1
      },
    ],
    [
      'other classes',
      ({ table }: { table: { target: { classes: string[]; counts: number[] } } }) => {
        table.target.classes = ['a', 'b']
        table.target.counts = [1, 2]
      },
    ],
  ])('%s', async (_, change) => {
    await expect(loadModel(await altered(change as never))).rejects.toMatchObject({
      code: 'FORMAT',
    })
  })

  test('untouched, it is read', async () => {
    await expect(loadModel(await altered(() => {}))).resolves.toBeDefined()
  })
})

test('an estimator that was interrupted is fitted again, and says so', async () => {
  const controller = new AbortController()
  const stopped = train(rows, {
    target: 'churn',
    model: 'svm',
    out: folder,
    name: 'refit',
    signal: controller.signal,
    onProgress: event => {
      if (event.type === 'fitting') controller.abort()
    },
  })
  await expect(stopped).rejects.toThrow(/fitted again|--resume/)
  const told: RunEvent[] = []
  const run = (await train(rows, {
    resume: 'refit',
    out: folder,
    onProgress: event => told.push(event),
  })) as Run
  expect(told).toContainEqual(expect.objectContaining({ type: 'restarted', model: 'svm' }))
  const whole = await train(rows, { target: 'churn', model: 'svm', out: folder })
  expect((await bytes(run)).equals(await bytes(whole))).toBe(true)
})

test('options of a net choose a net where no model is named', async () => {
  const run = await train(rows, { target: 'churn', epochs: 2, out: folder })
  expect(run).toMatchObject({ model: 'neural', epochs: 2 })
  expect((await json(run, 'manifest.json')).settings.model).toBe('neural')
})
