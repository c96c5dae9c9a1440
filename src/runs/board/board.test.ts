// Folds, shares of time, draws of parameters, and what a learning curve says.

import { describe, expect, test } from 'vitest'
import { choiceParameter, integerParameter, numberParameter } from '../../base/parameters.js'
import { Random } from '../../base/philox.js'
import { type PreparedData, prepareData } from '../prepare-data.js'
import type { TrainSettings } from '../train-options.js'
import { type BoardEntry, chosenEntry, ranked } from './board.js'
import { planFor } from './budget.js'
import { foldsOf } from './folds.js'
import { judge } from './learning-curve.js'
import { drawParameters, variantsOf } from './search.js'

const rows = Array.from({ length: 200 }, (_, i) => ({
  who: `g${i % 23}`,
  day: new Date(Date.UTC(2024, 0, 1 + ((i * 37) % 200))),
  x: (i * 7) % 40,
  y: i % 5 === 0 ? 'yes' : 'no',
}))

async function prepared(settings: TrainSettings): Promise<PreparedData> {
  return prepareData(rows, { target: 'y', ...settings })
}

describe('folds', () => {
  const check = (data: PreparedData, settings: TrainSettings) => {
    const folds = foldsOf(data, settings)
    const train = new Set(data.sample.split.train)
    for (const fold of folds) {
      const own = new Set(fold.train)
      for (const row of fold.test) {
        expect(own.has(row)).toBe(false)
        expect(train.has(row)).toBe(true)
      }
    }
    expect(foldsOf(data, settings)).toEqual(folds)
    return folds
  }

  test('each training row is tested once, classes keep their shares', async () => {
    const data = await prepared({})
    const folds = check(data, {})
    const tested = folds.flatMap(({ test: rows }) => [...rows]).sort((a, b) => a - b)
    expect(tested).toEqual([...data.sample.split.train].sort((a, b) => a - b))
    for (const { test: part } of folds) {
      const share = part.filter(row => rows[row].y === 'yes').length / part.length
      expect(share).toBeCloseTo(0.2, 1)
    }
    expect(foldsOf(data, { seed: 1 })).not.toEqual(folds)
  })

  test('a group is never on both sides', async () => {
    const settings = { group: 'who' }
    for (const { train, test: part } of check(await prepared(settings), settings)) {
      const inside = new Set(Array.from(train, row => rows[row].who))
      for (const row of part) expect(inside.has(rows[row].who)).toBe(false)
    }
  })

  test('by time, what is tested comes after what is learned', async () => {
    const settings = { time: 'day' }
    const folds = check(await prepared(settings), settings)
    for (const { train, test: part } of folds) {
      const last = Math.max(...Array.from(train, row => rows[row].day.getTime()))
      for (const row of part) expect(rows[row].day.getTime()).toBeGreaterThanOrEqual(last)
    }
    expect(folds[1].train.length).toBeGreaterThan(folds[0].train.length)
  })
})

test('what does not fit into the time gets fewer folds, then fewer rows, then nothing', () => {
  const plan = (share: number) =>
    planFor({ rows: 16_000, folds: 5, seconds: count => count / 1000, share })
  expect(plan(100)).toEqual({ rows: 16_000, folds: 5 })
  expect(plan(60)).toEqual({ rows: 16_000, folds: 3 })
  expect(plan(30)).toEqual({ rows: 8000, folds: 3 })
  expect(plan(7)).toEqual({ rows: 2000, folds: 3 })
  expect(plan(5)).toEqual({ rows: 2000, folds: 2 })
  expect(plan(1)).toBeUndefined()
})

describe('parameters', () => {
  const table = {
    alpha: numberParameter({
      default: 1,
      min: 0,
      doc: '.',
      search: { scale: 'log', low: 1e-3, high: 10 },
    }),
    depth: integerParameter({
      default: 3,
      min: 1,
      doc: '.',
      search: { scale: 'linear', low: 2, high: 9, whole: true },
    }),
    rule: choiceParameter(['a', 'b'], { default: 'a', doc: '.', search: { choices: ['a', 'b'] } }),
    plain: numberParameter({ default: 1, doc: '.' }),
  }

  test('are drawn from their ranges, the same for the same seed', () => {
    const draw = (seed: number) => drawParameters(table, new Random(seed, 1))
    expect(draw(3)).toEqual(draw(3))
    const many = Array.from({ length: 200 }, (_, seed) => draw(seed))
    for (const drawn of many) {
      expect(Object.keys(drawn)).toEqual(['alpha', 'depth', 'rule'])
      for (const name of ['alpha', 'depth', 'rule'] as const)
        expect(table[name].accepts(drawn[name])).toBe(true)
    }
    expect(new Set(many.map(({ depth }) => depth)).size).toBe(8)
    expect(drawParameters(table, new Random(1, 1), { depth: 'own' })).toEqual({
      depth: expect.any(Number),
    })
  })

  test('variants are other members first, then draws, each once; fixed ones stay', async () => {
    const found = await variantsOf('linear', 'regression', 0, { fitIntercept: false })
    expect(found[0]).toMatchObject({
      member: { features: 'binned' },
      parameters: { fitIntercept: false },
    })
    expect(found.length).toBeGreaterThan(2)
    for (const { parameters } of found) expect(parameters.fitIntercept).toBe(false)
    expect(await variantsOf('linear', 'regression', 0, { fitIntercept: false })).toEqual(found)
    expect(await variantsOf('linear', 'regression', 1)).not.toEqual(found)
    expect(await variantsOf('neural', 'regression', 0)).toEqual([])
  })
})

test('the best first, those without a score behind, the dummy last', () => {
  const entry = (family: BoardEntry['family'], score: number | null) =>
    ({ family, score }) as BoardEntry
  const entries = [
    entry('dummy', 0.9),
    entry('linear', 0.5),
    entry('svm', null),
    entry('neural', 0.7),
  ]
  const names = (isHigherBetter: boolean) =>
    ranked({ entries }, isHigherBetter).map(({ family }) => family)
  expect(names(true)).toEqual(['neural', 'linear', 'svm', 'dummy'])
  expect(names(false)).toEqual(['linear', 'neural', 'svm', 'dummy'])
  expect([chosenEntry(entries, true), chosenEntry(entries, false)]).toEqual([3, 1])
  expect(chosenEntry([entry('dummy', 1), entry('svm', null)], true)).toBe(-1)
})

test('of classifiers as good as the best, the one with the lowest log loss', () => {
  const entry = (family: BoardEntry['family'], scores: number[], logLoss?: number, rows = 100) =>
    ({
      family,
      scores,
      score: scores.reduce((a, b) => a + b) / scores.length,
      rows,
      logLoss,
    }) as unknown as BoardEntry
  const knn = entry('knn', [1, 1, 1, 1, 1], 0.7)
  const chosen = (...others: BoardEntry[]) => chosenEntry([knn, ...others], true)
  expect(chosen(entry('svm', [1, 1, 0.98, 1, 1], 0.1))).toBe(1)
  expect(chosen(entry('svm', [1, 1, 0.98, 1, 1], 0.8))).toBe(0)
  // Behind in every fold is no chance.
  expect(chosen(entry('svm', [0.98, 0.98, 0.97, 0.98, 0.98], 0.1))).toBe(0)
  // On fewer rows or folds nothing can be said.
  expect(chosen(entry('svm', [1, 1, 0.98, 1, 1], 0.1, 50))).toBe(0)
  expect(chosen(entry('svm', [1, 1, 0.98, 1], 0.1))).toBe(0)
  expect(chosen(entry('dummy', [1, 1, 1, 1, 1], 0))).toBe(0)
})

describe('would more data help?', () => {
  const point = (count: number, scores: number[]) => ({
    rows: count,
    scores,
    score: scores.reduce((a, b) => a + b) / scores.length,
    spread: 0.02,
  })

  test('a gain in every fold: yes, and half of it again', () => {
    const found = judge(
      [
        point(100, [0.6, 0.62, 0.61]),
        point(200, [0.7, 0.71, 0.72]),
        point(400, [0.75, 0.77, 0.77]),
      ],
      true,
    )
    expect(found.verdict).toBe('yes')
    expect(found.gain).toBeCloseTo(0.0533, 3)
    expect(found.next).toBeCloseTo(0.0533 * (0.0533 / 0.1), 3)
  })

  test('gains and losses by chance: no; an error that falls is a gain too', () => {
    const noise = [point(100, [0.7, 0.72, 0.71]), point(200, [0.72, 0.7, 0.712])]
    expect(judge(noise, true).verdict).toBe('no')
    const errors = [point(100, [5, 5.2, 5.1]), point(200, [4, 4.1, 4.2])]
    expect(judge(errors, false).verdict).toBe('yes')
    expect(judge(errors, true)).toMatchObject({ verdict: 'no', next: 0 })
  })

  test('a single fold is compared with the spread', () => {
    expect(judge([point(50, [0.7]), point(100, [0.71])], true).verdict).toBe('no')
    expect(judge([point(50, [0.6]), point(100, [0.71])], true).verdict).toBe('yes')
  })
})
