import { expect, test } from 'vitest'
import { CountVectorizer } from './index.js'
import { requireQuick } from './quick-pattern.js'

test.each([
  '\\b\\w\\w+\\b',
  '(?:[\\p{L}\\p{N}]{2,})',
  '[a-z]+@[a-z]+\\.[a-z]{2,}',
  '#(\\w+)',
  'colou?r|gr[ae]y',
  '(?:ab){2}',
  '[^\\s\\]]+',
  '\\d+(?:\\.\\d+)?',
  "[A-Za-z]+(?:['-][A-Za-z]+)*",
  '\\w+@[\\w.]+\\.\\w+',
  '(?:ab|ac)+',
  '(?:the|then|this|that|those)s?',
  '\\w{2,40}',
  '(?<=#)\\w+(?!\\w)',
  '[\\u{1F600}-\\u{1F64F}]|[a-z]+',
])('%s is taken', pattern => {
  expect(() => requireQuick('test', pattern)).not.toThrow()
})

test.each([
  ['(a+)+$', /ever more ways/],
  ['(?:a|a)*b', /ever more ways/],
  ['(?:a|[ab])*c', /ever more ways/],
  ['(?:a?){20,}b', /ways to read/],
  ['(?:a|a)'.repeat(20), /ways to read/],
  ['(?:(?:a*)b?)*', /ever more ways/],
  ['(?:a*b*)*', /ever more ways/],
  ['(?:ab|a|b)*c', /ever more ways/],
  ['\\w*\\w*!', /ever more ways/],
  ['a+\\ba+', /ever more ways/],
  ['\\w+x\\w+', /ever more ways/],
  ['(?:\\p{Emoji_Presentation}|[\\u{1F600}-\\u{1F64F}])+!', /ever more ways/],
  ['(?:a(?:b?|c?))+!', /ever more ways/],
  ['(?:(?:|)a)+!', /ever more ways/],
  [`${'(?:|)'.repeat(22)}!`, /ways to read/],
  ['(?=(?:a?){12}(?:a?){12}!)a', /ways to read/],
  ['(?:[\\u{30000}-\\u{30010}]|\\u{30001})+!', /ever more ways/],
  ['(?:(?:(?:){100}){100}){100}', /parts/],
  ['(?=.*a)b', /look-around/],
  ['(a)\\1', /back reference/],
  ['a{400}', /repetition of more than 100/],
  [`a${'b'.repeat(600)}`, /more than 100 characters/],
])('%s is refused', (pattern, message) => {
  expect(() => requireQuick('test', pattern)).toThrow(message)
})

test('a saved model with such a pattern is refused', async () => {
  const model = await new CountVectorizer().fit(['one two', 'two three'])
  const json = JSON.parse(JSON.stringify(model))
  json.params.tokenPattern = '(\\w+)+!'
  expect(() => CountVectorizer.fromJSON(json)).toThrow(/few ways/)
})

test('many branches that have nothing in common take no time', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyzäöüß'
  expect(() => requireQuick('test', `(?:${[...letters].join('|')})+`)).not.toThrow()
})
