// What a run on pictures can be told, and what suits so many of them where nothing is said.

import { rateOf } from '../asked-rate.js'
import type { NetSettings } from '../net-defaults.js'
import { runError } from '../run-error.js'
import { type PictureModelName, pictureModelNames, type TrainSettings } from '../train-options.js'

/** With every default filled in. */
export interface PictureNetSettings extends NetSettings {
  readonly model: PictureModelName
  readonly augment: string
  readonly mix: NonNullable<TrainSettings['mix']>
  readonly sampling: NonNullable<TrainSettings['sampling']>
}

/** Errors: ARGUMENT for parts that leave nothing to train on. */
export function checkPictureSettings({ validation = 0.15, test = 0.15 }: TrainSettings): void {
  if (Number(validation) + Number(test) >= 1 - 1e-9) throw runError('ARGUMENT', 'fractionsTooLarge')
}

export function isPictureModel(model: string): model is PictureModelName {
  return (pictureModelNames as readonly string[]).includes(model)
}

interface Size {
  /** Up to so many training pictures. */
  readonly rows: number
  readonly batchSize: number
  readonly epochs: number
  readonly patience: number
}

const sizes: readonly Size[] = [
  { rows: 500, batchSize: 16, epochs: 40, patience: 15 },
  { rows: 2_000, batchSize: 32, epochs: 30, patience: 10 },
  { rows: 10_000, batchSize: 64, epochs: 12, patience: 5 },
  { rows: 100_000, batchSize: 128, epochs: 12, patience: 4 },
  { rows: Infinity, batchSize: 256, epochs: 10, patience: 3 },
]

const rates: Readonly<Record<NetSettings['optimizer'], number>> = {
  adam: 2e-3,
  adamw: 2e-3,
  sgd: 0.05,
  rmsprop: 1e-3,
  adagrad: 1e-2,
  gradientDescent: 0.1,
}

/** Every setting: what was asked for, else what the number of pictures suggests. */
export function fillPictureSettings(given: TrainSettings, trainRows: number): PictureNetSettings {
  const size = sizes.find(({ rows }) => trainRows <= rows) as Size
  const optimizer = given.optimizer ?? 'adamw'
  const asked = given.batchSize ?? size.batchSize
  return {
    model: (given.model as PictureModelName | undefined) ?? 'cnn',
    augment: given.augment ?? 'none',
    mix: given.mix ?? 'none',
    sampling: given.sampling ?? 'all',
    hidden: [],
    epochs: given.epochs ?? size.epochs,
    batchSize: optimizer === 'gradientDescent' ? trainRows : Math.min(asked, trainRows),
    optimizer,
    learningRate: rateOf(given, rates[optimizer]),
    schedule: given.schedule ?? 'cosine',
    dropout: given.dropout ?? 0.2,
    l2: given.l2 ?? 0,
    patience: given.patience ?? size.patience,
    classWeight: given.classWeight ?? 'none',
    seed: given.seed ?? 0,
  }
}
