// The manifest of a speech run: everything that decides its result, and what came of it.

import { resolve } from 'node:path'
import type { Diagnosis } from '../../execute/select.js'
import { withWholePaths } from '../first-manifest.js'
import { machineFacts, manifestFormat } from '../manifest.js'
import type { ManifestHead } from '../run-session.js'
import { packageVersion } from '../version.js'
import type { SpeechMetrics } from './measure-speech.js'
import type { PreparedSpeech, SpeechPart } from './prepare-speech.js'
import type { SpeechBaseline } from './speech-baseline.js'
import type { SpeechSettings } from './speech-settings.js'

export interface SpeechManifest extends ManifestHead {
  readonly kind: 'speech'
  readonly settings: SpeechSettings
  readonly data: {
    readonly source: string
    /** Absolute path of the list, for `resume`; absent for rows given in code. */
    readonly files?: readonly string[]
    readonly fingerprint: string
    /** Of the list, and those that can be used. */
    readonly rows: number
    readonly recordings: number
    readonly hours: number
    readonly sampleRate: number
    readonly characters: number
  }
  readonly split: Readonly<Record<SpeechPart, number>> & { readonly method: string }
  readonly machine: Readonly<Record<string, string | number>>
  readonly model?: { readonly kind: 'neural'; readonly layers: string; readonly parameters: number }
  readonly epochs?: number
  readonly bestEpoch?: number
  readonly seconds?: number
  readonly languageWeight?: number
  readonly metrics?: Readonly<Record<SpeechPart, SpeechMetrics>>
  /** The same text for every test recording. */
  readonly baseline?: SpeechBaseline
}

export function firstSpeechManifest(
  name: string,
  source: unknown,
  prepared: PreparedSpeech,
  settings: SpeechSettings,
  diagnosis: Diagnosis,
): SpeechManifest {
  const { list, parts, alphabet, features } = prepared
  const files = [source].flat().filter(file => typeof file === 'string')
  return {
    format: manifestFormat,
    kind: 'speech',
    athanor: packageVersion(),
    name,
    status: 'running',
    created: new Date().toISOString(),
    settings: withWholePaths(settings),
    data: {
      source: list.source,
      ...(files.length === 0 ? {} : { files: files.map(file => resolve(file)) }),
      fingerprint: list.fingerprint,
      rows: list.rows,
      recordings: list.recordings.length,
      hours: Number(prepared.hours.toFixed(4)),
      sampleRate: features.options.sampleRate,
      characters: alphabet.classes - 1,
    },
    split: { method: prepared.splitMethod, ...sizesOf(parts) },
    machine: machineFacts(diagnosis),
  }
}

export function sizesOf(parts: PreparedSpeech['parts']): Record<SpeechPart, number> {
  return {
    train: parts.train.length,
    validation: parts.validation.length,
    test: parts.test.length,
  }
}
