// Random tensors. Every number is a pure function of (seed, stream, counter): the counter is read at
// run time, so drawing again compiles nothing, and the state is two numbers that a checkpoint can keep.

import type { DType } from '../base/dtype.js'
import { argumentError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { type Shape, sizeOf } from '../base/shape.js'
import { numberIn, oneOf, valueWords } from '../base/value-kinds.js'
import * as g from '../graph/build.js'
import { makeElementwise, makeNode } from '../graph/ops.js'
import { assume, context } from './context.js'
import { scalarLeaf } from './engine.js'
import { checkShape } from './options.js'
import { Tensor, tensor } from './tensor.js'

/** Where a generator stands: enough to go on from there. */
export interface GeneratorState {
  readonly seed: number
  readonly stream: number
  readonly counter: number
}

interface UniformDraw {
  /** Default: 0. */
  readonly low?: number
  /** Default: 1. */
  readonly high?: number
  /** Default: float32. */
  readonly dtype?: DType
}

const uniformOptions = new OptionTable<UniformDraw>({
  low: numberIn(),
  high: numberIn(),
  dtype: oneOf(['float32', 'float64', 'int32']),
})

interface NormalDraw {
  /** Default: 0. */
  readonly mean?: number
  /** Default: 1. */
  readonly stddev?: number
  /** Default: float32. */
  readonly dtype?: DType
}

const normalOptions = new OptionTable<NormalDraw>({
  mean: numberIn(),
  stddev: numberIn({ min: 0 }),
  dtype: oneOf(['float32', 'float64']),
})

/**
 * A source of random numbers (Philox4x32-10; Salmon et al. 2011, "Parallel random numbers: as easy
 * as 1, 2, 3"). Equal seeds give equal numbers on every machine and executor.
 *
 * @example
 * ```ts
 * const generator = new random.Generator(7)
 * const x = generator.normal([2, 3])
 * ```
 */
export class Generator {
  private counter = 0

  /**
   * @param seed whole number from 0 to 2⁵³ − 1
   * @param stream independent sequences of one seed, 0 to 2³² − 1
   */
  constructor(
    readonly seedValue: number,
    readonly stream = 0,
  ) {
    if (!Number.isSafeInteger(seedValue) || seedValue < 0)
      throw argumentError(
        'random.Generator',
        'a seed that is a whole number from 0 to 2⁵³ − 1',
        String(seedValue),
      )
  }

  /** Position in the sequence; set it to go on where an earlier state left off. */
  get state(): GeneratorState {
    return { seed: this.seedValue, stream: this.stream, counter: this.counter }
  }

  set state(state: GeneratorState) {
    if (state.seed !== this.seedValue || state.stream !== this.stream)
      throw argumentError(
        'Generator.state',
        `the state of seed ${this.seedValue}, stream ${this.stream}`,
        JSON.stringify(state),
      )
    this.counter = state.counter
  }

  /** The counter of one draw: fixed now in eager code, taken anew at every run of a compiled function. */
  private draw() {
    if (context().trace !== null) {
      // seed() puts another generator in the place of the shared one.
      if (this === shared) assume(() => this === shared)
      return scalarLeaf('float64', () => this.counter++)
    }
    const now = this.counter++
    return scalarLeaf('float64', () => now)
  }

  private raw<D extends 'int32' | 'float32' | 'float64'>(
    distribution: 'bits' | 'uniform',
    shape: Shape,
    dtype: D,
  ) {
    const seedLow = (this.seedValue % 2 ** 32) | 0
    const seedHigh = Math.floor(this.seedValue / 2 ** 32) | 0
    return makeNode('random', [this.draw()], {
      distribution,
      shape,
      dtype,
      seedLow,
      seedHigh,
      stream: this.stream,
    })
  }

  /** Uniform in [low, high). */
  uniform(shape: Shape, options?: UniformDraw): Tensor {
    const { low = 0, high = 1, dtype = 'float32' } = uniformOptions.check('random.uniform', options)
    checkShape('random.uniform', shape)
    if (low > high) throw argumentError('random.uniform', 'low ≤ high', `${low} and ${high}`)
    const u = this.raw('uniform', shape, dtype === 'float64' ? 'float64' : 'float32')
    const scaled = low === 0 && high === 1 ? u : g.add(g.scale(u, high - low), g.number(low, u))
    if (dtype !== 'int32') return new Tensor(scaled)
    return new Tensor(g.cast(makeElementwise('floor', scaled), 'int32'))
  }

  /** Normal with the given mean (0) and standard deviation (1), by Box and Muller's transform. */
  normal(shape: Shape, options?: NormalDraw): Tensor {
    const {
      mean = 0,
      stddev = 1,
      dtype = 'float32',
    } = normalOptions.check('random.normal', options)
    checkShape('random.normal', shape)
    const type = dtype === 'float64' ? 'float64' : 'float32'
    const u = this.raw('uniform', shape, type)
    const v = this.raw('uniform', shape, type)
    // 1 − u lies in (0, 1], so the logarithm is finite.
    const logarithm = makeElementwise('log', g.subtract(g.number(1, u), u))
    const radius = makeElementwise('sqrt', g.scale(logarithm, -2))
    const normal = g.multiply(radius, makeElementwise('cos', g.scale(v, 2 * Math.PI)))
    return new Tensor(g.add(g.scale(normal, stddev), g.number(mean, normal)))
  }

  /** Normal, with values beyond two standard deviations from the mean drawn again. */
  truncatedNormal(shape: Shape, options?: NormalDraw): Tensor {
    const operation = 'random.truncatedNormal'
    const { mean = 0, stddev = 1, dtype = 'float32' } = normalOptions.check(operation, options)
    checkShape(operation, shape)
    const values = new Float64Array(sizeOf(shape))
    let filled = 0
    while (filled < values.length) {
      const batch = this.normal([Math.max(64, Math.ceil((values.length - filled) * 1.1))], {
        dtype: 'float64',
      }).dataSync()
      for (let i = 0; i < batch.length && filled < values.length; i++)
        if (Math.abs(batch[i]) <= 2) values[filled++] = mean + stddev * batch[i]
    }
    return tensor(values, { shape, dtype })
  }

  /** true with probability p. */
  bernoulli(shape: Shape, p = 0.5): Tensor {
    checkShape('random.bernoulli', shape)
    if (!(p >= 0 && p <= 1))
      throw argumentError('random.bernoulli', 'a probability from 0 to 1', valueWords(p))
    const u = this.raw('uniform', shape, 'float32')
    return new Tensor(makeElementwise('less', u, g.number(p, u)))
  }

  /** The whole numbers below n in random order (int32), by Fisher and Yates's shuffle. */
  permutation(n: number): Tensor {
    if (!Number.isSafeInteger(n) || n < 0)
      throw argumentError('random.permutation', 'a whole number ≥ 0', valueWords(n))
    const u = this.uniform([Math.max(n, 1)], { dtype: 'float64' }).dataSync()
    const order = Int32Array.from({ length: n }, (_, i) => i)
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(u[i] * (i + 1))
      const kept = order[i]
      order[i] = order[j]
      order[j] = kept
    }
    return tensor(order)
  }
}

let shared = new Generator(Math.floor(Math.random() * 2 ** 52))

/** Starts the shared generator, which initialisers and dropout use by default, from a seed. */
export function seed(value: number): void {
  shared = new Generator(value)
}

/** Makes the shared generator go on where `state` left off. */
export function restoreDefaultGenerator(state: GeneratorState): void {
  shared = new Generator(state.seed, state.stream)
  shared.state = state
}

/** The shared generator. */
export function defaultGenerator(): Generator {
  return shared
}

/** Uniform in [low, high), from the shared generator. */
export const uniform: Generator['uniform'] = (shape, options) => shared.uniform(shape, options)
/** Normal with `mean` (0) and `stddev` (1), from the shared generator. */
export const normal: Generator['normal'] = (shape, options) => shared.normal(shape, options)
/** Normal within two standard deviations of the mean, from the shared generator. */
export const truncatedNormal: Generator['truncatedNormal'] = (shape, options) =>
  shared.truncatedNormal(shape, options)
/** true with probability p, from the shared generator. */
export const bernoulli: Generator['bernoulli'] = (shape, p) => shared.bernoulli(shape, p)
/** The whole numbers below n in random order (int32), from the shared generator. */
export const permutation: Generator['permutation'] = n => shared.permutation(n)
