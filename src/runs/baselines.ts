// What the model is held against: a dummy that ignores the columns, and a linear model over the same.

import { DummyClassifier } from '../estimator/baseline/dummy-classifier.js'
import { DummyRegressor } from '../estimator/baseline/dummy-regressor.js'
import { LogisticRegression } from '../estimator/baseline/logistic-regression.js'
import { Ridge } from '../estimator/baseline/ridge.js'
import { type Answers, measure } from './evaluation.js'
import type { PreparedData } from './prepare-data.js'
import type { MetricValues } from './report/report-data.js'

/** Multiplications that a linear baseline may take: about ten seconds. */
const mostWork = 4e9
const iterations = 100

/** Metrics on the test split; the linear model sees a sample where there are too many rows. */
export function measureBaselines(data: PreparedData): Record<'dummy' | 'linear', MetricValues> {
  const { encoder, table, split, target } = data
  const column = table.column(target)
  const plain = data.preprocessor.plain()
  const classes = Math.max(1, encoder.classes.length)
  const work =
    data.task === 'classification'
      ? plain.width * (classes === 2 ? 1 : classes) * iterations * 2
      : plain.width * Math.min(plain.width, 200)
  const rows = sampleOf(split.train, Math.max(1000, Math.floor(mostWork / Math.max(1, work))))
  const train = plain.transform(table, rows)
  const test = plain.transform(table, split.test)
  const blank = (length: number) => ({ x: new Float32Array(length), rows: length, width: 1 })
  const truth = encoder.encode(column, rows)
  if (data.task === 'classification') {
    const all = Array.from({ length: classes }, (_, i) => i)
    const answer = (probabilities: Float32Array | Float64Array): Answers => ({
      task: 'classification',
      classes,
      truth: encoder.encode(column, split.test) as Int32Array,
      probabilities,
    })
    const dummy = new DummyClassifier().fit(blank(rows.length), truth, { classes: all })
    const linear = new LogisticRegression({ maxIter: iterations }).fit(train, truth, {
      classes: all,
    })
    return {
      dummy: measure(answer(dummy.predictProba(blank(test.rows)))),
      linear: measure(answer(linear.predictProba(test))),
    }
  }
  const numbers = encoder.numbers(column, split.test)
  const answer = (predicted: ArrayLike<number>): Answers => ({
    task: 'regression',
    truth: numbers,
    predicted: Float64Array.from(encoder.decode(predicted), Number),
  })
  const dummy = new DummyRegressor().fit(blank(rows.length), truth)
  const linear = new Ridge().fit(train, truth)
  return {
    dummy: measure(answer(dummy.predict(blank(test.rows)))),
    linear: measure(answer(linear.predict(test))),
  }
}

/** At most `most` of the rows, evenly spread. */
export function sampleOf(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows
  const step = rows.length / most
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor(i * step)])
}
