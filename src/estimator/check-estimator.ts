// The estimator contract, run: whatever is called an estimator goes through this, nets included (the
// idea is scikit-learn's check_estimator).

import { AthanorError, type ErrorCode } from '../base/errors.js'
import type { Classifier, Estimator, Tags } from './contract.js'
import type { Matrix } from './matrix.js'

export interface CheckedEstimator {
  /** A new estimator, the same at every call. */
  make(): Estimator
  fromJSON(json: unknown): Estimator
  /** Whether it looks at the features; dummies don't. */
  readonly usesFeatures?: boolean
}

/**
 * What is wrong with it, one sentence each; nothing when it keeps the contract.
 *
 * @example
 * ```ts
 * await checkEstimator({ make: () => new Ridge(), fromJSON: Ridge.fromJSON }) // []
 * ```
 */
export async function checkEstimator(subject: CheckedEstimator): Promise<string[]> {
  const found: string[] = []
  for (const [name, check] of Object.entries(checks)) {
    try {
      const wrong = await check(subject)
      if (wrong !== undefined) found.push(`${name}: ${wrong}`)
    } catch (error) {
      found.push(`${name}: threw ${error}`)
    }
  }
  return found
}

const rows = [
  [0, 1],
  [1, 0],
  [2, 1],
  [3, 3],
  [-1, 2],
  [4, 0],
]
const targets = [0, 0, 1, 1, 0, 1]
const matrix: Matrix = { x: Float32Array.from(rows.flat()), rows: rows.length, width: 2 }

type Check = (subject: CheckedEstimator) => Promise<string | undefined>

const checks: Record<string, Check> = {
  async 'before fit'({ make }) {
    const model = make()
    if (model.isFitted) return 'isFitted is true'
    return wrongError('predict', () => model.predict(rows), 'STATE')
  },

  async 'fit returns the estimator'({ make }) {
    const model = make()
    if ((await model.fit(rows, targets)) !== model) return 'it returned something else'
    return model.isFitted ? undefined : 'isFitted is false after it'
  },

  async 'fit leaves parameters and data alone'({ make }) {
    const model = make()
    const before = JSON.stringify([model.params, rows, targets])
    await model.fit(rows, targets)
    return JSON.stringify([model.params, rows, targets]) === before ? undefined : 'they changed'
  },

  async 'one prediction a row'({ make }) {
    const predictions = await (await make().fit(rows, targets)).predict(rows)
    if (predictions.length !== rows.length) return `${predictions.length} for ${rows.length} rows`
    return allFinite(predictions) ? undefined : 'not finite'
  },

  async 'fit again forgets'({ make }) {
    const model = make()
    const flipped = targets.map(y => 1 - y)
    await model.fit(rows, flipped)
    await model.fit(rows, targets)
    const fresh = await make().fit(rows, targets)
    return differs(await model.predict(rows), await fresh.predict(rows))
  },

  async 'a float32 matrix gives the same'({ make }) {
    const a = await (await make().fit(rows, targets)).predict(rows)
    const b = await (await make().fit(matrix, targets)).predict(matrix)
    return differs(a, b)
  },

  async 'score is a number of at most 1'({ make }) {
    const score = await (await make().fit(rows, targets)).score(rows, targets)
    return score <= 1 ? undefined : `it is ${score}`
  },

  async 'clone has learned nothing'({ make }) {
    const model = await make().fit(rows, targets)
    const clone = model.clone()
    if (clone.isFitted) return 'it has'
    if (JSON.stringify(clone.params) !== JSON.stringify(model.params)) return 'other parameters'
    return differs(await (await clone.fit(rows, targets)).predict(rows), await model.predict(rows))
  },

  async 'saved and read'({ make, fromJSON }) {
    const model = make()
    if (fromJSON(roundTrip(model)).isFitted) return 'learned before fit'
    await model.fit(rows, targets)
    const again = fromJSON(roundTrip(model))
    if (JSON.stringify(again) !== JSON.stringify(model)) return 'saved again, it differs'
    return differs(await again.predict(rows), await model.predict(rows))
  },

  async 'hostile JSON is refused'({ make, fromJSON }) {
    const good = roundTrip(await make().fit(rows, targets)) as Record<string, unknown>
    const text = JSON.stringify(good)
    const bad: unknown[] = [
      null,
      [],
      {},
      { ...good, estimator: 'Other' },
      { ...good, version: 1e9 },
      { ...good, extra: 1 },
      { ...good, params: { ...(good.params as object), extra: 1 } },
      { ...good, state: 5 },
      JSON.parse(text.replace('"state"', '"__proto__"')),
    ]
    for (const json of bad) {
      const wrong = await wrongError(JSON.stringify(json), () => fromJSON(json), 'FORMAT')
      if (wrong !== undefined) return wrong
    }
    return undefined
  },

  async 'what it cannot use is refused'({ make, usesFeatures = true }) {
    const cases: [string, unknown, unknown, ErrorCode][] = [
      ['no rows', [], [], 'DATA'],
      ['no features', [[]], [1], 'DATA'],
      ['NaN', [[Number.NaN, 0], ...rows.slice(1)], targets, 'DATA'],
      ['infinity', [[Infinity, 0], ...rows.slice(1)], targets, 'DATA'],
      ['a target of NaN', rows, [Number.NaN, ...targets.slice(1)], 'DATA'],
      ['targets too few', rows, targets.slice(1), 'SHAPE'],
      ['ragged rows', [[1], ...rows.slice(1)], targets, 'SHAPE'],
    ]
    const { tags } = make() as Partial<{ tags: Tags }>
    for (const [what, x, y, code] of cases) {
      if (what === 'NaN' && tags?.allowNaN === true) continue
      const wrong = await wrongError(what, () => make().fit(x as never, y as never), code)
      if (wrong !== undefined) return wrong
    }
    if (!usesFeatures) return undefined
    const model = await make().fit(rows, targets)
    return wrongError('features of another width', () => model.predict([[1]]), 'SHAPE')
  },

  async 'fit refuses options that it does not know'({ make }) {
    const options = { sampleWeights: targets.map(() => 1) }
    return wrongError(
      'sampleWeights',
      () => make().fit(rows, targets, options as never),
      'ARGUMENT',
    )
  },

  async probabilities({ make }) {
    const model = make() as Classifier
    if (model.estimatorType !== 'classifier' || model.predictProba === undefined) return undefined
    await model.fit(rows, targets)
    if (model.classes.join() !== '0,1') return `classes are ${model.classes}`
    const p = await model.predictProba(rows)
    if (p.length !== 2 * rows.length) return `${p.length} of them for ${rows.length} rows`
    for (let i = 0; i < rows.length; i++)
      if (Math.abs(p[2 * i] + p[2 * i + 1] - 1) > 1e-6) return `row ${i} doesn't sum to 1`
    await model.fit(rows, targets, { classes: [0, 1, 7] })
    const three = await model.predictProba(rows)
    return three.length === 3 * rows.length ? undefined : 'a class without rows has no column'
  },
}

async function wrongError(
  what: string,
  run: () => unknown,
  code: ErrorCode,
): Promise<string | undefined> {
  try {
    await run()
  } catch (error) {
    if (error instanceof AthanorError && error.code === code) return undefined
    return `${what}: expected an error ${code}, received ${error}`
  }
  return `${what}: expected an error ${code}, received none`
}

function roundTrip(model: Estimator): unknown {
  return JSON.parse(JSON.stringify(model))
}

function differs(a: ArrayLike<unknown>, b: ArrayLike<unknown>): string | undefined {
  if (a.length !== b.length) return 'predictions differ in number'
  for (let i = 0; i < a.length; i++)
    if (a[i] !== b[i]) return `predictions differ at row ${i}: ${a[i]} and ${b[i]}`
  return undefined
}

function allFinite(values: ArrayLike<unknown>): boolean {
  return Array.from(values).every(Number.isFinite)
}
