import { describe, expect, it } from 'vitest'
import { parseDate, parseInteger64, parseNumber, truthText } from './cell-parsing.js'

describe('parseNumber', () => {
  it.each([
    ['1', 1],
    [' -1.5e3 ', -1500],
    ['+.5', 0.5],
    ['5.', 5],
    ['Inf', Infinity],
    ['-infinity', -Infinity],
    ['1e400', Infinity],
  ])('%j', (text, value) => expect(parseNumber(text)).toBe(value))

  it.each(['', ' ', 'x', '1,5', '1 000', '0x10', '1e', '--1', '1_000', 'NaN', '１'])(
    '%j is no number',
    text => expect(parseNumber(text)).toBeNaN(),
  )
})

describe('parseDate', () => {
  it.each([
    ['2020-02-29', '2020-02-29T00:00:00.000Z'],
    ['2020-01-02 03:04', '2020-01-02T03:04:00.000Z'],
    ['2020-01-02T03:04:05.678Z', '2020-01-02T03:04:05.678Z'],
    ['2020-01-02T03:04:05+05:30', '2020-01-01T21:34:05.000Z'],
    ['1969-12-31', '1969-12-31T00:00:00.000Z'],
  ])('%s', (text, iso) => expect(new Date(parseDate(text)).toISOString()).toBe(iso))

  it.each(['2021-02-29', '2020-13-01', '2020-1-2', '2020', '2020-01-02T25:00', 'x', ''])(
    '%j is no date',
    text => expect(parseDate(text)).toBeNaN(),
  )
})

it('parseInteger64 keeps every digit, and only what 64 bits hold', () => {
  expect(parseInteger64('9223372036854775807')).toBe(9223372036854775807n)
  expect(parseInteger64('+12')).toBe(12n)
  expect(parseInteger64('9223372036854775808')).toBeUndefined()
  expect(parseInteger64('1.0')).toBeUndefined()
})

it('truthText knows how R and Python write truth', () => {
  expect(['TRUE', 'False', 'true', 'yes'].map(truthText)).toEqual(['true', 'false', 'true', 'yes'])
})
