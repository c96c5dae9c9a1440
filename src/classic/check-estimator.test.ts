// Each check of checkEstimator catches an estimator that is broken on purpose, in exactly that way.

import { expect, test } from 'vitest'
import { type GivenParameters, numberParameter } from '../base/parameters.js'
import {
  BaseClusterer,
  BaseOutlierDetector,
  BaseRegressor,
  BaseTransformer,
  type CheckedEstimator,
  type CheckName,
  checkEstimator,
  checkNames,
  defineEstimator,
  type FitOptions,
  type Matrix,
  type RegressorTraining,
  restore,
  SparseMatrix,
  type TransformerTraining,
} from '../estimator/index.js'
import { float64s, int32s } from '../estimator/state.js'
import { defaultExecutor, openExecutor } from '../execute/select.js'
import { LogisticRegression, Ridge } from './linear/index.js'

// biome-ignore lint/suspicious/noExplicitAny: what is broken has no proper types
type Any = any

/** A class whose instances differ in some methods; they are made anew for each estimator. */
function broken(Base: Any, methods: (model: Any) => Record<string, unknown>): CheckedEstimator {
  class Broken extends Base {
    constructor(params: object = {}) {
      super(params)
      Object.assign(this, methods(this))
    }
  }
  return { make: () => new Broken() as Any, fromJSON: json => restore(Broken as Any, json) as Any }
}

const parameters = { shift: numberParameter({ default: 0, doc: 'Added to every value.' }) }

/** The nearest training row's target: enough of a model, and none of its answers are alike. */
class Nearest extends BaseRegressor<typeof parameters, { x: Float64Array; y: Float64Array }> {
  static readonly definition = defineEstimator({
    name: 'Nearest',
    parameters,
    state: { x: float64s(), y: float64s() },
    check({ x, y, nFeaturesIn }, _, json) {
      if (x.length !== y.length * nFeaturesIn) json.fail('rows and targets', 'others')
    },
  })

  constructor(params: GivenParameters<typeof parameters> = {}) {
    super(Nearest.definition, params)
  }

  protected learn({ x, y }: RegressorTraining) {
    return { x: Float64Array.from(x.x), y: y.slice() }
  }

  protected valuesOf({ x, rows, width }: Matrix, state: { x: Float64Array; y: Float64Array }) {
    return Float64Array.from({ length: rows }, (_, r) => {
      let best = 0
      let least = Infinity
      for (let i = 0; i < state.y.length; i++) {
        let distance = 0
        for (let j = 0; j < width; j++)
          distance += Math.abs(x[r * width + j] / 4 - state.x[i * width + j] / 4)
        if (distance < least) [least, best] = [distance, i]
      }
      return state.y[best]
    })
  }

  static fromJSON(json: unknown) {
    return restore(Nearest, json)
  }
}

class Halves extends BaseTransformer<typeof parameters, { width: Float64Array }> {
  static readonly definition = defineEstimator({
    name: 'Halves',
    parameters,
    state: { width: float64s() },
  })

  constructor(params: object = {}) {
    super(Halves.definition, params)
  }

  protected learn({ width }: TransformerTraining) {
    return { width: Float64Array.of(width) }
  }

  protected apply({ x, rows, width }: Matrix) {
    return { x: Float64Array.from(x, value => value / 2), rows, width }
  }

  protected namesOf(inputs: readonly string[]) {
    return inputs
  }

  static fromJSON(json: unknown) {
    return restore(Halves, json)
  }
}

class Signs extends BaseClusterer<typeof parameters, { labels: Int32Array }> {
  static readonly definition = defineEstimator({
    name: 'Signs',
    parameters,
    state: { labels: int32s() },
  })

  constructor(params: object = {}) {
    super(Signs.definition, params)
  }

  protected learn({ x: { x, rows, width } }: { x: Matrix }) {
    return { labels: Int32Array.from({ length: rows }, (_, r) => (x[r * width] > 0 ? 1 : 0)) }
  }

  static fromJSON(json: unknown) {
    return restore(Signs, json)
  }
}

class Large extends BaseOutlierDetector<typeof parameters, { limit: Float64Array }> {
  static readonly definition = defineEstimator({
    name: 'Large',
    parameters,
    state: { limit: float64s() },
  })

  constructor(params: object = {}) {
    super(Large.definition, params)
  }

  protected learn() {
    return { limit: Float64Array.of(0.5) }
  }

  protected decisionOf({ x, rows, width }: Matrix, { limit }: { limit: Float64Array }) {
    return Float64Array.from({ length: rows }, (_, r) => (limit[0] ?? 0) - Math.abs(x[r * width]))
  }

  static fromJSON(json: unknown) {
    return restore(Large, json)
  }
}

test.each([
  ['a regressor', Nearest],
  ['a transformer', Halves],
  ['a clusterer', Signs],
  ['an outlier detector', Large],
])('%s that is sound passes', async (_, Class) => {
  expect(await checkEstimator(Class)).toEqual([])
})

const proto = (Class: Any, name: string) => Class.prototype[name]

/** For each check, an estimator that breaks it. */
const breaks: Record<CheckName, () => CheckedEstimator> = {
  'parameters are checked': () => ({
    make: () => {
      class Careless extends Nearest {
        constructor(params: object = {}) {
          super()
          Object.assign(this, { params: { ...this.params, ...params } })
        }
      }
      return new Careless()
    },
    fromJSON: Nearest.fromJSON,
  }),
  'before fit': () => broken(Nearest, () => ({ predict: async () => new Float64Array(40) })),
  'fit returns the estimator': () =>
    broken(Nearest, model => ({
      fit: async (...data: Any[]) => {
        await proto(Nearest, 'fit').apply(model, data)
        return undefined
      },
    })),
  'fit leaves parameters and data alone': () =>
    broken(Nearest, model => ({
      fit: async (x: Any, y: Any, options: Any) => {
        await proto(Nearest, 'fit').call(model, x, y, options)
        if (Array.isArray(y)) y[0]++
        return model
      },
    })),
  'fit again forgets': () => {
    const first = new WeakMap<object, Any>()
    return broken(Nearest, model => ({
      learn: (training: Any) => {
        if (!first.has(model)) first.set(model, proto(Nearest, 'learn').call(model, training))
        return first.get(model)
      },
    }))
  },
  'a fit that fails leaves what was learned': () =>
    broken(Nearest, model => ({
      fit: async (...data: Any[]) => {
        model.learned = undefined
        return proto(Nearest, 'fit').apply(model, data)
      },
    })),
  'the same again': () => {
    let count = 0
    return broken(Nearest, model => ({
      learn: (training: Any) => {
        const state = proto(Nearest, 'learn').call(model, training)
        state.y[0] += count++
        return state
      },
    }))
  },
  'clone has learned nothing': () => broken(Nearest, model => ({ clone: () => model })),
  'an abort signal stops it': () =>
    broken(Nearest, model => ({
      fit: (x: Any, y: Any, { signal: _, ...options }: Any = {}) =>
        proto(Nearest, 'fit').call(model, x, y, options),
    })),
  'progress goes from 0 to 1': () =>
    broken(Nearest, model => ({
      learn: (training: Any) => {
        training.onProgress?.({ fraction: 0.5, iteration: 1, loss: 0 })
        training.onProgress?.({ fraction: 0.2, iteration: 2, loss: 0 })
        return proto(Nearest, 'learn').call(model, training)
      },
    })),
  'fit refuses options that it does not know': () =>
    broken(Nearest, model => ({
      fit: (x: Any, y: Any, options: FitOptions = {}) =>
        proto(Nearest, 'fit').call(model, x, y, {
          sampleWeight: options.sampleWeight,
          signal: options.signal,
          onProgress: options.onProgress,
        }),
    })),
  weights: () =>
    broken(Nearest, model => ({
      learn: (training: Any) => {
        const state = proto(Nearest, 'learn').call(model, training)
        if (training.sampleWeight !== undefined) state.y = state.y.map((v: number) => v / 2)
        return state
      },
    })),
  'all forms of input say the same': () =>
    broken(Nearest, model => ({
      learn: (training: Any) => {
        const state = proto(Nearest, 'learn').call(model, training)
        if (training.x.x instanceof Float32Array) state.y.reverse()
        return state
      },
    })),
  'columns are known by their names': () =>
    broken(Nearest, model => ({
      predict: (x: Any) =>
        proto(Nearest, 'predict').call(
          model,
          Array.isArray(x) && !Array.isArray(x[0]) && !ArrayBuffer.isView(x[0])
            ? x.map((row: object) => Object.values(row))
            : x,
        ),
    })),
  'the target may be a column': () =>
    broken(Nearest, model => ({
      fit: (x: Any, y: Any, options: Any) => {
        if (typeof y === 'string') throw new TypeError('y is no array')
        return proto(Nearest, 'fit').call(model, x, y, options)
      },
    })),
  'one answer a row, each finite': () =>
    broken(Nearest, () => ({ valuesOf: () => new Float64Array(1) })),
  'rows by themselves and in another order': () =>
    broken(Nearest, model => ({
      valuesOf: (x: Any, state: Any) =>
        proto(Nearest, 'valuesOf')
          .call(model, x, state)
          .map((value: number, i: number) => value + i),
    })),
  'what it cannot use is refused': () =>
    broken(Nearest, () => ({ tags: undefined })) && {
      make: () => {
        class TakesNothing extends Nearest {
          override async fit(x: Any, y: Any, options?: Any) {
            return super.fit(
              Array.isArray(x) && x.length === 0 ? [[0, 0, 0]] : x,
              y?.length === 0 ? [0] : y,
              options,
            )
          }
        }
        return new TakesNothing()
      },
      fromJSON: Nearest.fromJSON,
    },
  'sparse features': () =>
    broken(Nearest, model => ({
      fit: (x: Any, y: Any, options: Any) =>
        proto(Nearest, 'fit').call(model, x instanceof SparseMatrix ? x.toDense() : x, y, options),
    })),
  'saved and read': () =>
    broken(Nearest, model => ({
      toJSON: () => {
        const json = proto(Nearest, 'toJSON').call(model)
        return json.state === null
          ? json
          : { ...json, state: { ...json.state, y: { float64: btoa('\0'.repeat(320)) } } }
      },
    })),
  'hostile JSON is refused': () => ({
    make: () => new Nearest(),
    fromJSON: (json: Any) => {
      const { estimator, version, params, state } = json ?? {}
      return Nearest.fromJSON({ estimator, version, params, state })
    },
  }),
  'an altered field is refused or harmless': () => ({
    make: () => new Nearest(),
    fromJSON: (json: Any) => {
      const made = Nearest.fromJSON(json)
      if (json.params.shift === 2147483647) throw new RangeError('Invalid typed array length')
      return made
    },
  }),
  'score is a number of at most 1': () => broken(Nearest, () => ({ score: async () => 2 })),
  probabilities: () =>
    broken(LogisticRegression, model => ({
      predictProba: async (x: Any) =>
        (await proto(LogisticRegression, 'predictProba').call(model, x)).map((p: number) => 2 * p),
    })),
  'a class that was named and had no rows': () =>
    broken(LogisticRegression, model => ({
      predict: async (x: Any) => {
        const said = await proto(LogisticRegression, 'predict').call(model, x)
        return model.classes.length === 3 ? said.fill(1) : said
      },
    })),
  'labels of any kind': () =>
    broken(LogisticRegression, model => ({
      fit: (x: Any, y: Any, options: Any) =>
        proto(LogisticRegression, 'fit').call(
          model,
          x,
          Array.isArray(y) ? y.map(Number) : y,
          options,
        ),
    })),
  'three classes': () =>
    broken(LogisticRegression, model => ({
      fit: (x: Any, y: Any, options: Any) => {
        if (new Set(y).size > 2) throw new TypeError('two classes only')
        return proto(LogisticRegression, 'fit').call(model, x, y, options)
      },
    })),
  'a transformer names what it gives': () => broken(Halves, () => ({ namesOf: () => ['one'] })),
  clusters: () => broken(Signs, () => ({ fitPredict: async () => new Int32Array(40).fill(5) })),
  'outliers have a score below 0': () =>
    broken(Large, () => ({ predict: async () => new Int32Array(40).fill(1) })),
  'degenerate data give finite answers or an error': () =>
    broken(Ridge, () => ({
      learn: ({ x, y }: Any) => {
        let mean = 0
        for (let i = 0; i < x.rows; i++) mean += y[i] / x.rows
        const spread = y.reduce((sum: number, value: number) => sum + (value - mean) ** 2, 0)
        return { coef: new Float64Array(x.width).fill(1 / spread), intercept: mean }
      },
    })),
  'the same model at any number of threads': () =>
    broken(Nearest, model => ({
      learn: (training: Any) => {
        const state = proto(Nearest, 'learn').call(model, training)
        state.y[0] += threadsInForce()
        return state
      },
    })),
}

let threads = defaultExecutor().threads

/** Stands for a sum whose order depends on the threads. */
function threadsInForce(): number {
  return threads++
}

test('every check has an estimator that breaks it', () => {
  expect(Object.keys(breaks).sort()).toEqual([...checkNames].sort())
  openExecutor({ name: 'native' })
})

test.each(Object.entries(breaks))('%s', async (name, make) => {
  const found = await checkEstimator(make())
  expect(found.map(text => text.split(':')[0])).toContain(name)
})
