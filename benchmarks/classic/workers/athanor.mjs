// Our side of the classic jobs: loads the data once, then fits (or predicts) whenever it is told.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as classic from 'athanor/classic'
import { serve } from '../../workers/serve.mjs'

const [folder, width] = [process.argv[3], Number(process.argv[4])]

function read(name, type) {
  const bytes = readFileSync(path.join(folder, name))
  return new type(bytes.buffer, bytes.byteOffset, bytes.byteLength / type.BYTES_PER_ELEMENT)
}

/** A copy on its own, aligned buffer. */
const array = (name, type) => type.from(read(name, type))

function dense(part = '') {
  const x = array(`x${part}.f32`, Float32Array)
  return { x: { x, rows: x.length / width, width }, y: array(`y${part}.f64`, Float64Array) }
}

function auc(model) {
  const { x, y } = dense('-test')
  return model.predictProba(x).then(p =>
    classic.metrics.rocAuc(
      y,
      Float64Array.from(y, (_, i) => p[2 * i + 1]),
    ),
  )
}

async function accuracy(model) {
  const { x, y } = dense('-test')
  return model.score(x, y)
}

const boosted = (maxIter = 100) =>
  new classic.HistGradientBoostingClassifier({ maxIter, earlyStopping: false })

function rows(x, count) {
  return { x: x.x.subarray(0, count * width), rows: count, width }
}

/** `prepare` runs once; `run` is timed; `quality` judges its result. */
const jobs = {
  'boosting-1m': () => fitJob(() => boosted(), auc),
  'boosting-100k': () => fitJob(() => boosted(), auc),
  'boosting-regression-100k': () =>
    fitJob(
      () => new classic.HistGradientBoostingRegressor({ maxIter: 100, earlyStopping: false }),
      async model => {
        const { x, y } = dense('-test')
        return classic.metrics.rootMeanSquaredError(y, await model.predict(x))
      },
    ),
  'forest-100k': () =>
    fitJob(() => new classic.RandomForestClassifier({ nEstimators: 100 }), accuracy),
  'logistic-100k': () => fitJob(() => new classic.LogisticRegression(), accuracy),
  'logistic-text': () => {
    const y = array('y.f64', Float64Array)
    const x = new classic.SparseMatrix({
      rows: y.length,
      width,
      indptr: array('indptr.i32', Int32Array),
      indices: array('indices.i32', Int32Array),
      values: array('values.f64', Float64Array),
    })
    return {
      run: () => new classic.LogisticRegression().fit(x, y),
      quality: async model => classic.metrics.logLoss(y, await model.predictProba(x)),
    }
  },
  'svc-10k': () => fitJob(() => new classic.SVC(), accuracy),
  'kmeans-100k': () => {
    const { x } = dense()
    const init = Array.from({ length: 50 }, (_, k) => {
      const at = k * 1999 * width
      return Array.from(x.x.subarray(at, at + width))
    })
    return {
      run: () => new classic.KMeans({ nClusters: 50, init, nInit: 1 }).fit(x),
      quality: model => model.inertia,
    }
  },
  'neighbours-100k': async () => {
    const { x, y } = dense()
    const test = dense('-test')
    const model = await new classic.KNeighborsClassifier({ nNeighbors: 5 }).fit(x, y)
    return {
      run: () => model.predict(test.x),
      quality: predicted => classic.metrics.accuracy(test.y, predicted),
    }
  },
  'pca-100k': () => {
    const { x } = dense()
    return {
      run: () => new classic.PCA().fit(x),
      quality: model => model.explainedVariance.slice(0, 10).reduce((a, b) => a + b),
    }
  },
  'predict-row': async () => {
    const { x, y } = dense()
    const model = await boosted().fit(x, y)
    const one = rows(x, 1)
    return {
      units: 2000,
      run: async () => {
        for (let i = 0; i < 2000; i++) await model.predict(one)
        return model
      },
      quality: auc,
    }
  },
  'predict-1m': async () => {
    const { x, y } = dense()
    const model = await boosted().fit(rows(x, 100_000), y.subarray(0, 100_000))
    return {
      run: async () => {
        await model.predictProba(x)
        return model
      },
      quality: auc,
    }
  },
  'growth-boosting': () => fitJob(() => boosted()),
  'growth-forest': () => fitJob(() => new classic.RandomForestClassifier({ nEstimators: 20 })),
  'growth-logistic': () => fitJob(() => new classic.LogisticRegression()),
  'growth-kmeans': () => {
    const { x } = dense()
    const init = Array.from({ length: 10 }, (_, k) =>
      Array.from(x.x.subarray(k * 97 * width, k * 97 * width + width)),
    )
    return { run: () => new classic.KMeans({ nClusters: 10, init, nInit: 1, maxIter: 20 }).fit(x) }
  },
  'growth-pca': () => fitJob(() => new classic.PCA()),
  'growth-svc': () => fitJob(() => new classic.SVC()),
}

function fitJob(make, quality) {
  const { x, y } = dense()
  return { run: () => make().fit(x, y), quality }
}

let job
let last

await serve({
  prepare: async ({ job: name }) => {
    job = await jobs[name]()
    return { executor: classic.executorName?.() ?? '' }
  },
  run: async () => {
    const start = process.hrtime.bigint()
    last = await job.run()
    return { seconds: Number(process.hrtime.bigint() - start) / 1e9 / (job.units ?? 1) }
  },
  quality: async () => ({ value: job.quality === undefined ? null : await job.quality(last) }),
  exit: () => ({}),
})
