import { expect, test } from 'vitest'
import { constantBaseline } from './speech-baseline.js'

type Recordings = Parameters<typeof constantBaseline>[0]
const said = (...texts: string[]) =>
  texts.map(transcript => ({ transcript })) as unknown as Recordings

test('the transcript that errs least on the training part, measured on the test part', () => {
  const found = constantBaseline(said('yes', 'yes', 'no', 'yes please'), said('yes', 'no'))
  expect(found.text).toBe('yes')
  // Three letters for two: one of the five characters said is right, and "no" costs three edits.
  expect(found.metrics).toEqual({ characterErrorRate: 3 / 5, wordErrorRate: 1 / 2, exact: 1 / 2 })
})

test('nothing, where the frequent texts are far longer than the others', () => {
  const letter = (i: number) => String.fromCodePoint(0x4e00 + i)
  const long = Array.from({ length: 50 }, (_, i) => letter(i).repeat(20))
  const short = Array.from({ length: 200 }, (_, i) => letter(100 + i))
  const found = constantBaseline(said(...long, ...long, ...short), said('x'))
  expect(found).toMatchObject({ text: '', metrics: { characterErrorRate: 1, exact: 0 } })
})
