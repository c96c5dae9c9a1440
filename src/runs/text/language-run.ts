// A run of a language model: from a text file to a folder with the model, its measures and a report.

import { basename } from 'node:path'
import { diagnose } from '../../execute/select.js'
import type { BatchSource } from '../../train/batches.js'
import { settingsOf } from '../first-manifest.js'
import { fitInRun } from '../fit-in-run.js'
import { watchingSchedule } from '../fit-net.js'
import { machineFacts, manifestFormat } from '../manifest.js'
import { chooseLanguage } from '../messages/language.js'
import { countParameters } from '../net.js'
import type { NetToRate } from '../rate-test.js'
import { type DataFacts, RunCourse, type Start } from '../run-course.js'
import { runError } from '../run-error.js'
import type { LanguageModelRun } from '../run-results.js'
import { packageVersion } from '../version.js'
import { concludeLanguage } from './language-conclude.js'
import { type PreparedText, prepareText } from './language-data.js'
import type { LanguageManifest } from './language-manifest.js'
import { buildLanguageNet, shapeOf } from './language-net.js'
import {
  type FilledLanguageSettings,
  fillLanguageSettings,
  type LanguageModelOptions,
  type LanguageModelSettings,
} from './language-options.js'
import { languageSources } from './language-sources.js'
import { TextGenerator } from './text-generator.js'

/** A text with the settings that suit it. */
interface PreparedLanguage {
  readonly data: PreparedText
  readonly settings: FilledLanguageSettings
}

export class LanguageRun extends RunCourse<
  string,
  PreparedLanguage,
  LanguageManifest,
  LanguageModelRun
> {
  constructor(private readonly asked: LanguageModelOptions) {
    super('languageModel', asked)
  }

  protected settings(): LanguageModelSettings {
    const { task: _, ...settings } = settingsOf(this.asked)
    return settings
  }

  protected async prepare(
    file: string,
    settings: LanguageModelSettings,
  ): Promise<PreparedLanguage> {
    if (typeof file !== 'string') throw runError('ARGUMENT', 'oneTextFile')
    this.onReading(file)
    const data = await prepareText(file, settings)
    return { data, settings: checkedSettings(settings, data) }
  }

  protected facts({ data: { source, path, fingerprint } }: PreparedLanguage): DataFacts {
    return { source, fingerprint, title: basename(path).replace(/(\.gz)?(\.[^.]*)?$/, '') }
  }

  protected firstManifest(
    name: string,
    _file: string,
    { data, settings }: PreparedLanguage,
    asked: LanguageModelSettings,
  ): LanguageManifest {
    const { learningRate } = asked
    const filled = { ...settings, ...(learningRate === 'auto' ? { learningRate } : {}) }
    return firstManifest(name, data, { ...asked, ...filled })
  }

  protected tellData({ data }: PreparedLanguage): void {
    const { source, tokenizer, ids, characters, encoding } = data
    this.session.tell({
      type: 'text',
      source,
      encoding,
      tokenizer: tokenizer.kind,
      vocabulary: tokenizer.size,
      characters,
      tokens: {
        train: ids.train.length,
        validation: ids.validation.length,
        test: ids.test.length,
      },
    })
  }

  protected netToRate({ data }: PreparedLanguage, given: LanguageModelSettings): NetToRate {
    const settings = checkedSettings(given, data)
    const { source } = languageSources(data.ids, settings)
    const { batchSize, seed, learningRate: standard } = settings
    return { net: netFor(data, settings, source).net, source, batchSize, seed, standard }
  }

  protected async work(
    { data }: PreparedLanguage,
    { resumed }: Start<LanguageManifest>,
  ): Promise<LanguageModelRun> {
    const { began, session } = this
    const settings = checkedSettings(session.manifest.settings, data)
    const { folder, tell } = session
    const { context } = settings
    const { source, validation } = languageSources(data.ids, settings)
    const { net, layers } = netFor(data, settings, source)
    const parameters = countParameters(net)
    const shape = shapeOf(settings, data.tokenizer.size)
    session.set({ ...session.manifest, model: { kind: settings.model, layers: shape, parameters } })
    const history = await fitInRun(net, source, {
      folder,
      tell,
      signal: this.options.signal,
      resumed,
      model: 'neural',
      shape,
      validation,
      rows: { train: source.rows, validation: validation.rows },
      // Without early stopping, a third of the epochs is patience enough for the rate.
      callbacks: watchingSchedule({ ...settings, patience: settings.patience || settings.epochs }),
      settings,
    })
    const outcome = await concludeLanguage(data, new TextGenerator(net, data.tokenizer, context), {
      folder,
      manifest: session.manifest,
      language: chooseLanguage(this.options.lang, process.env),
      layers,
      history,
      began,
      tell,
    })
    session.set(outcome.manifest)
    tell({ type: 'finished', seconds: outcome.seconds, epochs: history.epochs })
    await session.keep(outcome.manifest)
    return {
      kind: 'languageModel',
      name: outcome.manifest.name,
      path: folder,
      measures: outcome.measures,
      epochs: history.epochs,
      seconds: outcome.seconds,
      executor: diagnose().chosen,
    }
  }
}

/** Windows of the training and the validation part. */
/** The net before its training, the same for the same settings. */
function netFor(
  { tokenizer }: PreparedText,
  settings: FilledLanguageSettings,
  { rows }: BatchSource,
) {
  return buildLanguageNet(settings, tokenizer.size, Math.ceil(rows / settings.batchSize))
}

/** Errors: DATA where the text is too short for a window that was asked for. */
function checkedSettings(
  asked: LanguageModelSettings,
  { ids, source }: PreparedText,
): FilledLanguageSettings {
  const tokens = { train: ids.train.length, validation: ids.validation.length }
  const settings = fillLanguageSettings(asked, tokens)
  const most = Math.min(tokens.train, tokens.validation) - 1
  if (settings.context > most)
    throw runError('DATA', 'contextTooLong', {
      source,
      context: String(settings.context),
      most: String(most),
    })
  return settings
}

function firstManifest(
  name: string,
  data: PreparedText,
  settings: LanguageModelSettings,
): LanguageManifest {
  const { characters, ids } = data
  return {
    kind: 'languageModel',
    format: manifestFormat,
    athanor: packageVersion(),
    name,
    status: 'running',
    created: new Date().toISOString(),
    settings,
    data: {
      source: data.source,
      files: [data.path],
      fingerprint: data.fingerprint,
      encoding: data.encoding,
      characters: characters.train + characters.validation + characters.test,
    },
    split: { method: 'contiguous', ...characters },
    tokens: {
      train: ids.train.length,
      validation: ids.validation.length,
      test: ids.test.length,
      vocabulary: data.tokenizer.size,
      unknown: data.unknown.test,
    },
    machine: machineFacts(diagnose()),
  }
}
