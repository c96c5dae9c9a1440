// The manifest as a run begins: what was asked for, of which data, on which machine.

import { resolve } from 'node:path'
import type { Split } from '../data/split.js'
import type { Diagnosis } from '../execute/select.js'
import { type Manifest, machineFacts, manifestFormat } from './manifest.js'
import type { DataSource, PreparedData } from './prepare-data.js'
import { placeParameters, type RunPlace, type TrainSettings } from './train-options.js'
import { packageVersion } from './version.js'

const ofPlace: ReadonlySet<string> = new Set([
  ...Object.keys(placeParameters),
  'signal',
  'onProgress',
])

/** The options that decide the result. */
export function settingsOf<Options extends RunPlace>(
  options: Options,
): Omit<Options, keyof RunPlace> {
  const settings = Object.entries(options).filter(
    ([name, value]) => !ofPlace.has(name) && value !== undefined,
  )
  return Object.fromEntries(settings) as Omit<Options, keyof RunPlace>
}

export function sizesOf(split: Split) {
  return {
    train: split.train.length,
    validation: split.validation.length,
    test: split.test.length,
  }
}

/** Files of parts by their whole paths: the run may be resumed from another folder. */
export function withWholePaths<Settings extends Pick<TrainSettings, 'validation' | 'test'>>(
  settings: Settings,
): Settings {
  const { validation, test } = settings
  return {
    ...settings,
    ...(typeof validation === 'string' ? { validation: resolve(validation) } : {}),
    ...(typeof test === 'string' ? { test: resolve(test) } : {}),
  }
}

export function firstManifest(
  name: string,
  source: DataSource,
  prepared: PreparedData,
  settings: TrainSettings,
  diagnosis: Diagnosis,
): Manifest {
  const files = (typeof source === 'string' ? [source] : source).filter(
    file => typeof file === 'string',
  )
  return {
    format: manifestFormat,
    athanor: packageVersion(),
    name,
    status: 'running',
    created: new Date().toISOString(),
    settings: withWholePaths(settings),
    data: {
      source: prepared.source,
      ...(files.length === 0 ? {} : { files: files.map(file => resolve(file)) }),
      fingerprint: prepared.fingerprint,
      rows: prepared.store.rows,
      columns: prepared.schema.length,
      ...(prepared.onDisk === undefined ? {} : { onDisk: true }),
    },
    task: prepared.task,
    ...(prepared.task === 'classification' ? { classes: prepared.encoder.classes } : {}),
    split: { method: prepared.splitMethod, ...sizesOf(prepared.split) },
    machine: machineFacts(diagnosis),
  }
}
