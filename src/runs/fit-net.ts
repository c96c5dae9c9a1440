// A net trained for a comparison: like a run's own, without checkpoints; a part of its rows stops it early.

import { AthanorError } from '../base/errors.js'
import { Random } from '../base/philox.js'
import type { Table } from '../data/table.js'
import { type Callback, earlyStopping, reduceOnPlateau } from '../train/callbacks.js'
import { balancedRowWeights } from './class-weights.js'
import { buildNet } from './net.js'
import { fillNetSettings, type NetSettings } from './net-defaults.js'
import type { LearnedColumns } from './prepare-data.js'
import { TableBatches } from './table-batches.js'
import { NetCore } from './table-core.js'
import type { TrainSettings } from './train-options.js'

/** Share of the rows that stops training and is not learned from. */
const watched = 0.15

export async function fitNet(
  data: LearnedColumns & { readonly table: Table },
  rows: Uint32Array,
  given: TrainSettings,
  signal: AbortSignal | undefined,
): Promise<NetCore> {
  const { encoder, preprocessor, table, target, task } = data
  const order = new Random(given.seed ?? 0, 0x6e657466).shuffle(rows.slice())
  const watch = Math.max(1, Math.round(watched * rows.length))
  const [stop, learn] = [order.subarray(0, watch), order.subarray(watch)]
  const settings = fillNetSettings(given, task, learn.length)
  const outputs = task === 'regression' ? 1 : encoder.classes.length
  const steps = Math.ceil(learn.length / settings.batchSize)
  const net = buildNet(settings, preprocessor.width, outputs, task, steps)
  const weights =
    settings.classWeight === 'balanced' && task === 'classification'
      ? balancedRowWeights(encoder.encode(table.column(target), learn), outputs)
      : undefined
  const { stopped } = await net.fit(new TableBatches(data, learn, weights), {
    epochs: settings.epochs,
    batchSize: settings.batchSize,
    validationData: new TableBatches(data, stop),
    callbacks: [
      ...watchingSchedule(settings),
      earlyStopping({ patience: settings.patience || Number.MAX_SAFE_INTEGER }),
    ],
    seed: settings.seed,
    verbose: 0,
    signal,
  })
  if (stopped === 'interrupted') throw new AthanorError('INTERRUPTED', { operation: 'training' })
  return new NetCore(net, preprocessor, encoder)
}

/** The schedule where it watches the loss. */
export function watchingSchedule(
  settings: Pick<NetSettings, 'schedule' | 'patience' | 'learningRate'>,
): Callback[] {
  if (settings.schedule !== 'plateau') return []
  const plateau = reduceOnPlateau({
    factor: 0.3,
    patience: Math.max(2, Math.round(Math.min(settings.patience || 20, 60) / 3)),
    minDelta: 0,
    minLearningRate: settings.learningRate / 100,
  })
  return [plateau]
}
