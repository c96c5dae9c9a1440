// Sizes and rates that suit a table of so many rows, where the user says nothing.

import { rateOf } from './asked-rate.js'
import type { Task, TrainSettings } from './train-options.js'

export type NetSettings = { readonly learningRate: number } & Required<
  Pick<
    TrainSettings,
    | 'hidden'
    | 'epochs'
    | 'batchSize'
    | 'optimizer'
    | 'schedule'
    | 'dropout'
    | 'l2'
    | 'patience'
    | 'classWeight'
    | 'seed'
  >
>

interface Size {
  /** Up to so many training rows. */
  readonly rows: number
  readonly hidden: readonly number[]
  readonly batchSize: number
  readonly epochs: number
  readonly patience: number
  readonly dropout: number
}

const sizes: readonly Size[] = [
  { rows: 400, hidden: [64, 32], batchSize: 16, epochs: 200, patience: 30, dropout: 0.1 },
  { rows: 1_500, hidden: [64, 32], batchSize: 32, epochs: 200, patience: 25, dropout: 0.1 },
  { rows: 6_000, hidden: [128, 64], batchSize: 64, epochs: 150, patience: 20, dropout: 0.1 },
  { rows: 30_000, hidden: [256, 128], batchSize: 128, epochs: 120, patience: 15, dropout: 0.1 },
  { rows: 200_000, hidden: [256, 128], batchSize: 512, epochs: 60, patience: 8, dropout: 0.05 },
  { rows: 1_000_000, hidden: [256, 128], batchSize: 1024, epochs: 30, patience: 5, dropout: 0 },
  { rows: Infinity, hidden: [256, 128], batchSize: 2048, epochs: 12, patience: 3, dropout: 0 },
]

const rates: Readonly<Record<NonNullable<TrainSettings['optimizer']>, number>> = {
  adam: 1e-3,
  adamw: 1e-3,
  sgd: 1e-2,
  rmsprop: 1e-3,
  adagrad: 1e-2,
  gradientDescent: 0.1,
}

/** Every setting of the net: what was asked for, else what the number of rows suggests. */
export function fillNetSettings(given: TrainSettings, task: Task, trainRows: number): NetSettings {
  const size = sizes.find(({ rows }) => trainRows <= rows) as Size
  const optimizer = given.optimizer ?? 'adamw'
  const batchSize =
    optimizer === 'gradientDescent'
      ? trainRows
      : Math.min(given.batchSize ?? size.batchSize, trainRows)
  return {
    hidden: given.hidden ?? size.hidden,
    epochs: given.epochs ?? size.epochs,
    batchSize,
    optimizer,
    learningRate: rateOf(given, rates[optimizer]),
    schedule: given.schedule ?? 'plateau',
    dropout: given.dropout ?? size.dropout,
    // Numbers are mostly noise around a smooth course; classes rather overfit in confidence, which
    // early stopping sees to.
    l2: given.l2 ?? (task === 'regression' ? 1e-3 : 0),
    patience: given.patience ?? size.patience,
    classWeight: given.classWeight ?? 'none',
    seed: given.seed ?? 0,
  }
}
