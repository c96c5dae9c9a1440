// What a net on texts is held against: a dummy, and logistic regression on TF-IDF.

import { DummyClassifier } from '../../classic/dummy/dummy-classifier.js'
import { LogisticRegression } from '../../classic/linear/logistic-regression.js'
import { TfidfVectorizer } from '../../classic/text/tfidf-vectorizer.js'
import { cellText, isMissing } from '../../data/column.js'
import { sampleOf } from '../baselines.js'
import { type Answers, measure } from '../evaluation.js'
import type { PreparedData } from '../prepare-data.js'
import type { MetricValues } from '../report/report-data.js'

/** Training rows that the linear model sees at most. */
const mostRows = 20_000

/** Words and pairs of words; where texts have no spaces, runs of one to four characters. */
function vectorizerFor(texts: readonly string[]): TfidfVectorizer {
  const sample = texts.slice(0, 200).join('')
  const unspaced = sample.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu,
  )
  if ((unspaced?.length ?? 0) > sample.length / 4)
    return new TfidfVectorizer({ analyzer: 'char', ngramRange: [1, 3], sublinearTf: true })
  return new TfidfVectorizer({ ngramRange: [1, 2], sublinearTf: true })
}

/** Metrics on the test split. */
export async function textBaselines(
  data: PreparedData,
  column: string,
): Promise<Record<'dummy' | 'linear', MetricValues>> {
  const { encoder, sample, split, target } = data
  const { table } = sample
  const cells = table.column(column)
  const textsOf = (rows: Uint32Array) =>
    Array.from(rows, row => (isMissing(cells, row) ? '' : cellText(cells, row)))
  const rows = sampleOf(split.train, mostRows)
  const truth = encoder.encode(table.column(target), rows)
  const classes = encoder.classes.map((_, i) => i)
  const answer = (probabilities: Float64Array): Answers => ({
    task: 'classification',
    classes: classes.length,
    truth: encoder.encode(table.column(target), split.test) as Int32Array,
    probabilities,
  })
  const blank = (count: number) => ({ x: new Float32Array(count), rows: count, width: 1 })
  const dummy = await new DummyClassifier().fit(blank(rows.length), truth, { classes })
  const guessed = measure(answer(await dummy.predictProba(blank(split.test.length))))
  try {
    const texts = textsOf(rows)
    const vectorizer = vectorizerFor(texts)
    const x = await vectorizer.fitTransform(texts)
    const linear = await new LogisticRegression({ C: 10 }).fit(x, truth, { classes })
    const test = await vectorizer.transform(textsOf(split.test))
    return { dummy: guessed, linear: measure(answer(await linear.predictProba(test))) }
  } catch {
    // Texts without a single word: there is no such model.
    return { dummy: guessed, linear: {} }
  }
}
