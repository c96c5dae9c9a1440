// Checks of what only one kind of estimator promises: probabilities, labels, scores, names, clusters.

import { answersOf, differs, fitted, type Subject, valuesOf, wrongError } from './subject.js'

export const kindChecks = {
  async 'score is a number of at most 1'(subject: Subject) {
    const { rows, y } = subject.data
    const model = await fitted(subject)
    if (model.score === undefined || y === undefined) return undefined
    if (subject.kind !== 'classifier' && subject.kind !== 'regressor') return undefined
    const score = await model.score(rows, y)
    if (!(typeof score === 'number' && score <= 1)) return `it is ${score}`
    return wrongError('targets too few', () => model.score?.(rows, y.slice(1)), 'SHAPE')
  },

  async probabilities(subject: Subject) {
    const { rows, y } = subject.data
    if (subject.kind !== 'classifier') return undefined
    const model = await fitted(subject)
    if (model.classes?.join() !== '0,1') return `classes are ${model.classes}`
    if (model.predictProba === undefined || model.hasProbabilities === false) return undefined
    const p = (await model.predictProba(rows)) as Float64Array
    if (p.length !== 2 * rows.length) return `${p.length} of them for ${rows.length} rows`
    for (let i = 0; i < rows.length; i++) {
      if (!(p[2 * i] >= 0 && p[2 * i + 1] >= 0)) return `below 0 in row ${i}`
      if (Math.abs(p[2 * i] + p[2 * i + 1] - 1) > 1e-6) return `row ${i} doesn't sum to 1`
    }
    const wider = await fitted(subject, { y }, { classes: [0, 1, 7] })
    const three = (await wider.predictProba?.(rows)) as Float64Array
    return three.length === 3 * rows.length ? undefined : 'a class without rows has no column'
  },

  async 'a class that was named and had no rows'(subject: Subject) {
    const { rows, y = [] } = subject.data
    if (subject.kind !== 'classifier') return undefined
    const spread = y.map(label => 2 * label)
    const model = await fitted(subject, { y: spread }, { classes: [0, 1, 2] })
    if (model.classes?.join() !== '0,1,2') return `classes are ${model.classes}`
    const plain = await answersOf(await fitted(subject), rows)
    return differs(
      await answersOf(model, rows),
      Array.from(plain, label => 2 * (label as number)),
    )
  },

  async 'labels of any kind'(subject: Subject) {
    const { rows, y } = subject.data
    if (subject.kind !== 'classifier' || y === undefined) return undefined
    const plain = Array.from(await answersOf(await fitted(subject), rows)) as number[]
    for (const [what, kinds] of [
      ['texts', ['no', 'yes']],
      ['booleans', [false, true]],
      ['other numbers', [-7.5, 1e9]],
    ] as const) {
      const model = await fitted(subject, { y: y.map(label => kinds[label]) })
      if (model.classes?.join() !== kinds.join()) return `${what}: classes are ${model.classes}`
      const wrong = differs(
        await answersOf(model, rows),
        plain.map(label => kinds[label]),
      )
      if (wrong !== undefined) return `${what}: ${wrong}`
    }
    const mixed = y.map((label, i) => (i === 0 ? 'no' : label))
    return wrongError('labels of two kinds', () => fitted(subject, { y: mixed }), 'DATA')
  },

  async 'three classes'(subject: Subject) {
    const { rows } = subject.data
    if (subject.kind !== 'classifier') return undefined
    const three = rows.map((_, i) => i % 3)
    const model = await fitted(subject, { y: three })
    const answers = await answersOf(model, rows)
    if (!Array.from(answers).every(label => [0, 1, 2].includes(label as number)))
      return 'a label that is none of the classes'
    if (model.predictProba === undefined || model.hasProbabilities === false) return undefined
    const p = (await model.predictProba(rows)) as Float64Array
    for (let i = 0; i < rows.length; i++) {
      const sum = p[3 * i] + p[3 * i + 1] + p[3 * i + 2]
      if (!(Math.abs(sum - 1) <= 1e-6)) return `row ${i} sums to ${sum}`
    }
    return undefined
  },

  async 'a transformer names what it gives'(subject: Subject) {
    const { rows, y } = subject.data
    if (subject.kind !== 'transformer') return undefined
    const model = await fitted(subject)
    const out = (await model.transform?.(rows)) as { rows: number; width: number }
    if (out.rows !== rows.length) return `${out.rows} rows of ${rows.length}`
    const named = model.featureNamesOut
    if (named === undefined || named.length !== out.width)
      return `${named?.length} names for ${out.width} features`
    if (new Set(named).size !== named.length) return 'a name twice'
    if (model.fitTransform === undefined || subject.tags.crossFits === true) return undefined
    const at = await subject.make().fitTransform?.(rows, y)
    const wrong = differs(valuesOf(at), valuesOf(out), 1e-9)
    return wrong === undefined ? undefined : `fitTransform: ${wrong}`
  },

  async clusters(subject: Subject) {
    const { rows } = subject.data
    if (subject.kind !== 'clusterer') return undefined
    const model = await fitted(subject)
    const { labels } = model
    if (labels?.length !== rows.length) return `${labels?.length} labels for ${rows.length} rows`
    if (!labels.every(label => Number.isInteger(label) && label >= -1)) return 'a label below -1'
    const again = (await subject.make().fitPredict?.(rows)) as Int32Array
    return differs(again, labels)
  },

  async 'outliers have a score below 0'(subject: Subject) {
    const { rows } = subject.data
    if (subject.kind !== 'outlierDetector') return undefined
    const model = await fitted(subject)
    const scores = (await model.decisionFunction?.(rows)) as Float64Array
    const said = (await model.predict?.(rows)) as Int32Array
    return differs(
      said,
      Array.from(scores, score => (score < 0 ? -1 : 1)),
    )
  },
} as const
