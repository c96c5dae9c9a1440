// What the model is held against: a dummy that ignores the columns, and a linear model over the same.

import { DummyClassifier } from '../classic/dummy/dummy-classifier.js'
import { DummyRegressor } from '../classic/dummy/dummy-regressor.js'
import { LogisticRegression } from '../classic/linear/logistic-regression.js'
import { Ridge } from '../classic/linear/ridge.js'
import type { FeatureMatrix } from '../features/feature-matrix.js'
import { type Answers, measure } from './evaluation.js'
import type { PreparedData } from './prepare-data.js'
import type { MetricValues } from './report/report-data.js'

/** Multiplications that a linear baseline may take: about ten seconds. */
const mostWork = 4e9
const iterations = 100

/** Metrics on the test split; the linear model sees a sample where there are too many rows. */
export async function measureBaselines(
  data: PreparedData,
): Promise<Record<'dummy' | 'linear', MetricValues>> {
  const { encoder, keys, sample, split, target } = data
  const column = sample.table.column(target)
  const plain = data.preprocessor.plain()
  const classes = Math.max(1, encoder.classes.length)
  const work =
    data.task === 'classification'
      ? plain.width * (classes === 2 ? 1 : classes) * iterations * 2
      : plain.width * Math.min(plain.width, 200)
  const most = Math.max(1000, Math.floor(mostWork / Math.max(1, work)))
  const rows = sampleOf(sample.split.train, most)
  const train = plain.transform(sample.table, rows)
  const truth = encoder.encode(column, rows)
  const testRows = split.test.length
  const names = plain.inputs.filter(input => input.used).map(input => input.name)
  /** A model's outputs for all test rows, which needn't be in memory together. */
  const onTest = async (width: number, predict: (x: FeatureMatrix) => Promise<Float64Array>) => {
    const outputs = new Float64Array(testRows * width)
    for await (const piece of data.store.pieces(split.test, names)) {
      const own = await predict(plain.transform(piece.table, piece.rowIds))
      for (let i = 0; i < piece.rows; i++)
        for (let c = 0; c < width; c++) outputs[piece.place(i) * width + c] = own[i * width + c]
    }
    return outputs
  }
  if (data.task === 'classification') {
    const all = Array.from({ length: classes }, (_, i) => i)
    const answer = (probabilities: Float64Array): Answers => ({
      task: 'classification',
      classes,
      truth: encoder.encode(keys.column(target), split.test) as Int32Array,
      probabilities,
    })
    const dummy =
      data.store.table === undefined
        ? await new DummyClassifier().fit(blank(classes), all, {
            sampleWeight: encoder.classCounts,
          })
        : await new DummyClassifier().fit(blank(rows.length), truth, { classes: all })
    const linear = await new LogisticRegression({ maxIter: iterations }).fit(train, truth, {
      classes: all,
    })
    return {
      dummy: measure(answer(await dummy.predictProba(blank(testRows)))),
      linear: measure(answer(await onTest(classes, x => linear.predictProba(x)))),
    }
  }
  const numbers = encoder.numbers(keys.column(target), split.test)
  const answer = (predicted: ArrayLike<number>): Answers => ({
    task: 'regression',
    truth: numbers,
    predicted: Float64Array.from(encoder.decode(predicted), Number),
  })
  // Scaled numbers have the mean 0 over all training rows.
  const dummy =
    data.store.table === undefined
      ? await new DummyRegressor().fit(blank(1), [0])
      : await new DummyRegressor().fit(blank(rows.length), truth)
  const linear = await new Ridge().fit(train, truth)
  return {
    dummy: measure(answer(await dummy.predict(blank(testRows)))),
    linear: measure(answer(await onTest(1, x => linear.predict(x)))),
  }
}

/** Rows of one column that says nothing. */
function blank(rows: number): FeatureMatrix {
  return { x: new Float32Array(rows), rows, width: 1 }
}

/** At most `most` of the rows, evenly spread. */
export function sampleOf(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows
  const step = rows.length / most
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor(i * step)])
}
