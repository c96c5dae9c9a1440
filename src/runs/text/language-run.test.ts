// A language model's run from text file to report: what it leaves, that it goes on after an interruption, what it
// says of texts that cannot be used.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunEvent } from '../events.js'
import { checkRunOptions } from '../kind-options.js'
import { loadModel } from '../load-model.js'
import { redrawReport } from '../redraw-report.js'
import type { LanguageModelRun } from '../run-results.js'
import { splitText } from './language-data.js'
import type { LanguageManifest } from './language-manifest.js'
import {
  fillLanguageSettings,
  type LanguageModelOptions,
  languageParameters,
} from './language-options.js'
import { LanguageRun } from './language-run.js'
import { openGenerator } from './open-generator.js'

const trainLanguageModel = (file: string | undefined, options: LanguageModelOptions) =>
  new LanguageRun(options).run(file)

const folder = mkdtempSync(join(tmpdir(), 'athanor-language-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const novel = readFileSync(
  new URL('../../../examples/data/moby-dick/moby-dick.txt', import.meta.url),
  'utf8',
).slice(0, 20_000)
const book = join(folder, 'book.txt')
writeFileSync(book, novel)

const small: LanguageModelOptions = {
  out: join(folder, 'runs'),
  width: 24,
  context: 32,
  epochs: 3,
  learningRate: 0.01,
  lang: 'en',
}

describe('a run', () => {
  let run: LanguageModelRun
  const events: RunEvent[] = []
  beforeAll(async () => {
    run = await trainLanguageModel(book, {
      ...small,
      name: 'whole',
      onProgress: e => events.push(e),
    })
  }, 60_000)

  test('learns, and is measured beside counts', () => {
    const { model, ngram, unigram } = run.measures
    expect(unigram.test.bitsPerCharacter).toBeGreaterThan(4)
    expect(ngram.test.bitsPerCharacter).toBeLessThan(unigram.test.bitsPerCharacter - 1)
    expect(model.test.bitsPerCharacter).toBeLessThan(unigram.test.bitsPerCharacter)
    expect(model.test.perplexity).toBeCloseTo(2 ** (model.test.bits / model.test.tokens), 6)
    expect(ngram.order).toBeGreaterThan(1)
  })

  test('leaves a manifest that says how the text was split', () => {
    const manifest = JSON.parse(
      readFileSync(join(run.path, 'manifest.json'), 'utf8'),
    ) as LanguageManifest
    expect(manifest).toMatchObject({
      kind: 'languageModel',
      status: 'finished',
      settings: { tokenizer: 'characters', model: 'lstm', context: 32 },
      split: { method: 'contiguous' },
    })
    const { train, validation, test: last } = manifest.split
    expect(train + validation + last).toBe([...novel].length)
    expect(Math.abs(last - 2000)).toBeLessThan(110)
  })

  test('tells what it read, each epoch, and the end', () => {
    const types = events.map(event => event.type)
    for (const type of ['text', 'model', 'epoch', 'text-measures', 'finished'] as const)
      expect(types).toContain(type)
    const log = readFileSync(join(run.path, 'events.jsonl'), 'utf8').trim().split('\n')
    expect(log.map(line => JSON.parse(line).type).filter(type => type === 'epoch').length).toBe(
      run.epochs,
    )
  })

  test('leaves a model that writes on, the same for the same seed', async () => {
    const model = await loadModel(run.path)
    const text = await model.generateAll({ prompt: 'The whale', length: 40, seed: 3 })
    expect([...text].length).toBe(40)
    expect(await model.generateAll({ prompt: 'The whale', length: 40, seed: 3 })).toBe(text)
    const { bitsPerCharacter } = await model.measure(novel.slice(-2000))
    expect(Math.abs(bitsPerCharacter - run.measures.model.test.bitsPerCharacter)).toBeLessThan(0.3)
    const { model: generator } = await openGenerator(run.path)
    expect(generator.unknownIn('a你b')).toEqual(['你'])
    expect((await generator.generateAll({ prompt: 'x'.repeat(100), length: 5 })).length).toBe(5)
    expect((await generator.generateAll({ length: 5 })).length).toBe(5)
  })

  test('leaves a report in both languages', async () => {
    const page = readFileSync(join(run.path, 'report.html'), 'utf8')
    expect(page).toContain('Bits per character')
    expect(page).toContain('What surprised it')
    expect(page).not.toMatch(/undefined|NaN|\[object/)
    const chinese = join(folder, 'zh.html')
    await redrawReport(run.path, chinese, 'zh')
    expect(readFileSync(chinese, 'utf8')).toContain('每字符比特数')
    expect(existsSync(join(run.path, 'checkpoints', 'last.athanor'))).toBe(false)
  })

  test('goes on after an interruption to the same weights', async () => {
    const controller = new AbortController()
    const options = { ...small, name: 'stopped' }
    await expect(
      trainLanguageModel(book, {
        ...options,
        signal: controller.signal,
        onProgress: event => {
          if (event.type === 'epoch' && event.epoch === 2) controller.abort()
        },
      }),
    ).rejects.toMatchObject({ code: 'INTERRUPTED', message: expect.stringMatching(/--resume/) })
    const resumed = await trainLanguageModel(undefined, { out: small.out, resume: 'stopped' })
    expect(resumed.measures.model.test.bits).toBe(run.measures.model.test.bits)
    await expect(
      trainLanguageModel(undefined, { out: small.out, resume: 'stopped' }),
    ).rejects.toThrow(/finished already/)
  }, 60_000)
})

test.each([
  ['words', 'gru'],
  ['bpe', 'transformer'],
] as const)(
  '%s and a %s go through as well',
  async (tokenizer, model) => {
    const run = await trainLanguageModel(book, {
      ...small,
      name: model,
      epochs: 1,
      layers: 1,
      tokenizer,
      merges: 100,
      model,
    })
    expect(run.measures.model.test.bitsPerCharacter).toBeLessThan(8)
    const page = readFileSync(join(run.path, 'report.html'), 'utf8')
    expect(page).not.toMatch(/undefined|NaN|\[object/)
    if (tokenizer === 'words') expect(page).toContain('count as one unknown token')
    expect(page.includes('What attention looks at')).toBe(model === 'transformer')
    const { model: generator } = await openGenerator(run.path)
    expect(await generator.generateAll({ prompt: 'The whale', length: 20, seed: 1 })).not.toBe('')
  },
  60_000,
)

describe('a text that cannot be used', () => {
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }

  test.each([
    ['empty.txt', '', 'DATA', /0 characters.*at least 200/],
    ['short.txt', 'hello', 'DATA', /5 characters/],
    ['binary.txt', new Uint8Array(5000), 'DATA', /binary data/],
  ])('%s', async (name, content, code, message) => {
    await expect(trainLanguageModel(file(name, content), small)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('a context longer than a part', async () => {
    await expect(trainLanguageModel(book, { ...small, context: 5000 })).rejects.toThrow(
      /--context 5000 is longer.*at most 2001 here/,
    )
  })

  test('no file, and a file that is not there', async () => {
    await expect(trainLanguageModel(undefined, {})).rejects.toThrow(/Which data/)
    await expect(trainLanguageModel(join(folder, 'boook.txt'), small)).rejects.toThrow(/book\.txt/)
  })
})

test('a short text gets a short context', () => {
  expect(fillLanguageSettings({}, { train: 400, validation: 40 }).context).toBe(19)
  expect(fillLanguageSettings({}, { train: 400_000, validation: 40_000 })).toMatchObject({
    context: 64,
    width: 256,
    batchSize: 32,
    epochs: 13,
  })
})

test('an epoch has enough steps', () => {
  const settings = (train: number) => fillLanguageSettings({}, { train, validation: train / 8 })
  expect(settings(4_000_000).batchSize).toBe(32)
  expect(settings(240_000).batchSize).toBe(16)
  expect(settings(20_000).batchSize).toBe(4)
  expect(fillLanguageSettings({ batchSize: 99 }, { train: 4000, validation: 400 }).batchSize).toBe(
    62,
  )
})

test('a text is cut at white space, and never within a character', () => {
  const parts = splitText('one two three four five six seven eight nine ten', 0.2, 0.2)
  expect(Object.values(parts).join('')).toBe('one two three four five six seven eight nine ten')
  expect(parts.validation).toMatch(/^\S.*\s$/)
  const solid = splitText('🙂'.repeat(50), 0.1, 0.1)
  expect([...solid.train, ...solid.validation, ...solid.test].every(c => c === '🙂')).toBe(true)
  expect(() => splitText('abc', 0.5, 0.5)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
})

test('options that are wrong are refused', () => {
  expect(() => checkRunOptions('languageModel', { tokeniser: 'bpe' } as never)).toThrow(/tokenizer/)
  for (const name of Object.keys(languageParameters))
    expect(() => checkRunOptions('languageModel', { [name]: {} } as never)).toThrow(
      expect.objectContaining({ code: 'ARGUMENT' }),
    )
})
