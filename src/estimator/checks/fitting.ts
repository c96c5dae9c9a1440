// Checks of constructing, fitting, forgetting, cloning, repeating and stopping.

import type { ParameterTable } from '../../base/parameters.js'
import { answersOf, callFirst, differs, fitted, type Subject, wrongError } from './subject.js'

export const fittingChecks = {
  async 'parameters are checked'(subject: Subject) {
    const model = subject.make()
    const { parameters } = (model as unknown as { definition?: { parameters?: ParameterTable } })
      .definition ?? { parameters: undefined }
    if (parameters === undefined) return undefined
    const Class = model.constructor as new (params: object) => unknown
    const given = (name: string, value: unknown) => new Class({ ...model.params, [name]: value })
    for (const [name, { bad }] of Object.entries(parameters))
      for (const value of bad) {
        const wrong = await wrongError(
          `${name} of ${String(value)}`,
          () => given(name, value),
          'ARGUMENT',
        )
        if (wrong !== undefined) return wrong
      }
    return wrongError('an unknown parameter', () => given('nonsense', 1), 'ARGUMENT')
  },

  async 'before fit'(subject: Subject) {
    const model = subject.make()
    if (model.isFitted) return 'isFitted is true'
    return wrongError('an answer', () => callFirst(model, subject.data.rows), 'STATE')
  },

  async 'fit returns the estimator'(subject: Subject) {
    const model = subject.make()
    if ((await model.fit(subject.data.rows, subject.data.y)) !== model)
      return 'it returned something else'
    return model.isFitted ? undefined : 'isFitted is false after it'
  },

  async 'fit leaves parameters and data alone'(subject: Subject) {
    const model = subject.make()
    const { rows, y } = subject.data
    const seen = () => JSON.stringify([model.params, rows, y])
    const before = seen()
    await model.fit(rows, y)
    return seen() === before ? undefined : 'they changed'
  },

  async 'fit again forgets'(subject: Subject) {
    const { rows, y, flipped } = subject.data
    const model = subject.make()
    await model.fit(
      [...rows].reverse().slice(3),
      flipped === undefined ? undefined : [...flipped].slice(3),
    )
    await model.fit(rows, y)
    return differs(await answersOf(model, rows), await answersOf(await fitted(subject), rows))
  },

  async 'a fit that fails leaves what was learned'(subject: Subject) {
    const { rows, y } = subject.data
    const model = await fitted(subject)
    const before = await answersOf(model, rows)
    try {
      await model.fit([], y === undefined ? undefined : [])
      return 'fit of no rows did not fail'
    } catch {
      return differs(await answersOf(model, rows), before)
    }
  },

  async 'the same again'(subject: Subject) {
    const { rows } = subject.data
    const [a, b] = [await fitted(subject), await fitted(subject)]
    if (JSON.stringify(a) !== JSON.stringify(b)) return 'two fits of the same data differ'
    return differs(await answersOf(a, rows), await answersOf(b, rows))
  },

  async 'clone has learned nothing'(subject: Subject) {
    const { rows, y } = subject.data
    const model = await fitted(subject)
    const clone = model.clone()
    if (clone.isFitted) return 'it has'
    if (JSON.stringify(clone.toJSON().params) !== JSON.stringify(model.toJSON().params))
      return 'other parameters'
    await clone.fit(rows, y)
    return differs(await answersOf(clone, rows), await answersOf(model, rows))
  },

  async 'an abort signal stops it'(subject: Subject) {
    const { rows, y } = subject.data
    const model = subject.make()
    const wrong = await wrongError(
      'fit',
      () => model.fit(rows, y, { signal: AbortSignal.abort() }),
      'INTERRUPTED',
    )
    if (wrong !== undefined) return wrong
    return model.isFitted ? 'it has learned all the same' : undefined
  },

  async 'progress goes from 0 to 1'(subject: Subject) {
    const { rows, y } = subject.data
    let last = 0
    let wrong: string | undefined
    await subject.make().fit(rows, y, {
      onProgress: ({ fraction }) => {
        if (!(fraction >= 0 && fraction <= 1)) wrong ??= `a fraction of ${fraction}`
        else if (fraction < last) wrong ??= `back from ${last} to ${fraction}`
        last = fraction
      },
    })
    return wrong
  },

  async 'fit refuses options that it does not know'(subject: Subject) {
    const { rows, y } = subject.data
    const options = { sampleWeights: rows.map(() => 1) }
    return wrongError(
      'sampleWeights',
      () => subject.make().fit(rows, y, options as never),
      'ARGUMENT',
    )
  },

  async weights(subject: Subject) {
    const { rows, y } = subject.data
    const fit = (sampleWeight: readonly number[]) => fitted(subject, {}, { sampleWeight })
    if (subject.tags.noSampleWeight === true)
      return wrongError('sampleWeight', () => fit(rows.map(() => 1)), 'ARGUMENT')
    for (const [what, weights, code] of [
      ['a weight too few', rows.slice(1).map(() => 1), 'SHAPE'],
      ['a weight below 0', rows.map((_, i) => (i === 0 ? -1 : 1)), 'ARGUMENT'],
      ['a weight of NaN', rows.map((_, i) => (i === 0 ? Number.NaN : 1)), 'ARGUMENT'],
      ['no weight', rows.map(() => 0), 'ARGUMENT'],
    ] as const) {
      const wrong = await wrongError(what, () => fit(weights), code)
      if (wrong !== undefined) return wrong
    }
    const ones = await answersOf(await fit(rows.map(() => 1)), rows)
    const none = await answersOf(await fitted(subject, { y }), rows)
    const wrong = differs(ones, none, 1e-6)
    return wrong === undefined ? undefined : `weights of 1: ${wrong}`
  },
} as const
