// Naive Bayes against scikit-learn; parts of the data, sparse features, edges.

import { describe, expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { casesOf, type Json, near } from '../testing/oracle.js'
import { tableNamed } from '../testing/tables.js'
import { BernoulliNB, ComplementNB, GaussianNB, MultinomialNB } from './index.js'

const classes = { BernoulliNB, ComplementNB, GaussianNB, MultinomialNB }
const cases = casesOf(new URL('./fixtures/naive-bayes.json', import.meta.url))

function dataOf(c: Json) {
  const { x, y } = tableNamed(c.table)
  return { x: c.absolute ? x.map(row => row.map(Math.abs)) : x, y }
}

const sparseOf = (x: number[][]) =>
  SparseMatrix.fromDense({ x: x.flat(), rows: x.length, width: x[0].length })

describe('against scikit-learn', () => {
  test.each(
    cases.map(c => [`${c.estimator} ${c.table} ${JSON.stringify(c.params)} ${c.parts ?? ''}`, c]),
  )('%s', async (_, c: Json) => {
    const { x, y } = dataOf(c)
    const model = new classes[c.estimator as keyof typeof classes](c.params)
    const named = [...new Set(y)].sort((a, b) => a - b)
    const weights = c.sampleWeight ?? undefined
    if (c.parts === null) await model.fit(x, y, { sampleWeight: weights })
    else
      for (const [i, begin] of [0, ...c.parts].entries()) {
        const end = c.parts[i] ?? y.length
        await model.partialFit(x.slice(begin, end), y.slice(begin, end), {
          sampleWeight: weights?.slice(begin, end),
          ...(i === 0 ? { classes: named } : {}),
        })
      }
    for (const [name, values] of Object.entries<Json>(c.values))
      near((model as Json)[name], values.flat(), 1e-8, name)
    const rows = c.rows.map((row: number) => x[row])
    near(await model.predictJointLogProba(rows), c.joint.flat(), 1e-8, 'joint')
    near(await model.predictProba(rows), c.probabilities.flat(), 1e-8, 'probabilities')
    expect(Array.from(await model.predict(x))).toEqual(c.labels)
    expect(await model.score(x, y)).toBeCloseTo(c.score, 12)
    if (model instanceof GaussianNB || c.parts !== null) return
    const sparse = new classes[c.estimator as 'MultinomialNB'](c.params)
    await sparse.fit(sparseOf(x), y, { sampleWeight: weights })
    near(await sparse.predictProba(sparseOf(rows)), c.probabilities.flat(), 1e-8, 'sparse')
  })
})

describe.each(Object.entries(classes))('%s', (_, Class) => {
  test('keeps the contract', async () => {
    expect(await checkEstimator(Class)).toEqual([])
  })

  test('a class that comes later, and one that never does', async () => {
    const model = new Class()
    const x = [
      [1, 0],
      [0, 1],
      [2, 0],
      [0, 3],
    ]
    await model.partialFit(x.slice(0, 1), ['a'], { classes: ['a', 'b', 'c'] })
    await model.partialFit(x.slice(1), ['b', 'a', 'b'])
    const whole = await new Class().fit(x, ['a', 'b', 'a', 'b'], { classes: ['a', 'b', 'c'] })
    near(await model.predictProba(x), Array.from(await whole.predictProba(x)), 1e-9)
    expect(await model.predict(x)).toEqual(['a', 'b', 'a', 'b'])
    expect([...(await model.predictProba(x))].filter((_, i) => i % 3 === 2)).toEqual([0, 0, 0, 0])
    // After a fit that lacked a class, that class may still come.
    await whole.partialFit([[9, 9]], ['c'])
    expect(Array.from(whole.classCount)).toEqual([2, 2, 1])
    await expect(model.partialFit([[1, 1]], ['d'])).rejects.toMatchObject({ code: 'ARGUMENT' })
    await expect(model.partialFit([[1]], ['a'])).rejects.toMatchObject({ code: 'SHAPE' })
    await expect(model.partialFit([{ q: 1, r: 2 }], ['a'])).resolves.toBe(model)
  })

  test('other columns than before are refused', async () => {
    const rows = [
      { u: 1, v: 0 },
      { u: 0, v: 1 },
    ]
    const model = await new Class().fit(rows, [0, 1])
    await expect(model.partialFit([{ v: 1, u: 0 }], [0])).rejects.toMatchObject({ code: 'DATA' })
  })
})

test('what cannot be learned from is refused', async () => {
  const x = [
    [0, 1],
    [1, 0],
  ]
  await expect(
    new MultinomialNB().fit(
      [
        [-1, 1],
        [1, 0],
      ],
      [0, 1],
    ),
  ).rejects.toThrow(/counts/)
  await expect(new MultinomialNB({ classPrior: [1] }).fit(x, [0, 1])).rejects.toThrow(/classPrior/)
  await expect(new GaussianNB({ priors: [0.5, 0.4] }).fit(x, [0, 1])).rejects.toThrow(/sum to 1/)
  await expect(new GaussianNB({ varSmoothing: 0 }).fit(x, [0, 1])).rejects.toThrow(/varSmoothing/)
  await expect(
    new BernoulliNB({ binarize: null as never }).fit(
      [
        [2, 1],
        [0, 1],
      ],
      [0, 1],
    ),
  ).rejects.toThrow(/0 or 1/)
  await expect(new BernoulliNB({ binarize: -1 }).fit(sparseOf(x), [0, 1])).rejects.toThrow(/sparse/)
})

test('a feature that nothing is known of, and rows far away', async () => {
  const gaussian = await new GaussianNB().fit(
    [
      [0, 1],
      [1, 1],
      [5, 1],
      [6, 1],
    ],
    [0, 0, 1, 1],
  )
  const p = await gaussian.predictProba([
    [1e200, 1],
    [-1e200, 1],
    [0.5, 1e9],
  ])
  expect(p.every(Number.isFinite)).toBe(true)
})
