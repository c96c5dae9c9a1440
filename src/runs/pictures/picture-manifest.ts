// The manifest of a run on pictures: as that of a table, with what was learned of the pictures.

import { resolve } from 'node:path'
import { diagnose } from '../../execute/select.js'
import { sizesOf } from '../first-manifest.js'
import { type Manifest, machineFacts, manifestFormat } from '../manifest.js'
import type { TrainSettings } from '../train-options.js'
import { packageVersion } from '../version.js'
import type { PreparedPictures } from './prepare-pictures.js'

export interface PictureManifest extends Omit<Manifest, 'data' | 'board' | 'model'> {
  readonly kind: 'pictures'
  readonly data: {
    readonly source: string
    /** Absolute, for `resume`. */
    readonly files: readonly string[]
    readonly fingerprint: string
    readonly rows: number
    /** Pictures that were left out. */
    readonly broken: number
  }
  readonly pictures: {
    readonly shape: readonly number[]
    readonly mean: readonly number[]
    readonly std: readonly number[]
  }
  readonly model?: { readonly kind: string; readonly layers: string; readonly parameters: number }
}

export function firstPictureManifest(
  name: string,
  source: string | readonly string[],
  prepared: PreparedPictures,
  settings: TrainSettings,
): PictureManifest {
  const { pictures, split, splitMethod, statistics } = prepared
  return {
    format: manifestFormat,
    kind: 'pictures',
    athanor: packageVersion(),
    name,
    status: 'running',
    created: new Date().toISOString(),
    settings,
    data: {
      source: prepared.source,
      files: (typeof source === 'string' ? [source] : source).map(file => resolve(file)),
      fingerprint: pictures.fingerprint,
      rows: pictures.rows,
      broken: pictures.broken.length,
    },
    pictures: { shape: pictures.shape, ...statistics },
    task: 'classification',
    classes: pictures.classes,
    split: { method: splitMethod, ...sizesOf(split) },
    machine: machineFacts(diagnose()),
  }
}
