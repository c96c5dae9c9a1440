// A run that classifies texts: what it leaves, beside TF-IDF with logistic regression; that it goes on after an
// interruption; bad input.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DataFinding } from '../../data/finding.js'
import { modelFromBytes } from '../../train/model-file.js'
import type { RunEvent } from '../events.js'
import { checkRunOptions } from '../kind-options.js'
import { loadModel } from '../load-model.js'
import type { DataSource } from '../read-data.js'
import { redrawReport } from '../redraw-report.js'
import type { Run } from '../run-results.js'
import { TableModel } from '../table-model.js'
import { TextRun } from './text-classifier-run.js'
import { type TextRunOptions, textParameters } from './text-options.js'

const trainTextClassifier = (data: DataSource | undefined, options: TextRunOptions) =>
  new TextRun(options).run(data)

const folder = mkdtempSync(join(tmpdir(), 'athanor-texts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const languages = readFileSync(
  new URL('../../../examples/data/languages/languages.csv', import.meta.url),
  'utf8',
)
/** Four languages, each row with a column of no use. */
const few = languages
  .trimEnd()
  .split('\n')
  .filter(line => /,(language|English|German|Finnish|Polish)$/.test(line))
  .map((line, i) => `${line},${i === 0 ? 'other' : i % 7}`)
const table = join(folder, 'few.csv')
writeFileSync(table, `${few.join('\n')}\n`)

const small: TextRunOptions = {
  out: join(folder, 'runs'),
  text: 'text',
  target: 'language',
  tokenizer: 'characters',
  model: 'average',
  width: 16,
  epochs: 12,
  learningRate: 0.02,
  lang: 'en',
}

test('counts the training texts that are longer than what is read', async () => {
  const findings = (context: number) =>
    new Promise<readonly DataFinding[]>(resolve => {
      const stop = new AbortController()
      const onProgress = (event: RunEvent) => {
        if (event.type !== 'data') return
        resolve(event.findings)
        stop.abort()
      }
      const given = { ...small, context, signal: stop.signal, onProgress }
      trainTextClassifier(table, { ...given, name: `context-${context}` }).catch(() => {})
    })
  const long = (all: readonly DataFinding[]) => all.filter(({ code }) => code === 'long-texts')
  expect(long(await findings(10_000))).toEqual([])
  const [finding] = long(await findings(20))
  expect(finding).toMatchObject({ column: 'text', details: { context: 20 } })
  expect(finding.count).toBeGreaterThan(few.length / 4)
  expect(finding.count).toBeLessThan(few.length)
})

describe('a run', () => {
  let run: Run
  beforeAll(async () => {
    run = await trainTextClassifier(table, { ...small, name: 'whole' })
  }, 60_000)

  test('learns, beside a dummy and TF-IDF with logistic regression', () => {
    expect(run.baseline.dummy.accuracy).toBeLessThan(0.5)
    expect(run.baseline.linear.accuracy).toBeGreaterThan(0.8)
    expect(run.metrics.test.accuracy).toBeGreaterThan(0.7)
  })

  test('leaves a manifest of its kind, a report, predictions', async () => {
    const manifest = JSON.parse(readFileSync(join(run.path, 'manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({
      kind: 'text',
      status: 'finished',
      settings: { text: 'text', tokenizer: 'characters', model: 'average' },
    })
    const page = readFileSync(join(run.path, 'report.html'), 'utf8')
    expect(page).toContain('Finnish')
    expect(page).not.toMatch(/undefined|\[object/)
    expect(page).toContain('Highest losses, word by word')
    expect(page).not.toContain('What attention looks at')
    await redrawReport(run.path, join(folder, 'zh.html'), 'zh')
    const { texts } = JSON.parse(readFileSync(join(run.path, 'report.json'), 'utf8'))
    expect(texts.losses).toHaveLength(8)
    const [worst] = texts.losses
    expect(worst.truth).not.toBe(worst.predicted)
    const words: [string, number][] = worst.words
    expect(few[worst.row]).toContain(words.map(([text]) => text).join(''))
    expect(words.some(([, influence]) => Math.abs(influence) > 0.01)).toBe(true)
    expect(readFileSync(join(run.path, 'test-predictions.csv'), 'utf8')).toContain('Finnish')
  })

  test('leaves a model that takes texts and rows', async () => {
    const model = await loadModel(run.path)
    expect(model.inputs).toEqual(['text'])
    const [one, same, empty] = await model.predict([
      'alle Menschen sind frei und gleich an Würde',
      { text: 'alle Menschen sind frei und gleich an Würde' },
      { text: null },
    ])
    expect(one.prediction).toBe('German')
    expect(same).toEqual(one)
    expect(Object.values(empty.probabilities ?? {}).reduce((a, b) => a + b)).toBeCloseTo(1, 6)
    await expect(model.predict([{ body: 'x' }])).rejects.toThrow(/no 'text'/)
  })

  test('lets classes count as much as each other when asked to', async () => {
    const rare = few.filter((line, i) => !line.includes('Polish') || i % 6 === 0)
    const uneven = join(folder, 'uneven.csv')
    writeFileSync(uneven, `${rare.join('\n')}\n`)
    const weigh = (name: string, classWeight?: 'balanced') =>
      trainTextClassifier(uneven, {
        ...small,
        name,
        epochs: 3,
        ...(classWeight && { classWeight }),
      })
    const [plain, weighted] = [await weigh('plain'), await weigh('weighted', 'balanced')]
    const recall = ({ metrics }: Run) => metrics.train.balancedAccuracy ?? 0
    expect(recall(weighted)).toBeGreaterThan(recall(plain))
    const manifest = JSON.parse(readFileSync(join(weighted.path, 'manifest.json'), 'utf8'))
    expect(manifest.settings.classWeight).toBe('balanced')
  }, 60_000)

  test('goes on after an interruption to the same answers', async () => {
    const controller = new AbortController()
    await expect(
      trainTextClassifier(table, {
        ...small,
        name: 'stopped',
        signal: controller.signal,
        onProgress: event => {
          if (event.type === 'epoch' && event.epoch === 3) controller.abort()
        },
      }),
    ).rejects.toMatchObject({ code: 'INTERRUPTED' })
    const resumed = await trainTextClassifier(undefined, { out: small.out, resume: 'stopped' })
    expect(resumed.metrics.test).toEqual(run.metrics.test)
  }, 60_000)
})

test.each([
  ['words', 'lstm'],
  ['bpe', 'transformer'],
  ['characters', 'gru'],
] as const)(
  '%s and a %s go through as well',
  async (tokenizer, model) => {
    const options = { ...small, name: model, tokenizer, model, merges: 50, epochs: 1, context: 24 }
    const run = await trainTextClassifier(table, options)
    const loaded = await loadModel(run.path)
    expect(loaded.classes.length).toBe(4)
    const page = readFileSync(join(run.path, 'report.html'), 'utf8')
    expect(page.includes('What attention looks at')).toBe(model === 'transformer')
    // What was read, by which net.
    const { rule } = loaded.core.inputs[0]
    const [, vocabulary] = rule.match(/from a vocabulary of (\d+), 24 at most/)!
    expect(page).not.toMatch(/hashed into|used as words|Neural network/)
    expect(page).toContain(rule)
    expect(page).toContain(`(--tokenizer ${tokenizer}, a vocabulary of ${vocabulary})`)
    const titles = {
      lstm: 'Bidirectional LSTM',
      transformer: 'Transformer',
      gru: 'Bidirectional GRU',
    }
    expect(page).toMatch(new RegExp(`class="subtitle">${titles[model]}`))
    const chinese = join(folder, `${model}-zh.html`)
    await redrawReport(run.path, chinese, 'zh')
    const words = { words: '词', bpe: '子词（字节对编码）', characters: '字符' }[tokenizer]
    expect(readFileSync(chinese, 'utf8')).toContain(`按${words}读取，词表 ${vocabulary}`)
    expect(readFileSync(chinese, 'utf8')).not.toMatch(/按词语编码使用|散列/)
    const { texts } = JSON.parse(readFileSync(join(run.path, 'report.json'), 'utf8'))
    for (const { tokens, heads, truth } of texts.attention) {
      expect(loaded.classes).toContain(truth)
      expect(tokens.length).toBeLessThanOrEqual(18)
      for (const levels of heads) expect(levels).toMatch(new RegExp(`^\\d{${tokens.length ** 2}}$`))
    }
    expect((await loaded.predict(['hello'])).length).toBe(1)
  },
  60_000,
)

test.each([
  ['a context of none', { context: 0 }],
  ['a column that there is not', { column: 'body' }],
  ['a tokenizer of another size', { tokenizer: { kind: 'characters', tokens: ['a'] } }],
  ['a field too many', { pattern: '.*' }],
])('a model file with %s is refused', (_, change) => {
  const bytes = readFileSync(join(folder, 'runs', 'whole', 'model.athanor'))
  const net = modelFromBytes(bytes)
  const table = net.extra.table as { text: object }
  net.extra = { table: { ...table, text: { ...table.text, ...change } } as never }
  expect(() => TableModel.fromNet(net, 'model')).toThrow(
    expect.objectContaining({ code: 'FORMAT' }),
  )
})

test('of long texts the report shows the beginning', async () => {
  const long = join(folder, 'long.csv')
  const texts = Array.from({ length: 40 }, (_, i) =>
    [i % 2 === 0 ? 'yes' : 'no', 'x'.repeat(3000), ...new Array(600).fill('word')].join(' '),
  )
  writeFileSync(long, `text,said\n${texts.map(text => `${text},${text.slice(0, 2)}`).join('\n')}\n`)
  const run = await trainTextClassifier(long, {
    ...{
      ...small,
      target: 'said',
      name: 'long',
      tokenizer: 'words',
      epochs: 1,
      context: 50,
      threshold: 1,
    },
  })
  const report = readFileSync(join(run.path, 'report.json'), 'utf8')
  const { texts: figures } = JSON.parse(report)
  expect(figures.losses).toHaveLength(8)
  for (const { words, isCut, predicted } of figures.losses) {
    expect(isCut).toBe(true)
    // The positive class would have to be certain.
    expect(predicted).toBe('no')
    expect(words[2][0]).toBe(`${'x'.repeat(59)}…`)
  }
  expect(report.length).toBeLessThan(100_000)
}, 60_000)

describe('what cannot be used', () => {
  test.each([
    [{ text: 'language' }, /same column/],
    [{ text: 'bodi' }, /bodi/],
    [{ target: 'langage' }, /language/],
    [{ context: 0 }, /context/],
  ])('%j', async (options, message) => {
    await expect(trainTextClassifier(table, { ...small, ...options })).rejects.toThrow(message)
  })

  test('texts that say nothing still give a run', async () => {
    const blank = join(folder, 'blank.csv')
    const rows = Array.from({ length: 40 }, (_, i) => `"${i % 5 === 0 ? '' : '!'}",${i % 2}`)
    writeFileSync(blank, `text,language\n${rows.join('\n')}\n`)
    const run = await trainTextClassifier(blank, { ...small, name: 'blank', epochs: 1 })
    expect(run.metrics.test.accuracy).toBeLessThan(1)
  }, 60_000)
})

test('options that are wrong are refused', () => {
  expect(() => checkRunOptions('text', { tokeniser: 'bpe' } as never)).toThrow(/tokenizer/)
  for (const name of Object.keys(textParameters))
    expect(() => checkRunOptions('text', { [name]: {} } as never)).toThrow(
      expect.objectContaining({ code: 'ARGUMENT' }),
    )
})
