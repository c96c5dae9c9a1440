// The message table: every text in both languages, with the same parameters.

import { expect, test } from 'vitest'
import { findingMeanings } from '../../data/finding.js'
import { findingMessages } from './findings.js'
import { chooseLanguage } from './language.js'
import { messages, sayIn } from './messages.js'
import { fill, formatNumber } from './table.js'

const parameters = (text: string) =>
  [...text.matchAll(/\{([^{}|]+)[^{}]*\}/g)].map(([, name]) => name).sort()

test('both languages say something, with parameters that exist', () => {
  for (const [key, cell] of Object.entries({ ...messages, ...findingMessages })) {
    expect(cell.en.length, key).toBeGreaterThan(0)
    expect(cell.zh.length, key).toBeGreaterThan(0)
    const known = new Set(parameters(cell.en))
    expect(
      parameters(cell.zh).filter(name => !known.has(name)),
      key,
    ).toEqual([])
  }
})

test('every finding of the data has its words', () => {
  expect(Object.keys(findingMessages).sort()).toEqual(Object.keys(findingMeanings).sort())
})

test('Chinese texts have no English punctuation left between Chinese characters', () => {
  for (const [key, { zh }] of Object.entries({ ...messages, ...findingMessages }))
    expect(zh, key).not.toMatch(/[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]/)
})

test('numbers are grouped, plurals agree, unknown parameters are empty', () => {
  expect(fill('{count|row|rows} of {all}', 'en', { count: 1, all: 12345 })).toBe('1 row of 12,345')
  expect(fill('{count|row|rows}', 'en', { count: 2 })).toBe('2 rows')
  expect(fill('{nothing}!', 'en')).toBe('!')
  expect(formatNumber(-0.5, 'en')).toBe('−0.5')
  expect(formatNumber(1e-7, 'zh')).toBe('1.00e-7')
  expect(sayIn('zh').percent(0.12345)).toBe('12.3%')
  expect(
    sayIn('en').finding({ code: 'identifier-column', severity: 'info', column: 'id', details: {} }),
  ).toMatch(/^id: /)
})

test('the language is the one asked for, else the environment’s', () => {
  expect(chooseLanguage('zh-CN')).toBe('zh')
  expect(chooseLanguage(undefined, { LANG: 'zh_CN.UTF-8' })).toBe('zh')
  expect(chooseLanguage(undefined, { LC_ALL: 'en_GB', LANG: 'zh_CN' })).toBe('en')
  expect(chooseLanguage(undefined, { LANG: 'C.UTF-8' })).toBe('en')
  expect(() => chooseLanguage('fr')).toThrow(/expected one of en, zh/)
})
