// What every kind of run does alike: `train` finds it, a repeated run has the same bits, and a rate that is found is
// the one that the same net would be trained with if it were given.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { writeWav } from '../data/sound/wav.js'
import type { AnyOptions } from './any-options.js'
import { compare } from './compare.js'
import type { RunEvent } from './events.js'
import type { RunKind } from './run-kinds.js'
import type { AnyRun, LanguageModelRun } from './run-results.js'
import { suggestLearningRate } from './suggest-learning-rate.js'
import type { TextRunOptions } from './text/text-options.js'
import { train } from './train.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let folder: string
const data: Partial<Record<RunKind, string>> = { pictures: 'examples/data/fashion-mnist-tiny' }

/** Small nets, quickly trained. */
const options: Readonly<Record<RunKind, AnyOptions>> = {
  table: { target: 'y', model: 'neural', hidden: [8], epochs: 2 },
  pictures: { model: 'mlp', epochs: 1, batchSize: 8 },
  text: { text: 'text', target: 'y', tokenizer: 'characters', width: 8, epochs: 2, context: 16 },
  languageModel: { task: 'language-model', width: 8, context: 16, epochs: 1 },
  speech: { audio: 'file', transcript: 'text', hidden: [8], epochs: 2 },
}
const kinds = Object.keys(options) as RunKind[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-kinds-'))
  const write = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content)
    return join(folder, name)
  }
  const row = (i: number) =>
    `${i % 11},${(7 * i) % 13},${(i % 11) + ((7 * i) % 13) > 11 ? 'a' : 'b'}`
  const lines = Array.from({ length: 80 }, (_, i) => row(i))
  data.table = await write('table.csv', `x,z,y\n${lines.join('\n')}\n`)
  const words = ['red apple', 'green pear', 'blue sky', 'grey sea']
  const texts = Array.from(
    { length: 60 },
    (_, i) => `${words[i % 4]} ${i},${i % 4 < 2 ? 'a' : 'b'}`,
  )
  data.text = await write('texts.csv', `text,y\n${texts.join('\n')}\n`)
  data.languageModel = await write('book.txt', 'The whale swims in the sea. '.repeat(60))
  await mkdir(join(folder, 'wav'))
  const list = ['file,text']
  for (let i = 0; i < 20; i++) {
    const tone = (t: number) => Math.sin((2 * Math.PI * [500, 1500][i % 2] * t) / 8000)
    const samples = Float32Array.from({ length: 1600 + 40 * i }, (_, t) => tone(t))
    await write(`wav/${i}.wav`, writeWav({ samples, sampleRate: 8000 }))
    list.push(`wav/${i}.wav,${i % 4 === 3 ? 'ab' : 'a'}`)
  }
  data.speech = await write('list.csv', `${list.join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (kind: RunKind, name: string, more: object = {}): Promise<AnyRun> =>
  train(data[kind], { ...options[kind], ...more, out: folder, lang: 'en', name: `${kind}-${name}` })

const file = (name: string, path: string) => readFile(join(folder, name, path))
const manifest = async (name: string) => JSON.parse(String(await file(name, 'manifest.json')))

describe.each(kinds)('%s', kind => {
  const events: RunEvent[] = []
  let rated: AnyRun

  beforeAll(async () => {
    const onProgress = (event: RunEvent) => events.push(event)
    rated = await run(kind, 'auto', { learningRate: 'auto', onProgress })
  })

  test('is found from data and options', () => {
    expect(rated.kind).toBe(kind)
  })

  test('takes the rate that the range test finds, and says so everywhere', async () => {
    const { settings, rateTest } = await manifest(`${kind}-auto`)
    expect(settings.learningRate).toBe(rateTest.rate)
    expect(rateTest.learningRates).toHaveLength(rateTest.smoothedLosses.length)
    const { learningRate: _, epochs: _epochs, ...asked } = options[kind] as Record<string, unknown>
    const { suggestion, standard } = await suggestLearningRate(data[kind] as string, asked)
    expect(rateTest).toMatchObject({ rate: suggestion ?? standard, standard })
    expect(events).toContainEqual(expect.objectContaining({ type: 'learning-rate', ...rateTest }))
    expect(events).toContainEqual(expect.objectContaining({ type: 'rating', step: 1 }))
    expect(events.find(event => event.type === 'model')).toMatchObject({
      learningRate: rateTest.rate,
    })
    expect(String(await file(`${kind}-auto`, 'report.html'))).toContain('The learning rate')
  })

  test('trains the net that it would train with that rate given', async () => {
    const { settings } = await manifest(`${kind}-auto`)
    await run(kind, 'given', { learningRate: settings.learningRate })
    const [found, given] = [`${kind}-auto`, `${kind}-given`].map(name =>
      file(name, 'model.athanor'),
    )
    expect((await found).equals(await given)).toBe(true)
    expect(String(await file(`${kind}-given`, 'report.html'))).not.toContain('The learning rate<')
  })

  test('is repeated to the same bits, without looking for the rate again', async () => {
    const heard: RunEvent['type'][] = []
    const again = await train({
      repeat: `${kind}-auto`,
      out: folder,
      name: `${kind}-again`,
      onProgress: event => heard.push(event.type),
    })
    expect(again.kind).toBe(kind)
    expect(heard).not.toContain('rating')
    const [first, second] = ['auto', 'again'].map(name => file(`${kind}-${name}`, 'model.athanor'))
    expect((await first).equals(await second)).toBe(true)
    const { repeats, rateTest } = await manifest(`${kind}-again`)
    expect(repeats).toBe(`${kind}-auto`)
    expect(rateTest).toEqual((await manifest(`${kind}-auto`)).rateTest)
  })

  test('stopped while it looks for a rate, it looks again when it goes on', async () => {
    const stop = new AbortController()
    const stopped = run(kind, 'stopped', {
      learningRate: 'auto',
      signal: stop.signal,
      onProgress: (event: RunEvent) => {
        if (event.type === 'rating' && event.step === 3) stop.abort()
      },
    })
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect((await manifest(`${kind}-stopped`)).settings.learningRate).toBe('auto')
    await train({ resume: `${kind}-stopped`, out: folder })
    const [whole, parts] = ['auto', 'stopped'].map(name => file(`${kind}-${name}`, 'model.athanor'))
    expect((await whole).equals(await parts)).toBe(true)
  })

  test('takes l2: what it says of the kernels is in the loss', async () => {
    const losses: number[] = []
    const onProgress = (event: RunEvent) => {
      if (event.type === 'epoch') losses.push(event.loss)
    }
    const one = { epochs: 1, schedule: 'constant', learningRate: 1e-6, onProgress }
    for (const l2 of [0, 10, 20]) await run(kind, `l2-${l2}`, { ...one, l2 })
    expect((await manifest(`${kind}-l2-10`)).settings).toMatchObject({ l2: 10 })
    const [none, some, twice] = losses
    expect(some).toBeGreaterThan(none + 1)
    expect(Math.abs((twice - none) / (some - none) - 2)).toBeLessThan(0.05)
  })

  test('takes an optimizer and a schedule that watches the loss, and goes on with them to the same bits', async () => {
    const asked = { optimizer: 'sgd', schedule: 'plateau', epochs: 4, learningRate: 0.5 }
    await run(kind, 'plateau', asked)
    const { settings } = await manifest(`${kind}-plateau`)
    expect(settings).toMatchObject(asked)
    const stop = new AbortController()
    const stopped = run(kind, 'plateau-parts', {
      ...asked,
      signal: stop.signal,
      onProgress: (event: RunEvent) => {
        if (event.type === 'epoch' && event.epoch === 2) stop.abort()
      },
    })
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await train({ resume: `${kind}-plateau-parts`, out: folder })
    const [whole, parts] = ['plateau', 'plateau-parts'].map(name =>
      file(`${kind}-${name}`, 'model.athanor'),
    )
    expect((await whole).equals(await parts)).toBe(true)
  })

  test('takes a schedule of one cycle', async () => {
    const rates: number[] = []
    await run(kind, 'cycle', {
      schedule: 'oneCycle',
      epochs: 4,
      onProgress: (event: RunEvent) => {
        if (event.type === 'epoch') rates.push(event.learningRate)
      },
    })
    const { settings } = await manifest(`${kind}-cycle`)
    expect(settings.schedule).toBe('oneCycle')
    // Rates after each epoch: up, then down to almost nothing.
    expect(Math.max(...rates)).toBeLessThanOrEqual(settings.learningRate)
    expect(rates[3]).toBeLessThan(settings.learningRate / 100)
  })
})

test('pictures: weights that answer with NaN are a training that diverged', async () => {
  const asked = { model: 'cnn', batchSize: 32, optimizer: 'sgd', learningRate: 1e6, epochs: 1 }
  await expect(run('pictures', 'diverged', asked)).rejects.toMatchObject({
    code: 'NOT_FINITE',
    message: expect.stringMatching(
      /diverged in epoch 1: .*Try a smaller --learning-rate, for example 100000/s,
    ),
  })
  expect((await manifest('pictures-diverged')).status).toBe('failed')
})

test('a rate is not looked for where models are compared, or have none', async () => {
  const asked = { target: 'y', learningRate: 'auto' as const, out: folder }
  const table = data.table as string
  await expect(train(table, { ...asked, model: 'forest' })).rejects.toThrow(
    /--learning-rate has no meaning for --model forest/,
  )
  await expect(train(table, { ...asked, model: 'auto' })).rejects.toThrow(/for one net/)
  const { out: _, ...compared } = asked
  await expect(compare(table, { ...compared, model: 'neural' })).rejects.toThrow(/for one net/)
})

test('options of one kind are typed, and refused for another', async () => {
  // @ts-expect-error: no option of texts
  const options: TextRunOptions = { text: 'text', target: 'y', hidden: [8] }
  const wrong = train('texts.csv', options)
  await expect(wrong).rejects.toThrow(/--hidden is not for texts; it is for tables, speech/)
  await expect(train('t.csv', { targt: 'y' } as object)).rejects.toThrow(/'targt'.*'target'/)
  await expect(train('t.csv', { epochs: 0 })).rejects.toThrow(/epochs: expected/)
  await expect(train('t.csv', { resume: 5 } as never)).rejects.toThrow(/resume: expected/)
  await expect(train([{ a: 1 }], { task: 'language-model' } as never)).rejects.toThrow(
    /one text file/,
  )
  await expect(train([{ a: 1 }], { picture: 'a' })).rejects.toThrow(/given by path/)
  const book = data.languageModel as string
  const more = { out: folder, name: 'typed', context: 16, width: 8, epochs: 1 } as const
  const typed: LanguageModelRun = await train(book, { task: 'language-model', ...more })
  expect(typed.measures.model.test.bits).toBeGreaterThan(0)
})
