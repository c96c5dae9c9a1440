// Texts on the command line: language models, generation, classification, and what is said of wrong input.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { root, Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 })

let place: Workplace
const example = (name: string) => join(root, 'examples', 'data', name)

beforeAll(async () => {
  place = await Workplace.open()
  const { readFileSync } = await import('node:fs')
  const novel = readFileSync(example('moby-dick/moby-dick.txt'), 'utf8')
  await place.write('book.txt', novel.slice(0, 12_000))
  const rows = readFileSync(example('languages/languages.csv'), 'utf8').split('\n')
  const few = rows.filter(row => /,(language|English|German)$/.test(row))
  await place.write('few.csv', `${few.join('\n')}\n`)
})
afterAll(() => place.close())

const language = ['train', 'book.txt', '--task', 'language-model']
const tiny = ['--width', '16', '--context', '32', '--epochs', '1']

describe('a language model', () => {
  beforeAll(async () => {
    const { code, stderr, stdout } = await place.run(...language, ...tiny, '--name', 'book')
    expect(stderr).toMatch(/split in the order of the text/)
    expect(stdout).toMatch(/Bits per character +\d\.\d{3} +\d\.\d{3} +\d\.\d{3}/)
    expect(stdout).toMatch(/Report: runs\/book\/report\.html/)
    expect(code).toBe(0)
  })

  test('writes on from a prompt, the same for the same seed', async () => {
    const words = ['generate', 'runs/book', '--prompt', 'Call me', '--length', '30', '--seed', '2']
    const { code, stdout } = await place.run(...words)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Call me/)
    expect([...stdout.trimEnd()].length).toBeLessThanOrEqual(37)
    const { stdout: json } = await place.run(...words, '--json')
    expect(`Call me${JSON.parse(json).text}\n`).toBe(stdout)
    const cold = [...words, '--temperature', '0', '--top-k', '5', '--top-p', '0.9']
    expect((await place.run(...cold)).stdout).toBe((await place.run(...cold)).stdout)
  })

  test('says what of a prompt it does not know, in Chinese too', async () => {
    const { code, stderr } = await place.run(
      'generate',
      'book',
      '--prompt',
      '你好',
      '--length',
      '3',
    )
    expect(code).toBe(0)
    expect(stderr).toMatch(/not in the vocabulary.*你/)
    const long = ['--prompt', 'a'.repeat(50), '--length', '1', '--lang', 'zh']
    // A state knows all of it; a transformer sees its own context.
    expect((await place.run('generate', 'book', ...long)).stderr).toBe('')
    const attention = ['--model', 'transformer', '--heads', '2', '--layers', '1']
    expect((await place.run(...language, ...tiny, ...attention, '--name', 'seen')).code).toBe(0)
    expect((await place.run('generate', 'seen', ...long)).stderr).toMatch(/最后 32 个/)
  })

  test('is listed, drawn again, and refused where a table is meant', async () => {
    expect((await place.run('runs')).stdout).toMatch(/book .*Bits per character \d\.\d/)
    expect(JSON.parse((await place.run('runs', '--json')).stdout).runs[0].kind).toBe(
      'languageModel',
    )
    expect((await place.run('report', 'book', '--lang', 'zh', '--out', 'zh.html')).code).toBe(0)
    const predicted = await place.run('predict', 'book', 'few.csv')
    expect(predicted.code).toBe(2)
    expect(predicted.stderr).not.toMatch(/fault of Athanor/)
  })

  test('is repeated to the same bits', async () => {
    expect((await place.run('train', '--repeat', 'book', '--name', 'again')).code).toBe(0)
    const model = (name: string) => readFile(place.path('runs', name, 'model.athanor'))
    expect((await model('again')).equals(await model('book'))).toBe(true)
  })

  test('is measured on another text', async () => {
    const { code, stdout } = await place.run('evaluate', 'book', 'book.txt')
    expect(stdout).toMatch(/^On 12,000 characters\n.*These data +Test\n +Bits per character +\d/s)
    expect(code).toBe(0)
    const { stdout: json } = await place.run('evaluate', 'book', 'book.txt', '--json')
    expect(JSON.parse(json)).toMatchObject({
      kind: 'languageModel',
      measures: { characters: 12_000 },
    })
  })

  test('gets the learning rate that a range test finds, which the report shows', async () => {
    const words = [...language, ...tiny, '--learning-rate', 'auto', '--name', 'rated']
    const { code, stderr } = await place.run(...words)
    expect(stderr).toMatch(/Learning rate \S+: .*\(By itself train takes 0\.005\.\)/)
    expect(code).toBe(0)
    expect(await readFile(place.path('runs/rated/report.html'), 'utf8')).toMatch(
      /The learning rate.*<svg/s,
    )
    const found = await place.run('lr', 'book.txt', '--task', 'language-model', '--width', '16')
    expect(found.stdout).toMatch(/^Learning rate .*Curve: book-learning-rate\.svg/s)
  })

  test('gives JSON, and is resumed by --resume', async () => {
    const { stdout } = await place.run(
      ...language,
      ...tiny,
      '--json',
      '--tokenizer',
      'bpe',
      '--merges',
      '50',
    )
    const run = JSON.parse(stdout)
    expect(run).toMatchObject({ kind: 'languageModel', epochs: 1 })
    const again = await place.run('train', '--resume', run.run)
    expect(again.code).toBe(2)
    expect(again.stderr).toMatch(/finished already/)
  })
})

describe('a classifier of texts', () => {
  test('is trained, measured, and predicts', async () => {
    const words = ['train', 'few.csv', '--text', 'text', '--target', 'language', '--name', 'few']
    const net = [
      '--model',
      'average',
      '--tokenizer',
      'characters',
      '--epochs',
      '5',
      '--width',
      '16',
    ]
    const { code, stdout, stderr } = await place.run(...words, ...net)
    expect(stderr).not.toMatch(/fault of Athanor/)
    expect(code).toBe(0)
    expect(stdout).toMatch(/Accuracy/)
    const { stdout: csv } = await place.run('predict', 'few', 'few.csv')
    const { stdout: told } = await place.run('predict', 'few', 'few.csv', '--json')
    expect(JSON.parse(told).predictions).toHaveLength(csv.trim().split('\n').length - 1)
    expect(csv.split('\n')[0]).toContain('prediction')
    expect((await place.run('evaluate', 'few', 'few.csv')).code).toBe(0)
    expect((await place.run('train', '--repeat', 'few', '--json')).code).toBe(0)
    expect((await place.run('generate', 'few')).stderr).toMatch(/no language model/)
  })
})

describe('wrong input', () => {
  test.each([
    [['train', 'empty.txt', '--task', 'language-model'], /0 characters/],
    [['train', 'binary.txt', '--task', 'language-model'], /binary data/],
    [['train', 'bok.txt', '--task', 'language-model'], /book\.txt/],
    [['train', '--task', 'language-model'], /Which data/],
    [
      [...language, '--hidden', '3'],
      /--hidden is not for language models; it is for tables, speech/,
    ],
    [[...language, '--tokenizer', 'word'], /characters, words, bpe/],
    [[...language, '--model', 'forest'], /lstm/],
    [
      ['train', 'few.csv', '--text', 'text', '--target', 'language', '--hidden', '3'],
      /--hidden is not for texts; it is for tables, speech/,
    ],
    [['train', 'few.csv', '--text', 'txt', '--target', 'language'], /^error: --text: .*'text'/],
    [['train', 'few.csv', '--text', 'text'], /--target/],
    [['generate'], /Which run/],
    [['predict', 'book', 'few.csv'], /predicts no rows.*athanor generate/],
    [['generate', 'nowhere'], /no run 'nowhere'\. Runs in runs: .*book/],
    [['evaluate', 'runs/book', 'empty.txt'], /empty\.txt has 0 characters: .*two tokens/],
    [['train', 'book.txt'], /book\.txt is a text.*--task language-model/],
    [['train', 'bok.txt', '--epochs', '1'], /Did you mean 'book\.txt'/],
    [['generate', 'few.csv', '--top-p', '2'], /top-p/],
  ])('%j', async (words, message) => {
    await place.write('empty.txt', '')
    await place.write('binary.txt', new Uint8Array(4000))
    const { code, stderr } = await place.run(...words)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/fault of Athanor/)
    expect(code).toBe(2)
  })
})
