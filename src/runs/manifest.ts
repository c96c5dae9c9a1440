// The manifest: everything that decides a run's result, and what came of it.

import { cpus, totalmem } from 'node:os'
import type { Diagnosis } from '../execute/select.js'
import type { Board } from './board/board.js'
import type { MetricValues } from './report/report-data.js'
import type { ManifestHead } from './run-session.js'
import type { Task, TrainSettings } from './train-options.js'
import { packageVersion } from './version.js'

export const manifestFormat = 1

export interface Manifest extends ManifestHead {
  /** As asked for, with every default filled in once it is known. */
  readonly settings: TrainSettings
  readonly data: {
    readonly source: string
    /** Absolute paths, for `resume`; absent for rows given in code. */
    readonly files?: readonly string[]
    readonly fingerprint: string
    readonly rows: number
    readonly columns: number
    /** The table was larger than memory: another order of rows than in memory, so kept by `resume`. */
    readonly onDisk?: boolean
  }
  readonly task: Task
  readonly classes?: readonly string[]
  readonly split: {
    readonly method: string
    readonly train: number
    readonly validation: number
    readonly test: number
  }
  readonly machine: Readonly<Record<string, string | number>>
  readonly model?:
    | { readonly kind: string; readonly layers: string; readonly parameters: number }
    | {
        readonly kind: string
        readonly estimator: string
        readonly settings: Readonly<Record<string, unknown>>
        readonly features: number
        /** Training rows that it was given. */
        readonly rows: number
        readonly bytes: number
      }
  /** What was compared, and what the time allowed; `--repeat` reads it. */
  readonly board?: Board
  /** null for models that are not trained in epochs. */
  readonly epochs?: number | null
  readonly bestEpoch?: number
  readonly seconds?: number
  readonly threshold?: number
  readonly metrics?: Readonly<Record<'train' | 'validation' | 'test', MetricValues>>
  readonly baseline?: Readonly<Record<'dummy' | 'linear', MetricValues>>
}

export function machineFacts(diagnosis: Diagnosis): Record<string, string | number> {
  const processors = cpus()
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: processors[0]?.model.trim() ?? '',
    cores: processors.length,
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    executor: diagnosis.chosen,
    instructionSet: diagnosis.isa,
    threads: diagnosis.threads,
    athanor: packageVersion(),
  }
}

export function executorName(diagnosis: Diagnosis): string {
  const threads = diagnosis.threads > 1 ? `, ${diagnosis.threads} threads` : ''
  return `${diagnosis.chosen} ${diagnosis.isa}${threads}`
}
