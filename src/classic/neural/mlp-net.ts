// The multi-layer perceptron of scikit-learn on the engine: the net, its training with scikit-learn's
// rules for stopping, and its saved weights. Starting weights follow Glorot & Bengio 2010.

import { AthanorError } from '../../base/errors.js'
import type { JsonReader } from '../../base/json-reader.js'
import { Random } from '../../base/philox.js'
import type { Training } from '../../estimator/base-estimator.js'
import type { Matrix } from '../../estimator/matrix.js'
import { float32s, integer, list, type StateTable } from '../../estimator/state.js'
import { randomUniform } from '../../nn/initializers/index.js'
import { dense } from '../../nn/layers.js'
import { l2 } from '../../nn/regularizers.js'
import { adam, sgd } from '../../optim/index.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Callback } from '../../train/callbacks.js'
import { type Model, sequential } from '../../train/model.js'
import type { CompileOptions } from '../../train/model-options.js'
import type { MlpParams } from './mlp-parameters.js'

/** What was learned. */
export interface MlpState {
  /** Units of each layer, the inputs first. */
  readonly sizes: readonly number[]
  /** Of each layer, row-major `inputs × units`. */
  readonly coefs: readonly Float32Array[]
  readonly intercepts: readonly Float32Array[]
  /** Epochs that were done. */
  readonly nIter: number
  /** The training loss after each epoch. */
  readonly lossCurve: readonly number[]
  /** The validation score after each epoch; empty without early stopping. */
  readonly validationScores: readonly number[]
}

const anyNumber = { write: (value: number) => value, read: (json: JsonReader) => json.number() }

export const mlpState: StateTable<MlpState> = {
  sizes: list(integer(1, 1e6), 2, 1000),
  coefs: list(float32s(), 1, 1000),
  intercepts: list(float32s(), 1, 1000),
  nIter: integer(0),
  lossCurve: list(anyNumber),
  validationScores: list(anyNumber),
}

/** A saved net's parts against each other, and against the features and outputs that it must have. */
export function checkMlp(
  { sizes, coefs, intercepts }: MlpState,
  params: MlpParams,
  inputs: number,
  outputs: number,
  json: JsonReader,
): void {
  const wanted = [inputs, ...params.hiddenLayerSizes, outputs]
  const fits =
    sizes.join() === wanted.join() &&
    coefs.length === sizes.length - 1 &&
    intercepts.length === sizes.length - 1 &&
    coefs.every((coef, i) => coef.length === sizes[i] * sizes[i + 1]) &&
    intercepts.every((intercept, i) => intercept.length === sizes[i + 1])
  if (!fits) json.fail(`layers of ${wanted.join(', ')} units`, sizes.join(', '))
}

const activations = {
  identity: 'linear',
  logistic: 'sigmoid',
  tanh: 'tanh',
  relu: 'relu',
} as const

/** `sizes` of the layers, the inputs first; the last layer is linear. */
function buildNet(sizes: readonly number[], params: MlpParams, penalty: number): Model {
  const { activation, randomState: seed } = params
  const last = sizes.length - 2
  return sequential(
    sizes.slice(1).map((units, i) => {
      // Glorot's bound; scikit-learn takes 2 instead of 6 for the logistic function.
      const bound = Math.sqrt((activation === 'logistic' ? 2 : 6) / (sizes[i] + units))
      const draw = (part: number) =>
        randomUniform({ minval: -bound, maxval: bound, seed: seed + 2 * i + part })
      return dense({
        units,
        activation: i === last ? 'linear' : activations[activation],
        kernelInitializer: draw(0),
        biasInitializer: draw(1),
        ...(penalty > 0 ? { kernelRegularizer: l2(penalty) } : {}),
        ...(i === 0 ? { inputShape: [sizes[0]] } : {}),
      })
    }),
  )
}

export interface MlpTask {
  readonly outputs: number
  readonly loss: CompileOptions['loss']
  /** Of outputs against the rows named; higher is better. */
  readonly score: (outputs: Float32Array, rowIds: Uint32Array) => number
  /** Targets as one typed array, `perRow` a row. */
  readonly targets: Float32Array | Int32Array
  /** Rows that early stopping holds out keep the shares of these. */
  readonly stratify?: Int32Array
}

/** Trains as scikit-learn does: until the loss, or the validation score, stops getting better. */
export async function trainMlp(
  training: Training<Matrix>,
  params: MlpParams,
  task: MlpTask,
): Promise<MlpState> {
  const { operation, rows, width, sampleWeight, signal, onProgress } = training
  const x = singles(operation, training.x)
  const held = params.earlyStopping ? heldOut(operation, params, rows, task) : undefined
  const kept = held === undefined ? rows : held.train.length
  const batchSize = Math.min(params.batchSize === 'auto' ? 200 : params.batchSize, kept)
  const sizes = [width, ...params.hiddenLayerSizes, task.outputs]
  // scikit-learn's penalty is alpha/2 · ‖W‖² divided by the rows of the batch.
  const net = buildNet(sizes, params, params.alpha / (2 * batchSize))
  net.compile({ optimizer: optimizerOf(params), loss: task.loss })
  const rule = new StoppingRule(params, batchSize, kept, async model => {
    if (held === undefined) return undefined
    return task.score(await outputsOf(model, take(x, width, held.test), width), held.test)
  })
  const pick = <T extends Float32Array | Int32Array>(values: T) =>
    held === undefined ? values : (values.filter((_, i) => !held.inTest[i]) as T)
  const weights = sampleWeight && Array.from(sampleWeight).filter((_, i) => !held?.inTest[i])
  const rowsIn = held === undefined ? x : take(x, width, held.train)
  await net.fit(rowsIn, pick(task.targets), {
    epochs: params.maxIter,
    batchSize,
    shuffle: params.shuffle,
    seed: params.randomState,
    verbose: 0,
    callbacks: [
      rule,
      (epoch, logs) =>
        onProgress?.({
          fraction: (epoch + 1) / params.maxIter,
          iteration: epoch + 1,
          loss: logs.loss,
        }),
    ],
    ...(weights === undefined ? {} : { sampleWeight: weights }),
    ...(signal === undefined ? {} : { signal }),
  })
  const learned = rule.best ?? (await weightsOf(net))
  return {
    sizes,
    ...learned,
    nIter: rule.losses.length,
    lossCurve: rule.losses,
    validationScores: rule.scores,
  }
}

interface Weights {
  readonly coefs: Float32Array[]
  readonly intercepts: Float32Array[]
}

async function weightsOf(net: Model): Promise<Weights> {
  const coefs: Float32Array[] = []
  const intercepts: Float32Array[] = []
  for (const [name, variable] of net.namedParameters())
    (name.endsWith('kernel') ? coefs : intercepts).push((await variable.data()) as Float32Array)
  return { coefs, intercepts }
}

/** A net with the weights that were learned. */
export function netOf(state: MlpState, params: MlpParams): Model {
  const net = buildNet(state.sizes, params, 0)
  let kernel = 0
  let bias = 0
  net.loadStateDict(
    Object.fromEntries(
      net
        .namedParameters()
        .map(([name, { shape }]) => [
          name,
          nested(name.endsWith('kernel') ? state.coefs[kernel++] : state.intercepts[bias++], shape),
        ]),
    ),
  )
  return net
}

function nested(values: Float32Array, shape: readonly number[]): number[] | number[][] {
  if (shape.length === 1) return Array.from(values)
  const [rows, width] = shape
  return Array.from({ length: rows }, (_, r) =>
    Array.from(values.subarray(r * width, (r + 1) * width)),
  )
}

/** Outputs of all rows, row-major. Errors: DATA for features that no float32 holds. */
export async function mlpOutputs(operation: string, net: Model, x: Matrix): Promise<Float32Array> {
  return outputsOf(net, singles(operation, x), x.width)
}

async function outputsOf(net: Model, x: Float32Array, width: number): Promise<Float32Array> {
  const out: Tensor = await net.predict(x, { batchSize: Math.min(1024, x.length / width) })
  return (await out.data()) as Float32Array
}

function singles(operation: string, { x }: Matrix): Float32Array {
  const values = x instanceof Float32Array ? x : Float32Array.from(x)
  const bad = values.findIndex(value => !Number.isFinite(value))
  if (bad >= 0)
    throw new AthanorError('DATA', {
      operation,
      expected: 'features that a float32 can hold',
      received: String(x[bad]),
      fix: 'Scale the features first, for instance with StandardScaler',
    })
  return values
}

function take(x: Float32Array, width: number, rowIds: Uint32Array): Float32Array {
  const out = new Float32Array(rowIds.length * width)
  rowIds.forEach((row, i) => {
    out.set(x.subarray(row * width, (row + 1) * width), i * width)
  })
  return out
}

function optimizerOf({
  solver,
  learningRateInit: learningRate,
  momentum,
  nesterovsMomentum,
  beta1,
  beta2,
  epsilon,
}: MlpParams) {
  return solver === 'adam'
    ? adam({ learningRate, beta1, beta2, epsilon })
    : sgd({ learningRate, momentum, nesterov: nesterovsMomentum && momentum > 0 })
}

/** Rows for early stopping, drawn by the seed; of each class its share. */
function heldOut(operation: string, params: MlpParams, rows: number, { stratify }: MlpTask) {
  const { validationFraction, randomState } = params
  const order = new Random(randomState, 0x6d6c70).shuffle(
    Uint32Array.from({ length: rows }, (_, i) => i),
  )
  if (stratify !== undefined) order.sort((a, b) => stratify[a] - stratify[b])
  const wanted = Math.ceil(validationFraction * rows)
  if (wanted >= rows)
    throw new AthanorError('DATA', {
      operation,
      expected: 'more rows than early stopping holds out',
      received: `${rows} rows`,
      fix: 'Set earlyStopping to false, or give more rows',
    })
  // Every so manieth of the rows in the order of their classes.
  const inTest = new Uint8Array(rows)
  for (let i = 0; i < wanted; i++) inTest[order[Math.floor(((i + 0.5) * rows) / wanted)]] = 1
  const ids = Uint32Array.from({ length: rows }, (_, i) => i)
  return { inTest, test: ids.filter(i => inTest[i]), train: ids.filter(i => !inTest[i]) }
}

/** scikit-learn's rules: how the rate falls, and when training is over. */
class StoppingRule implements Callback {
  readonly losses: number[] = []
  readonly scores: number[] = []
  /** With early stopping: the weights of the best score. */
  best: Weights | undefined
  private bestLoss = Number.POSITIVE_INFINITY
  private bestScore = Number.NEGATIVE_INFINITY
  private waited = 0

  constructor(
    private readonly params: MlpParams,
    private readonly batchSize: number,
    private readonly rows: number,
    private readonly validate: (model: Model) => Promise<number | undefined>,
  ) {}

  async onEpochEnd(epoch: number, { loss }: Record<string, number>, model: Model): Promise<void> {
    const { tol, nIterNoChange, solver, learningRate, learningRateInit, powerT } = this.params
    this.losses.push(loss)
    const score = await this.validate(model)
    if (score === undefined) {
      this.waited = loss > this.bestLoss - tol ? this.waited + 1 : 0
      this.bestLoss = Math.min(loss, this.bestLoss)
    } else {
      this.scores.push(score)
      this.waited = score < this.bestScore + tol ? this.waited + 1 : 0
      if (score > this.bestScore) {
        this.bestScore = score
        this.best = await weightsOf(model)
      }
    }
    if (solver === 'sgd' && learningRate === 'invscaling') {
      const steps = (epoch + 1) * Math.ceil(this.rows / this.batchSize) * this.batchSize
      model.optimizer.learningRate = learningRateInit / (steps + 1) ** powerT
    }
    if (this.waited <= nIterNoChange) return
    const isAdaptive = solver === 'sgd' && learningRate === 'adaptive'
    if (isAdaptive && model.optimizer.learningRate > 1e-6) {
      model.optimizer.learningRate /= 5
      this.waited = 0
    } else model.stopTraining = true
  }
}
