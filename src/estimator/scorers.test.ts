import { describe, expect, test } from 'vitest'
import { AthanorError } from '../base/errors.js'
import { casesOf, close, type Json } from './metrics/testing/oracle.js'
import { type ScorerName, type ScorerOutput, scorerNamed, scorers } from './scorers.js'

const cases = casesOf(new URL('./metrics/fixtures/scorers.json', import.meta.url))
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())

test('every scoring string of scikit-learn has a row, and no other name', () => {
  const theirs: string[] = cases.find(c => c.name === 'names').expected
  // Several labels a row are another task.
  const expected = theirs.filter(name => !name.endsWith('_samples')).map(camel)
  expect(Object.keys(scorers).sort()).toEqual(expected.sort())
})

describe.each(cases.filter(c => c.name !== 'names').map(c => [c.name, c]))(
  'against scikit-learn: %s',
  (_, c: Json) => {
    const classes = c.predictProba && [...new Set<number>(c.yTrue)].sort()
    const answers: Record<string, ScorerOutput> = {
      predict: c.predict,
      predictProba: c.predictProba,
      decision: c.decision,
    }

    test.each(Object.keys(c.expected))('%s', name => {
      const scorer = scorers[camel(name) as ScorerName]
      const value = scorer.score(c.yTrue, answers[scorer.needs], { classes })
      close(value, c.expected[name], name)
      if (scorer.needs !== 'decision') return
      // A model without a decision function answers with probabilities.
      expect(scorer.score(c.yTrue, answers.predictProba, { classes })).toBeTypeOf('number')
    })
  },
)

describe('rows', () => {
  test.each(Object.entries(scorers))('%s: its name says whether it is negated', (name, scorer) => {
    expect(scorer.greaterIsBetter).toBe(!name.startsWith('neg'))
  })

  test('weights reach the metric, or are refused', () => {
    const truth = [0, 1, 1]
    const context = { sampleWeight: [1, 1, 2] }
    expect(scorers.accuracy.score(truth, [0, 1, 0], context)).toBe(0.5)
    expect(scorers.negMeanSquaredError.score(truth, [0, 1, 0], context)).toBe(-0.5)
    for (const scorer of Object.values(scorers))
      if (!scorer.takesSampleWeight)
        expect(() => scorer.score(truth, [0, 1, 0], context)).toThrow(/no sampleWeight/)
  })

  test('labels may be texts: the second class is the positive one', () => {
    const classes = ['no', 'yes']
    const truth = ['no', 'yes', 'yes', 'no']
    const predicted = ['no', 'yes', 'no', 'no']
    expect(scorers.recall.score(truth, predicted, { classes })).toBe(0.5)
    expect(scorers.rocAuc.score(truth, [0.1, 0.9, 0.3, 0.2], { classes })).toBe(1)
    const probabilities = [0.9, 0.1, 0.1, 0.9, 0.7, 0.3, 0.8, 0.2]
    expect(scorers.negLogLoss.score(truth, probabilities, { classes })).toBeCloseTo(
      (2 * Math.log(0.9) + Math.log(0.3) + Math.log(0.8)) / 4,
      12,
    )
    expect(scorers.f1.score([1, 2], [1, 1], { classes: [1, 2] })).toBeCloseTo(2 / 3, 12)
    expect(scorers.f1.score([2, 3], [3, 3], { classes: [2, 3] })).toBeCloseTo(2 / 3, 12)
    expect(scorers.f1.score([true, false], [true, true], { classes: [false, true] })).toBeCloseTo(
      2 / 3,
      12,
    )
  })

  test('a fold without rows of a class', () => {
    const classes = ['a', 'b', 'c']
    const probabilities = [0.7, 0.2, 0.1, 0.1, 0.8, 0.1]
    expect(scorers.negLogLoss.score(['a', 'b'], probabilities, { classes })).toBeCloseTo(
      (Math.log(0.7) + Math.log(0.8)) / 2,
      12,
    )
    expect(scorers.rocAucOvr.score(['a', 'b'], probabilities, { classes })).toBe(1)
  })

  test('three classes where two are needed', () => {
    const context = { classes: [0, 1, 2] }
    const call = (name: ScorerName, output: ScorerOutput) => () =>
      scorers[name].score([0, 1, 2], output, context)
    expect(call('f1', [0, 1, 2])).toThrow(/'Macro'/)
    expect(call('rocAuc', new Float64Array(9))).toThrow(/'rocAucOvr'/)
  })
})

test('an unknown name is an error that suggests the nearest', () => {
  expect(scorerNamed('accuracy')).toBe(scorers.accuracy)
  expect(() => scorerNamed('acuracy')).toThrow(/'acuracy'.*'accuracy'/)
  expect(() => scorerNamed('toString')).toThrow(AthanorError)
})
