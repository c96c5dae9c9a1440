// From a source to pictures that can be learned from: opened, divided, measured.

import { basename } from 'node:path'
import type { DataFinding } from '../../data/finding.js'
import { openPictures } from '../../data/node/pictures/open-pictures.js'
import {
  type ChannelStatistics,
  channelStatistics,
  type PictureDataset,
  splitPictures,
} from '../../data/pictures/index.js'
import type { Split } from '../../data/split.js'
import { unevenClasses } from '../../data/uneven-classes.js'
import { runError } from '../run-error.js'
import type { TrainSettings } from '../train-options.js'

export interface PreparedPictures {
  readonly source: string
  readonly pictures: PictureDataset
  readonly split: Split
  readonly splitMethod: string
  /** Of the training pictures. */
  readonly statistics: ChannelStatistics
  /** Training pictures of each class. */
  readonly classCounts: Float64Array
  readonly findings: readonly DataFinding[]
}

export interface PreparePicturesOptions {
  /** The parts of an earlier run. */
  readonly split?: Split
  readonly signal?: AbortSignal
  readonly onReading?: (source: string, done?: number, of?: number) => void
}

export async function preparePictures(
  source: string | readonly string[],
  settings: TrainSettings,
  { split: earlier, signal, onReading }: PreparePicturesOptions,
): Promise<PreparedPictures> {
  const shown = basename(typeof source === 'string' ? source : source[0])
  onReading?.(shown)
  const pictures = await openPictures(source, {
    signal,
    strict: settings.badRows === 'error',
    onProgress: ({ done, of }) => onReading?.(shown, done, of),
    ...(settings.picture === undefined ? {} : { pictureColumn: settings.picture }),
    ...(settings.target === undefined ? {} : { labelColumn: settings.target }),
    ...(settings.pictureSize === undefined ? {} : { pictureSize: settings.pictureSize }),
    ...(settings.fit === undefined ? {} : { fit: settings.fit }),
  })
  const known = pictures.labels.filter(label => label >= 0).length
  if (known === 0) throw runError('DATA', 'noClasses', { source: shown })
  if (known < 10) throw runError('DATA', 'tooFewRows', { rows: known, least: 10 })
  if (pictures.classes.length < 2)
    throw runError('DATA', 'oneClassOfPictures', { source: shown, value: pictures.classes[0] })
  const validation = Number(settings.validation ?? 0.15)
  const test = Number(settings.test ?? 0.15)
  const made =
    earlier === undefined
      ? splitPictures(pictures, {
          fractions: { train: 1 - validation - test, validation, test },
          seed: settings.seed ?? 0,
        })
      : { ...earlier, method: 'stratified', leaked: 0 }
  for (const part of ['train', 'validation', 'test'] as const)
    if (made[part].length === 0)
      throw part === 'train'
        ? runError('DATA', 'fractionsTooLarge')
        : runError('DATA', 'emptyPart', { part })
  const classCounts = new Float64Array(pictures.classes.length)
  for (const row of made.train) classCounts[pictures.labels[row]]++
  return {
    source: shown,
    pictures,
    split: { train: made.train, validation: made.validation, test: made.test },
    splitMethod: made.method === 'given' ? 'files' : 'stratified',
    statistics: await channelStatistics(pictures, made.train),
    classCounts,
    findings: [
      ...pictures.findings,
      ...splitFindings(made.leaked),
      ...balanceFindings(pictures.classes, classCounts, settings),
    ],
  }
}

/** Of the training pictures; nothing where the settings see to it. */
function balanceFindings(
  classes: readonly string[],
  counts: Float64Array,
  { classWeight = 'none', sampling = 'all' }: TrainSettings,
): DataFinding[] {
  const uneven = unevenClasses(classes.map((name, i) => [name, counts[i]]))
  if (uneven === undefined || classWeight === 'balanced' || sampling === 'balanced') return []
  return [{ code: 'picture-class-imbalance', severity: 'warning', details: uneven }]
}

function splitFindings(leaked: number): DataFinding[] {
  const findings: DataFinding[] = []
  if (leaked > 0)
    findings.push({
      code: 'duplicate-pictures-across-split',
      severity: 'warning',
      count: leaked,
      details: {},
    })
  return findings
}
