// The training of a run's net: batches of the table, early stopping, schedule, checkpoints, events.

import { tableMemory } from '../data/node/table-memory.js'
import { diagnose } from '../execute/select.js'
import type { BatchSource } from '../train/batches.js'
import { type FitInRunOptions, fitInRun } from './fit-in-run.js'
import { netCallbacks } from './fit-net.js'
import { executorName } from './manifest.js'
import { buildNet, countParameters, shapeText } from './net.js'
import type { NetSettings } from './net-defaults.js'
import type { PreparedData } from './prepare-data.js'
import { balancedClassWeights, StoredBatches } from './stored-batches.js'
import { balancedWeights, TableBatches } from './table-batches.js'
import { NetCore } from './table-core.js'
import type { Task } from './train-options.js'
import type { Trained, TrainedLayer } from './trained.js'

export async function trainNet(
  data: PreparedData,
  settings: NetSettings,
  options: FitInRunOptions,
): Promise<Trained> {
  const { tell, resumedAt } = options
  const { split, encoder, task, preprocessor } = data
  const outputs = task === 'regression' ? 1 : encoder.classes.length
  const steps = Math.ceil(split.train.length / settings.batchSize)
  const net = buildNet(settings, preprocessor.width, outputs, task, steps)
  const parameters = countParameters(net)
  if (resumedAt === undefined)
    tell({
      type: 'model',
      model: 'neural',
      shape: shapeText(settings, preprocessor.width, outputs),
      parameters,
      batchSize: settings.batchSize,
      epochs: settings.epochs,
      learningRate: settings.learningRate,
      executor: executorName(diagnose()),
      passedOver: diagnose().passedOver,
    })
  const { source, validation } = await sourcesOf(data, settings)
  const history = await fitInRun(net, source, {
    ...options,
    validation,
    rows: { train: split.train.length, validation: split.validation.length },
    callbacks: netCallbacks(settings),
    settings,
  })
  return {
    family: 'neural',
    core: new NetCore(net, preprocessor, encoder),
    parts: {
      kind: 'net',
      layers: layersOf(settings, preprocessor.width, outputs, task),
      shape: shapeText(settings, preprocessor.width, outputs),
      parameters,
    },
    history,
    retrain: rows => retrainNet(data, settings, history.bestEpoch, rows),
  }
}

/** The same net, trained on rows of the sample alone for a fixed number of epochs. */
async function retrainNet(
  data: PreparedData,
  settings: NetSettings,
  epochs: number,
  rows: Uint32Array,
): Promise<NetCore> {
  const { encoder, preprocessor, sample, task } = data
  const outputs = task === 'regression' ? 1 : encoder.classes.length
  const batchSize = Math.min(settings.batchSize, rows.length)
  const steps = Math.ceil(rows.length / batchSize)
  const net = buildNet({ ...settings, batchSize }, preprocessor.width, outputs, task, steps)
  const source = new TableBatches({ ...data, table: sample.table }, rows)
  await net.fit(source, { epochs, batchSize, seed: settings.seed, verbose: 0 })
  return new NetCore(net, preprocessor, encoder)
}

function layersOf(
  settings: NetSettings,
  inputs: number,
  outputs: number,
  task: Task,
): TrainedLayer[] {
  const sizes = [inputs, ...settings.hidden, outputs]
  return sizes.slice(1).map((units, i) => ({
    name:
      i < settings.hidden.length
        ? `dense · relu${settings.dropout > 0 ? ` · dropout ${settings.dropout}` : ''}`
        : task === 'regression'
          ? 'dense'
          : 'dense · softmax',
    output: String(units),
    parameters: (sizes[i] + 1) * units,
  }))
}

/** Batches of the training and the validation rows. */
export async function sourcesOf(
  data: PreparedData,
  settings: NetSettings,
): Promise<Record<'source' | 'validation', BatchSource>> {
  const { encoder, keys, preprocessor, split, store, target, task } = data
  const balanced = settings.classWeight === 'balanced' && task === 'classification'
  const { table } = store
  if (table !== undefined) {
    const weights = balanced
      ? balancedWeights(encoder.encode(keys.column(target), split.train), encoder.classes.length)
      : undefined
    return {
      source: new TableBatches({ ...data, table }, split.train, weights),
      validation: new TableBatches({ ...data, table }, split.validation),
    }
  }
  const weights = balanced ? balancedClassWeights(encoder.classCounts) : undefined
  const validation = new StoredBatches(data, split.validation.slice().sort())
  const fits = validation.rows * preprocessor.width * 4 <= tableMemory() / 4
  return {
    source: new StoredBatches(data, split.train, weights),
    validation: fits ? await validation.inMemory() : validation,
  }
}
