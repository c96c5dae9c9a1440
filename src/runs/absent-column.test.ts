// Columns that an option names and the data lack: the option is named, and the column that was probably meant.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnyOptions } from './any-options.js'
import { train } from './train.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-columns-'))
  const rows = Array.from({ length: 60 }, (_, i) => `text ${i},${i * 1.5},${i % 2 ? 'a' : 'b'}`)
  await writeFile(join(folder, 'reviews.csv'), `body,score,kind\n${rows.join('\n')}\n`)
  await writeFile(join(folder, 'less.csv'), 'body,kind\nx,a\n')
  await writeFile(join(folder, 'list.csv'), 'file,said\na.wav,one\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const refusal = async (file: string, options: object): Promise<string> =>
  train(join(folder, file), { ...options, out: join(folder, 'runs') } as AnyOptions).then(
    () => 'trained',
    error => error.message,
  )

test.each([
  ['reviews.csv', { text: 'bdoy', target: 'kind' }, /^--text: .*'bdoy'\. Did you mean 'body'\?/],
  ['reviews.csv', { text: 'xxxxx', target: 'kind' }, /^--text: .*Columns: body, score, kind/],
  ['reviews.csv', { type: { scroe: 'numeric' }, target: 'kind' }, /^--type: .*mean 'score'\?/],
  ['list.csv', { audio: 'fiel', transcript: 'said' }, /^--audio: .*mean 'file'\?/],
  ['list.csv', { audio: 'file', transcript: 'sayd' }, /^--transcript: .*mean 'said'\?/],
  ['list.csv', { audio: 'file', transcript: 'said', group: 'who' }, /^--group: .*file, said/],
])('%s with %j', async (file, options, message) => {
  expect(await refusal(file, options)).toMatch(message)
})

test('a part that lacks columns is named with them', async () => {
  const validation = join(folder, 'less.csv')
  expect(await refusal('reviews.csv', { target: 'kind', validation })).toMatch(
    /^--validation .*less\.csv: the file lacks 'score', which the data have/,
  )
})

test('of texts only classes are learned: what to do about a number is said', async () => {
  const options = { text: 'body', target: 'score' }
  const advice = /To predict a number, leave out --text/
  expect(await refusal('reviews.csv', { ...options, task: 'regression' })).toMatch(advice)
  expect(await refusal('reviews.csv', options)).toMatch(advice)
  expect(await refusal('reviews.csv', { target: 'score', model: 'linear', name: 'score' })).toBe(
    'trained',
  )
})
