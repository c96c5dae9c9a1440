// Bad input in code: unknown names of options are refused by everything that takes some, wrong values
// by the table below, each with what was expected, what was received and the nearest name.

import { describe, expect, test } from 'vitest'
import { AthanorError } from '../base/errors.js'
import * as activations from '../nn/activations.js'
import * as initializers from '../nn/initializers/index.js'
import { Layer } from '../nn/layer.js'
import * as layers from '../nn/layers.js'
import * as losses from '../nn/losses/index.js'
import * as batchMetrics from '../nn/metrics.js'
import * as regularizers from '../nn/regularizers.js'
import * as optim from '../optim/index.js'
import * as api from '../tensor/index.js'
import { tensor, variable } from '../tensor/index.js'
import * as random from '../tensor/random.js'
import * as train from './index.js'
import { sequential } from './index.js'

// biome-ignore lint/suspicious/noExplicitAny: what JavaScript can pass
type Any = any

type Factory = (options: Any) => unknown

/** The error a call ends in, thrown or rejected. */
async function errorOf(call: () => unknown): Promise<AthanorError> {
  try {
    await call()
  } catch (error) {
    expect(error, String((error as Error).stack)).toBeInstanceOf(AthanorError)
    return error as AthanorError
  }
  expect.unreachable('nothing was thrown')
}

/** Functions of a namespace that make something from options; those named take none. */
function factories(
  namespace: object,
  without: readonly string[],
  call: (make: Any, options: object, name: string) => unknown = (make, options) => make(options),
): [string, Factory][] {
  return Object.entries(namespace)
    .filter(([name, make]) => {
      if (typeof make !== 'function' || without.includes(name)) return false
      return !/^class\b/.test(Function.prototype.toString.call(make))
    })
    .map(([name, make]) => [name, options => call(make, options, name)])
}

const rate = { initialLearningRate: 0.1, decaySteps: 10 }

/** What some factories cannot do without. */
const needed: Readonly<Record<string, object>> = {
  dense: { units: 1 },
  dropout: { rate: 0.5 },
  embedding: { inputDim: 2, outputDim: 2 },
  reshape: { targetShape: [1] },
  input: { inputShape: [1] },
  conv1d: { filters: 1, kernelSize: 1 },
  conv2d: { filters: 1, kernelSize: 1 },
  conv1dTranspose: { filters: 1, kernelSize: 1 },
  conv2dTranspose: { filters: 1, kernelSize: 1 },
  depthwiseConv1d: { kernelSize: 1 },
  depthwiseConv2d: { kernelSize: 1 },
  separableConv1d: { filters: 1, kernelSize: 1 },
  separableConv2d: { filters: 1, kernelSize: 1 },
  adaptiveAveragePooling1d: { outputSize: 1 },
  adaptiveMaxPooling1d: { outputSize: 1 },
  adaptiveAveragePooling2d: { outputSize: 1 },
  adaptiveMaxPooling2d: { outputSize: 1 },
  lambda: { function: (x: unknown) => x },
  activation: { activation: 'relu' },
  dot: { axes: 1 },
  gaussianNoise: { stddev: 0.1 },
  gaussianDropout: { rate: 0.1 },
  alphaDropout: { rate: 0.1 },
  stochasticDepth: { rate: 0.1 },
  spatialDropout1d: { rate: 0.1 },
  spatialDropout2d: { rate: 0.1 },
  permute: { dims: [1] },
  multiHeadAttention: { numHeads: 1, keyDim: 2 },
  transformerEncoder: { intermediateDim: 2, numHeads: 1 },
  transformerDecoder: { intermediateDim: 2, numHeads: 1 },
  positionEmbedding: { sequenceLength: 2 },
  tokenAndPositionEmbedding: { vocabularySize: 2, sequenceLength: 2, embeddingDim: 2 },
  constant: { learningRate: 0.1 },
  piecewiseConstant: { boundaries: [1], values: [1, 2] },
  cosine: rate,
  cosineRestarts: { initialLearningRate: 0.1, firstDecaySteps: 10 },
  step: { initialLearningRate: 0.1, stepSize: 1 },
  exponential: { ...rate, decayRate: 0.5 },
  inverseTime: { ...rate, decayRate: 0.5 },
  polynomial: rate,
  oneCycle: { maxLearningRate: 0.1, totalSteps: 10 },
  oneCycleMomentum: { totalSteps: 10 },
  warmUp: { learningRate: 0.1, warmupSteps: 10 },
}

const w = () => [variable([1], { name: 'w' })]
const y = [[0, 1]]
const p = tensor([[0.4, 0.6]])

const picture = api.zeros([1, 1, 1, 1])

const reductions = ['sum', 'prod', 'max', 'min', 'mean', 'variance', 'any', 'all', 'logSumExp']
const alongAxis = ['argMax', 'argMin', 'cumsum', 'softmax', 'logSoftmax', 'unstack']

const mixers = { mixUp: train.mixUp, cutMix: train.cutMix }
const pictureRow = { shape: [1, 1, 1], dtype: 'float32' as const }
const pictures: train.BatchSource = { rows: 1, x: pictureRow, y: pictureRow, batches: () => [] }

const all: readonly (readonly [string, readonly [string, Factory][]])[] = [
  ['layers', factories(layers, [])],
  ['optim', factories(optim, ['getOptimizer'])],
  [
    'optim with parameters',
    factories(optim, ['getOptimizer'], (make, options) => make(w(), options)),
  ],
  ['schedules', factories(optim.schedules, ['scheduleFromConfig'])],
  [
    'losses',
    factories(losses, ['getLoss'], (loss, options, name) =>
      loss(name === 'sparseCategoricalCrossentropy' ? [1] : y, p, options),
    ),
  ],
  ['initializers', factories(initializers, ['getInitializer', 'initializerConfig'])],
  ['regularizers', factories(regularizers, ['getRegularizer', 'regularizerConfig', 'l1', 'l2'])],
  ['batchMetrics', factories(batchMetrics, ['getMetric'])],
  [
    'callbacks',
    factories(
      train,
      [
        'sequential',
        'model',
        'findLearningRate',
        'mixUp',
        'cutMix',
        'loadModelFile',
        'modelFromBytes',
        'learningRateScheduler',
      ],
      (make, options, name) => (name === 'modelCheckpoint' ? make('file', options) : make(options)),
    ),
  ],
  [
    'sources',
    (['mixUp', 'cutMix'] as const).map(name => [name, options => mixers[name](pictures, options)]),
  ],
  ['findLearningRate', [['findLearningRate', o => train.findLearningRate(net(), [[1], [1]], o)]]],
  [
    'activations',
    (['relu', 'leakyRelu', 'elu', 'gelu', 'softmax', 'logSoftmax'] as const).map(name => [
      name,
      options => (activations as Any)[name](p, options),
    ]),
  ],
  [
    'random',
    (['uniform', 'normal', 'truncatedNormal'] as const).map(name => [
      name,
      options => (random as Any)[name]([2], options),
    ]),
  ],
  [
    'operations',
    [...reductions, ...alongAxis].map(name => [name, options => (api as Any)[name](p, options)]),
  ],
  [
    'tensors',
    [
      ['tensor', options => tensor([1], options)],
      ['variable', options => variable([1], options)],
      ['zeros', options => api.zeros([1], options)],
      ['ones', options => api.ones([1], options)],
      ['full', options => api.full([1], 2, options)],
      ['eye', options => api.eye(2, 2, options)],
      ['arange', options => api.arange(0, 2, 1, options)],
      ['linspace', options => api.linspace(0, 2, 3, options)],
      ['oneHot', options => api.oneHot([1], 2, options)],
      ['matmul', options => api.matmul(p, p, options)],
      ['concat', options => api.concat([p, p], options)],
      ['stack', options => api.stack([p, p], options)],
      ['split', options => api.split(p, 1, options)],
      ['gather', options => api.gather(p, [0], options)],
      ['convolution', options => api.convolution(picture, picture, options)],
      ['transposedConvolution', options => api.transposedConvolution(picture, picture, options)],
      ['maxPool', options => api.maxPool(picture, options)],
      ['averagePool', options => api.averagePool(picture, options)],
      ['sumPool', options => api.sumPool(picture, options)],
      ['runtimeScalar', options => api.runtimeScalar(() => 1, options)],
    ],
  ],
]

describe.each(all)('%s', (group, makers) => {
  const others = (name: string) =>
    group === 'layers' || group === 'schedules' ? needed[name] : undefined

  test('there are some', () => expect(makers.length).toBeGreaterThan(0))

  test.each(makers)('%s refuses an unknown option', async (name, make) => {
    const error = await errorOf(() => make({ ...others(name), zzyzx: 1 }))
    expect(error.code).toBe('ARGUMENT')
    expect(error.message).toMatch(/expected (a known option|no options), received 'zzyzx'/)
  })

  test.each(makers)('%s refuses options that are no object', async (_name, make) => {
    for (const options of [3, 'x', null, [1]]) {
      const { code } = await errorOf(() => make(options))
      expect(code).toMatch(/ARGUMENT/)
    }
  })
})

const net = () =>
  sequential([layers.dense({ units: 1, inputShape: [1] })]).compile({
    optimizer: 'sgd',
    loss: 'meanSquaredError',
  })
const fit = (options: object) => net().fit([1, 2], [1, 2], { verbose: 0, ...options } as Any)
const dense = (options: object) => layers.dense(options as Any)

test.each<readonly [string, RegExp, () => unknown]>([
  // names
  [
    'sgd',
    /^optim\.sgd: .*'lerningRate'. Did you mean 'learningRate'\?/,
    () => optim.sgd({ lerningRate: 0.1 } as Any),
  ],
  ['adam, bound', /Did you mean 'beta1'\?/, () => optim.adam(w(), { beta_1: 0.5 } as Any)],
  ['dense', /^layers\.dense: .*'unit'. Did you mean 'units'\?/, () => dense({ unit: 3 })],
  ['fit', /^fit: .*'epoch'. Did you mean 'epochs'\?/, () => fit({ epoch: 3 })],
  [
    'compile',
    /^compile: .*'optimiser'. Did you mean 'optimizer'\?/,
    () => net().compile({ optimiser: 'adam', loss: 'meanSquaredError' } as Any),
  ],
  [
    'tensor',
    /^tensor: .*'dtyp'. Did you mean 'dtype'\?/,
    () => tensor([1], { dtyp: 'int32' } as Any),
  ],
  [
    'schedule',
    /Did you mean 'decaySteps'\?/,
    () => optim.schedules.cosine({ initialLearningRate: 0.1, decayStep: 3 } as Any),
  ],
  [
    'loss',
    /Did you mean 'fromLogits'\?/,
    () => losses.binaryCrossentropy([1], p, { fromLogit: true } as Any),
  ],
  [
    'callback options',
    /Did you mean 'patience'\?/,
    () => train.earlyStopping({ patients: 3 } as Any),
  ],
  [
    'callback method',
    /Did you mean 'onEpochEnd'\?/,
    () => fit({ callbacks: [{ onEpochEnds() {} }] }),
  ],
  ['regularizer', /'l3'/, () => regularizers.l1l2({ l3: 1 } as Any)],
  ['regularizer in a layer', /'l3'/, () => dense({ units: 1, kernelRegularizer: { l3: 1 } })],
  ['initializer', /Did you mean 'stddev'\?/, () => initializers.randomNormal({ stdev: 1 } as Any)],
  ['metric', /Did you mean 'threshold'\?/, () => batchMetrics.precision({ treshold: 0.2 } as Any)],
  ['ema', /Did you mean 'momentum'\?/, () => optim.sgd({ ema: { momentun: 0.9 } } as Any)],
  [
    'parameter group',
    /Did you mean 'learningRate'\?/,
    () => optim.sgd([{ parameters: w(), learnigRate: 1 }] as Any),
  ],
  [
    'checkpoint',
    /Did you mean 'everyEpochs'\?/,
    () => fit({ checkpoint: { path: 'x', everyEpoch: 1 } }),
  ],
  [
    'evaluate',
    /Did you mean 'batchSize'\?/,
    () => net().evaluate([1], [1], { batchsize: 2 } as Any),
  ],
  ['predict', /Did you mean 'batchSize'\?/, () => net().predict([1], { batchSiz: 2 } as Any)],
  ['variable', /Did you mean 'trainable'\?/, () => variable([1], { trainabel: false } as Any)],
  ['save', /Did you mean 'extra'\?/, () => net().save('x', { extras: {} } as Any)],
  [
    'loadStateDict',
    /Did you mean 'strict'\?/,
    () => net().loadStateDict({}, { strickt: false } as Any),
  ],
  // looked-up names
  ['activation', /Did you mean 'relu'\?/, () => dense({ units: 1, activation: 'rellu' })],
  [
    'loss name',
    /Did you mean 'meanSquaredError'\?/,
    () => net().compile({ loss: 'meanSquareError' as Any }),
  ],
  [
    'optimizer name',
    /Did you mean 'adam'\?/,
    () => net().compile({ optimizer: 'adm', loss: 'huber' } as Any),
  ],
  [
    'metric name',
    /Did you mean 'accuracy'\?/,
    () => net().compile({ loss: 'huber', metrics: ['acuracy'] } as Any),
  ],
  [
    'initializer name',
    /Did you mean 'heNormal'\?/,
    () => dense({ units: 1, kernelInitializer: 'heNorml' }),
  ],
  ['regularizer name', /one of l1, l2/, () => dense({ units: 1, kernelRegularizer: 'l5' })],
  // nothing, or something else
  ['sgd of nothing', /at least one parameter/, () => optim.sgd([])],
  ['options first', /a list of parameters before the options/, () => optim.sgd({} as Any, {})],
  [
    'dense without',
    /^layers\.dense: expected units, a whole number of 1 or more, received nothing/,
    () => (layers.dense as Any)(),
  ],
  ['compile without', /^compile: expected loss/, () => (net().compile as Any)()],
  ['load', /path to be a text, received undefined/, () => train.loadModelFile(undefined as Any)],
  ['sequential of a text', /a list of layers, received 'x'/, () => sequential('x' as Any)],
  [
    'sequential of options',
    /layers or other modules, received an object at 0/,
    () => sequential([{ units: 3 }] as Any),
  ],
  ['fit without data', /received nothing/, () => (net().fit as Any)()],
  ['fit without targets', /fit \(y\).*received nothing/, () => (net().fit as Any)([1, 2])],
  ['fit with options as targets', /fit \(y\)/, () => (net().fit as Any)([1, 2], { epochs: 3 })],
  ['evaluate without rows', /at least one row/, () => net().evaluate([], [])],
  ['trainOnBatch without targets', /received nothing/, () => (net().trainOnBatch as Any)([1])],
  [
    'metrics as a text',
    /metrics to be a list/,
    () => net().compile({ loss: 'huber', metrics: 'accuracy' } as Any),
  ],
  ['sum of an axis', /an object of options, received 0/, () => (p as Any).sum(0)],
  ['reshape to a number', /a list of sizes, received 3/, () => (p as Any).reshape(3)],
  ['concat of tensors', /a list of tensors/, () => (api.concat as Any)(p)],
  // values
  ...[Number.NaN, -1, Infinity, '0.1', null].flatMap(learningRate =>
    [optim.sgd, optim.adam, optim.adamW, optim.rmsprop, optim.adagrad, optim.gradientDescent].map(
      make =>
        [
          `rate ${learningRate}`,
          /a learning rate that is a finite number ≥ 0/,
          () => (make as Any)({ learningRate }),
        ] as const,
    ),
  ),
  ...[0, 1.5, '3', -1, Number.NaN, null, undefined].map(
    units => [`units ${units}`, /units/, () => dense({ units })] as const,
  ),
  ...[1, -0.1, '0.5', Number.NaN].map(
    share =>
      [
        `dropout ${share}`,
        /rate to be a number of 0 or more and below 1/,
        () => layers.dropout({ rate: share } as Any),
      ] as const,
  ),
  ...[0.5, -1, '3'].map(
    epochs =>
      [
        `epochs ${epochs}`,
        /^fit: expected epochs to be a whole number/,
        () => fit({ epochs }),
      ] as const,
  ),
  ...[0, 1.5, '32'].map(
    batchSize =>
      [
        `batchSize ${batchSize}`,
        /^fit: expected batchSize to be a whole number/,
        () => fit({ batchSize }),
      ] as const,
  ),
  ['validationSplit', /validationSplit/, () => fit({ validationSplit: 1 })],
  ['beta 1', /beta1 to be a number of 0 or more and below 1/, () => optim.adam({ beta1: 1 })],
  ['epsilon 0', /epsilon to be a number above 0/, () => optim.adam({ epsilon: 0 })],
  ['reduction', /Did you mean 'none'\?/, () => losses.huber([1], [1], { reduction: 'non' } as Any)],
  ['element type', /Did you mean 'int32'\?/, () => tensor([1], { dtype: 'int3' } as Any)],
  ['classWeight', /by label, a number, received 'spam'/, () => fit({ classWeight: { spam: 2 } })],
  ['random type', /dtype/, () => random.normal([2], { dtype: 'int32' })],
])('%s', async (_, message, call) => {
  const error = await errorOf(call)
  expect(error.message).toMatch(message)
  expect(error.operation).not.toBe('')
  expect(['ARGUMENT', 'SHAPE']).toContain(error.code)
})

test('layers of one’s own may have options of their own', () => {
  class Scale extends Layer {
    constructor(options: { readonly factor: number; readonly name?: string }) {
      super(options)
    }
    get className() {
      return 'Scale'
    }
    protected call(x: api.Tensor) {
      return x
    }
  }
  expect(new Scale({ factor: 2, name: 'mine' }).name).toBe('mine')
  expect(() => new Scale({ factor: 2, name: 3 as never })).toThrow(/name to be a text/)
})
