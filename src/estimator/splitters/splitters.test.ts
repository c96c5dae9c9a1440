import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import type { Fold } from '../folds.js'
import { splitterClasses } from './from-json.js'
import {
  GroupKFold,
  GroupShuffleSplit,
  KFold,
  LeaveOneGroupOut,
  LeaveOneOut,
  LeavePGroupsOut,
  LeavePOut,
  PredefinedSplit,
  RepeatedKFold,
  RepeatedStratifiedKFold,
  ShuffleSplit,
  type Splitter,
  StratifiedGroupKFold,
  StratifiedKFold,
  StratifiedShuffleSplit,
  splitterFromJSON,
  TimeSeriesSplit,
} from './index.js'

// biome-ignore lint/suspicious/noExplicitAny: fixtures are JSON
type Json = any

const fixture: Json = JSON.parse(
  readFileSync(new URL('./fixtures/splitters.json', import.meta.url), 'utf8'),
)

const made = (name: string, params?: object): Splitter =>
  new (splitterClasses[name as 'KFold'] as new (given?: object) => Splitter)(params)
const listed = (rows: Uint32Array) => Array.from(rows)

describe('without shuffling, the folds of scikit-learn', () => {
  test.each(
    fixture.cases.map((c: Json): [string, Json] => [
      `${c.splitter} ${JSON.stringify(c.params)}, ${c.data}`,
      c,
    ]) as [string, Json][],
  )('%s', (_, c: Json) => {
    const { rows, y, groups } = fixture.data[c.data]
    const splitter = made(c.splitter, c.params)
    const folds = splitter.split(rows, y, groups)
    expect(folds.map(fold => listed(fold.test))).toEqual(c.folds.map((f: Json) => f.test))
    expect(splitter.count(rows, y, groups)).toBe(folds.length)
    folds.forEach((fold, i) => {
      const rest = Array.from({ length: rows }, (_, row) => row).filter(
        row => !c.folds[i].test.includes(row),
      )
      expect(listed(fold.train)).toEqual(c.folds[i].train ?? rest)
    })
    // Texts in the order of the numbers.
    const names = (labels: number[]) => labels.map(label => `label ${label + 5000}`)
    const named = splitter.split(rows, names(y), names(groups))
    expect(named.map(fold => listed(fold.test))).toEqual(c.folds.map((f: Json) => f.test))
  })
})

const rows = 120
const y = Array.from({ length: rows }, (_, i) => (i % 10 < 6 ? 'a' : i % 10 < 9 ? 'b' : 'c'))
const groups = Int32Array.from({ length: rows }, (_, i) => (i * 7) % 17)

/** Rows of each class in the test part. */
const shares = ({ test: rowIds }: Fold) => {
  const counts: Record<string, number> = { a: 0, b: 0, c: 0 }
  for (const row of rowIds) counts[y[row]]++
  return counts
}
const tested = (folds: readonly Fold[]) =>
  folds.flatMap(fold => listed(fold.test)).sort((a, b) => a - b)
const all = Array.from({ length: rows }, (_, i) => i)

const shuffled: [string, (seed: number) => Splitter][] = [
  ['KFold', randomState => new KFold({ shuffle: true, randomState })],
  ['StratifiedKFold', randomState => new StratifiedKFold({ shuffle: true, randomState })],
  ['GroupKFold', randomState => new GroupKFold({ shuffle: true, randomState })],
  ['StratifiedGroupKFold', randomState => new StratifiedGroupKFold({ shuffle: true, randomState })],
  ['RepeatedKFold', randomState => new RepeatedKFold({ nRepeats: 2, randomState })],
  [
    'RepeatedStratifiedKFold',
    randomState => new RepeatedStratifiedKFold({ nRepeats: 2, randomState }),
  ],
  ['ShuffleSplit', randomState => new ShuffleSplit({ randomState })],
  ['GroupShuffleSplit', randomState => new GroupShuffleSplit({ randomState })],
  ['StratifiedShuffleSplit', randomState => new StratifiedShuffleSplit({ randomState })],
]

describe('shuffled', () => {
  test.each(shuffled)('%s: by the seed, no row on both sides, as often as counted', (_, make) => {
    const folds = (seed: number) => make(seed).split(rows, y, groups)
    const first = folds(3)
    expect(folds(3)).toEqual(first)
    expect(folds(4)).not.toEqual(first)
    const splitter = make(3)
    splitter.split(rows, y, groups)
    expect(splitter.split(rows, y, groups)).toEqual(first)
    expect(first.length).toBe(splitter.count(rows, y, groups))
    for (const { train, test: rowIds } of first) {
      const trained = new Set(train)
      expect(rowIds.length).toBeGreaterThan(0)
      expect(new Set(rowIds).size).toBe(rowIds.length)
      expect(trained.size).toBe(train.length)
      expect(listed(rowIds).some(row => trained.has(row))).toBe(false)
      expect([...trained, ...rowIds].every(row => row >= 0 && row < rows)).toBe(true)
    }
  })

  test.each(shuffled.filter(([name]) => name.endsWith('KFold') && !name.startsWith('Repeated')))(
    '%s: each row is tested once, and all others train',
    (_, make) => {
      const folds = make(1).split(rows, y, groups)
      expect(tested(folds)).toEqual(all)
      for (const fold of folds) expect(fold.train.length + fold.test.length).toBe(rows)
    },
  )

  test.each(shuffled.filter(([name]) => name.startsWith('Repeated')))(
    '%s: each row is tested once in each repeat, which differ',
    (_, make) => {
      const folds = make(1).split(rows, y)
      const [first, second] = [folds.slice(0, 5), folds.slice(5)]
      expect(tested(first)).toEqual(all)
      expect(tested(second)).toEqual(all)
      expect(first).not.toEqual(second)
    },
  )

  test.each(['StratifiedKFold', 'RepeatedStratifiedKFold', 'StratifiedShuffleSplit'])(
    '%s keeps the shares of the classes',
    name => {
      const make = shuffled.find(([one]) => one === name)?.[1] as (seed: number) => Splitter
      for (const fold of make(2).split(rows, y)) {
        const { a, b, c } = shares(fold)
        const size = fold.test.length
        expect(Math.abs(a - 0.6 * size)).toBeLessThanOrEqual(1)
        expect(Math.abs(b - 0.3 * size)).toBeLessThanOrEqual(1)
        expect(Math.abs(c - 0.1 * size)).toBeLessThanOrEqual(1)
      }
    },
  )

  test.each(['GroupKFold', 'StratifiedGroupKFold', 'GroupShuffleSplit'])(
    '%s divides no group',
    name => {
      const make = shuffled.find(([one]) => one === name)?.[1] as (seed: number) => Splitter
      for (const fold of make(2).split(rows, y, groups)) {
        const trained = new Set(Array.from(fold.train, row => groups[row]))
        expect(listed(fold.test).some(row => trained.has(groups[row]))).toBe(false)
      }
    },
  )

  test('every row is as likely to be tested', () => {
    const counts = new Float64Array(20)
    for (const fold of new ShuffleSplit({ nSplits: 2000, testSize: 0.25 }).split(20))
      for (const row of fold.test) counts[row]++
    for (const count of counts) {
      expect(count).toBeGreaterThan(420)
      expect(count).toBeLessThan(580)
    }
  })

  test('shuffled KFold of another seed cuts rows otherwise than by their order', () => {
    const [first] = new KFold({ shuffle: true }).split(rows)
    expect(listed(first.test)).not.toEqual(all.slice(0, 24))
    expect(listed(first.test)).toEqual(listed(first.test).sort((a, b) => a - b))
  })
})

test('folds of single rows take no quadratic memory', () => {
  const folds = new LeaveOneOut().split(100_000)
  expect(folds.length).toBe(100_000)
  expect(folds[77_777].train.length).toBe(99_999)
  expect(listed(folds[77_777].test)).toEqual([77_777])
})

test('a class of fewer rows than folds is missing in some', () => {
  const rare: Labels = [...new Array(12).fill(0), 1, 1]
  const folds = new StratifiedKFold({ nSplits: 4 }).split(14, rare)
  expect(folds.map(fold => listed(fold.test).filter(row => rare[row] === 1).length)).toEqual([
    1, 1, 0, 0,
  ])
})

test.each(Object.keys(splitterClasses))('%s comes back from JSON', name => {
  const params: Record<string, object> = {
    LeavePOut: { p: 2 },
    LeavePGroupsOut: { nGroups: 3 },
    PredefinedSplit: { testFold: Int32Array.of(0, 1, -1) },
    KFold: { nSplits: 3, shuffle: true, randomState: 4 },
    ShuffleSplit: { testSize: 0.3 },
  }
  const splitter = made(name, params[name])
  const again = splitterFromJSON(JSON.parse(JSON.stringify(splitter)))
  expect(again).toBeInstanceOf(splitterClasses[name as 'KFold'])
  expect(JSON.stringify(again)).toBe(JSON.stringify(splitter))
  expect(again.count(3, [0, 1, 1], [0, 1, 2])).toBe(splitter.count(3, [0, 1, 1], [0, 1, 2]))
})

describe('bad input', () => {
  const three = [0, 1, 2]
  test.each<[string, string, RegExp, () => unknown]>([
    ['one fold', 'ARGUMENT', /nSplits/, () => new KFold({ nSplits: 1 })],
    ['an unknown parameter', 'ARGUMENT', /nSplits/, () => new KFold({ nSplit: 2 } as never)],
    ['more folds than rows', 'ARGUMENT', /LeaveOneOut/, () => new KFold().split(4)],
    ['no rows', 'DATA', /at least one row/, () => new KFold().split(0)],
    ['rows that are no number', 'ARGUMENT', /number of rows/, () => new KFold().split(2.5)],
    ['an array of rows', 'ARGUMENT', /number of rows/, () => new KFold().split([1, 2] as never)],
    ['a seed without shuffle', 'ARGUMENT', /shuffle: true/, () => new KFold({ randomState: 1 })],
    ['no y', 'ARGUMENT', /y, the class/, () => new StratifiedKFold().split(9)],
    ['y too short', 'SHAPE', /9 values in y/, () => new StratifiedKFold().split(9, three)],
    ['NaN in y', 'DATA', /NaN at row 1/, () => new StratifiedKFold().split(5, [0, NaN, 1, 1, 0])],
    [
      'classes of too few rows',
      'ARGUMENT',
      /at most 2 rows of a class.*Lower nSplits/,
      () => new StratifiedKFold({ nSplits: 3 }).split(4, [0, 0, 1, 1]),
    ],
    [
      'a target that is a number',
      'ARGUMENT',
      /choose KFold/,
      () => new StratifiedKFold({ nSplits: 2 }).split(4, [0.1, 0.2, 0.3, 0.4]),
    ],
    ['no groups', 'ARGUMENT', /groups, the group/, () => new GroupKFold().split(9)],
    [
      'fewer groups than folds',
      'ARGUMENT',
      /groups \(2\)/,
      () => new GroupKFold({ nSplits: 3 }).split(3, undefined, [1, 1, 2]),
    ],
    [
      'fewer groups than folds, stratified',
      'ARGUMENT',
      /groups \(2\)/,
      () => new StratifiedGroupKFold({ nSplits: 3 }).split(4, [0, 0, 0, 1], [1, 1, 2, 2]),
    ],
    [
      'too few rows in time',
      'ARGUMENT',
      /rows for 5 folds, received 5/,
      () => new TimeSeriesSplit().split(5),
    ],
    [
      'a gap as long as time',
      'ARGUMENT',
      /gap/,
      () => new TimeSeriesSplit({ nSplits: 2, gap: 4 }).split(6),
    ],
    ['a size of all rows', 'ARGUMENT', /below/, () => new ShuffleSplit({ testSize: 5 }).split(5)],
    ['a size of 1.5', 'ARGUMENT', /share/, () => new ShuffleSplit({ testSize: 1.5 })],
    [
      'sizes of more than all rows',
      'ARGUMENT',
      /at most 10/,
      () => new ShuffleSplit({ testSize: 0.6, trainSize: 0.6 }).split(10),
    ],
    [
      'nothing left to train on',
      'ARGUMENT',
      /Lower testSize/,
      () => new ShuffleSplit({ testSize: 0.95 }).split(3),
    ],
    [
      'a class of one row',
      'ARGUMENT',
      /two rows or more of each class/,
      () => new StratifiedShuffleSplit().split(5, [0, 0, 0, 0, 1]),
    ],
    [
      'fewer tested rows than classes',
      'ARGUMENT',
      /3 rows to test.*Raise testSize/,
      () => new StratifiedShuffleSplit({ testSize: 2 }).split(6, [...three, ...three]),
    ],
    ['one row left out', 'ARGUMENT', /two rows/, () => new LeaveOneOut().split(1)],
    ['all rows left out', 'ARGUMENT', /more than 3 rows/, () => new LeavePOut({ p: 3 }).split(3)],
    ['no p', 'ARGUMENT', /p, a whole number/, () => new LeavePOut({})],
    [
      'folds beyond all memory',
      'MEMORY',
      /KFold or ShuffleSplit/,
      () => new LeavePOut({ p: 20 }).split(100),
    ],
    [
      'one group',
      'ARGUMENT',
      /more than 1 groups/,
      () => new LeaveOneGroupOut().split(3, undefined, ['x', 'x', 'x']),
    ],
    [
      'as many groups as left out',
      'ARGUMENT',
      /more than 3 groups/,
      () => new LeavePGroupsOut({ nGroups: 3 }).split(3, undefined, three),
    ],
    ['no row tested', 'ARGUMENT', /rows to test/, () => new PredefinedSplit({ testFold: [-1] })],
    ['a fold of -2', 'ARGUMENT', /-1 or more/, () => new PredefinedSplit({ testFold: [-2] })],
    [
      'another number of rows',
      'SHAPE',
      /3 rows/,
      () => new PredefinedSplit({ testFold: three }).split(4),
    ],
    ['a count of unknown rows', 'ARGUMENT', /number of rows/, () => new LeaveOneOut().count()],
    ['JSON of no splitter', 'FORMAT', /KFold/, () => splitterFromJSON({ splitter: 'KFolds' })],
    ['JSON of nothing', 'FORMAT', /something else/, () => splitterFromJSON(null)],
  ])('%s is an error', (_, code, message, run) => {
    expect(run).toThrow(message)
    expect(run).toThrow(AthanorError)
    expect(run).toThrow(expect.objectContaining({ code }))
  })
})
