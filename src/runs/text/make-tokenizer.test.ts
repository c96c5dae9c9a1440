// Which tokenizer suits texts.

import { expect, test } from 'vitest'
import { tokenizerFor } from './make-tokenizer.js'

const repeated = Array.from({ length: 60 }, (_, i) => `the mail of day ${i % 20} says so`)
const names = Array.from({ length: 60 }, (_, i) => `name${i} surname${i} met person${i}`)

test.each([
  ['words that occur again', repeated, 100, 'words'],
  ['words that hardly ever do', names, 100, 'bpe'],
  ['more words than the vocabulary holds', repeated, 3, 'bpe'],
  ['a script without spaces', Array(20).fill('今天天气很好，我们去公园。'), 100, 'words'],
  ['texts that say nothing', ['', ''], 100, 'words'],
] as const)('%s', (_, texts, vocabulary, kind) => {
  expect(tokenizerFor(texts, vocabulary)).toBe(kind)
})
