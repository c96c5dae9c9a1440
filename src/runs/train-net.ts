// The training of a run's net: batches of the table, early stopping, schedule, checkpoints, events.

import { tableMemory } from '../data/node/table-memory.js'
import type { BatchSource } from '../train/batches.js'
import type { Model } from '../train/model.js'
import { balancedRowWeights, balancedWeights } from './class-weights.js'
import { type FitInRunOptions, fitInRun } from './fit-in-run.js'
import { watchingSchedule } from './fit-net.js'
import { buildNet, countParameters, shapeText } from './net.js'
import { fillNetSettings, type NetSettings } from './net-defaults.js'
import type { PreparedData } from './prepare-data.js'
import type { NetToRate } from './rate-test.js'
import { StoredBatches } from './stored-batches.js'
import { TableBatches } from './table-batches.js'
import { NetCore } from './table-core.js'
import type { Task, TrainSettings } from './train-options.js'
import type { Trained, TrainedLayer } from './trained.js'

export async function trainNet(
  data: PreparedData,
  settings: NetSettings,
  options: FitInRunOptions,
): Promise<Trained> {
  const { split, encoder, preprocessor } = data
  const net = netFor(data, settings)
  const shape = shapeText(settings, preprocessor.width, outputsOf(data))
  const { source, validation } = await sourcesOf(data, settings)
  const history = await fitInRun(net, source, {
    ...options,
    model: 'neural',
    shape,
    validation,
    rows: { train: split.train.length, validation: split.validation.length },
    callbacks: watchingSchedule(settings),
    settings,
  })
  return {
    family: 'neural',
    core: new NetCore(net, preprocessor, encoder),
    parts: {
      kind: 'net',
      layers: layersOf(settings, preprocessor.width, outputsOf(data), data.task),
      shape,
      parameters: countParameters(net),
    },
    history,
    retrain: rows => retrainNet(data, settings, history.bestEpoch, rows),
  }
}

/** The net before its training, the same for the same settings. */
function netFor(data: PreparedData, settings: NetSettings): Model {
  const { split, preprocessor, task } = data
  const steps = Math.ceil(split.train.length / settings.batchSize)
  return buildNet(settings, preprocessor.width, outputsOf(data), task, steps)
}

function outputsOf({ task, encoder }: PreparedData): number {
  return task === 'regression' ? 1 : encoder.classes.length
}

/** The net that is about to be trained, for the range test of learning rates. */
export async function netToRate(data: PreparedData, given: TrainSettings): Promise<NetToRate> {
  const settings = fillNetSettings(given, data.task, data.split.train.length)
  const { source } = await sourcesOf(data, settings)
  const { batchSize, seed, learningRate: standard } = settings
  return { net: netFor(data, settings), source, batchSize, seed, standard }
}

/** The same net, trained on rows of the sample alone for a fixed number of epochs. */
async function retrainNet(
  data: PreparedData,
  settings: NetSettings,
  epochs: number,
  rows: Uint32Array,
): Promise<NetCore> {
  const { encoder, preprocessor, sample, task } = data
  const batchSize = Math.min(settings.batchSize, rows.length)
  const steps = Math.ceil(rows.length / batchSize)
  const net = buildNet({ ...settings, batchSize }, preprocessor.width, outputsOf(data), task, steps)
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
      ? balancedRowWeights(encoder.encode(keys.column(target), split.train), encoder.classes.length)
      : undefined
    return {
      source: new TableBatches({ ...data, table }, split.train, weights),
      validation: new TableBatches({ ...data, table }, split.validation),
    }
  }
  const weights = balanced ? balancedWeights(encoder.classCounts) : undefined
  const validation = new StoredBatches(data, split.validation.slice().sort())
  const fits = validation.rows * preprocessor.width * 4 <= tableMemory() / 4
  return {
    source: new StoredBatches(data, split.train, weights),
    validation: fits ? await validation.inMemory() : validation,
  }
}
