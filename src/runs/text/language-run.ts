// A run of a language model: from a text file to a folder with the model, its measures and a report.

import { basename } from 'node:path'
import { diagnose } from '../../execute/select.js'
import { earlyStopping } from '../../train/callbacks.js'
import type { Model } from '../../train/model.js'
import { earlierRun, requireSameData } from '../earlier-run.js'
import { fitInRun } from '../fit-in-run.js'
import { executorName, machineFacts, manifestFormat } from '../manifest.js'
import { chooseLanguage } from '../messages/language.js'
import { runError } from '../run-error.js'
import { RunSession } from '../run-session.js'
import { packageVersion } from '../version.js'
import { concludeLanguage } from './language-conclude.js'
import { type PreparedText, prepareText } from './language-data.js'
import type { LanguageManifest, LanguageMeasures } from './language-manifest.js'
import { buildLanguageNet, shapeOf } from './language-net.js'
import {
  checkLanguageOptions,
  type FilledLanguageSettings,
  fillLanguageSettings,
  type LanguageModelOptions,
  type LanguageModelSettings,
  languageSettings,
} from './language-options.js'
import { languageSources } from './language-sources.js'
import { TextGenerator } from './text-generator.js'

/** A finished run of a language model. */
export interface LanguageModelRun {
  readonly kind: 'languageModel'
  readonly name: string
  /** Its folder; `loadModel(run.path)` loads the model. */
  readonly path: string
  readonly measures: LanguageMeasures
  readonly epochs: number
  readonly seconds: number
  readonly executor: string
}

/**
 * Trains a language model on a text file: the last parts of the text are kept for validation and test, the
 * tokenizer is trained on the rest. Leaves a folder with the model, samples and measures beside those of counts.
 *
 * @throws AthanorError ARGUMENT, DATA or FILE where an option or the text are wrong; NOT_FINITE when training
 * diverges; INTERRUPTED after `signal`, with everything saved for `resume`.
 * @example
 * ```ts
 * const run = await trainLanguageModel('book.txt', { tokenizer: 'bpe', epochs: 5 })
 * console.log(run.measures.model.test.bitsPerCharacter, run.path)
 * ```
 */
export async function trainLanguageModel(
  file: string | undefined,
  options: LanguageModelOptions = {},
): Promise<LanguageModelRun> {
  checkLanguageOptions(options)
  const began = performance.now()
  const run = new LanguageRun(options)
  try {
    if (options.resume !== undefined) return await run.resume(options.resume, file, began)
    if (file === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
    return await run.begin(file, began)
  } catch (error) {
    throw await run.fail(error)
  } finally {
    run.close()
  }
}

class LanguageRun {
  private readonly session: RunSession<LanguageManifest>

  constructor(private readonly options: LanguageModelOptions) {
    this.session = new RunSession(options)
  }

  async begin(file: string, began: number): Promise<LanguageModelRun> {
    const asked = languageSettings(this.options)
    this.session.tell({ type: 'reading', source: file })
    const data = await prepareText(file, asked)
    const settings = checkedSettings(asked, data)
    const name = await this.session.open(basename(file).replace(/(\.gz)?(\.[^.]*)?$/, ''))
    await this.session.keep(firstManifest(name, data, { ...asked, ...settings }))
    this.session.tell({ type: 'started', run: name, path: this.session.folder })
    this.tellText(data)
    return this.work(data, settings, began)
  }

  async resume(run: string, file: string | undefined, began: number): Promise<LanguageModelRun> {
    const { out } = this.options
    const { path, manifest } = await earlierRun<LanguageManifest>(
      run,
      out,
      'languageModel',
      'resume',
    )
    const data = await prepareText(file ?? manifest.data.files[0], manifest.settings)
    requireSameData(data.fingerprint, data.source, manifest.data.fingerprint)
    const settings = checkedSettings(manifest.settings, data)
    const epoch = await this.session.goOn(path, manifest)
    return this.work(data, settings, began, epoch)
  }

  private tellText({ source, tokenizer, ids, characters, encoding }: PreparedText): void {
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

  private async work(
    data: PreparedText,
    settings: FilledLanguageSettings,
    began: number,
    resumedAt?: number,
  ): Promise<LanguageModelRun> {
    const { session } = this
    const { folder, tell } = session
    const { context } = settings
    const { source, validation } = languageSources(data.ids, settings)
    const steps = Math.ceil(source.rows / settings.batchSize)
    const { net, layers } = buildLanguageNet(settings, data.tokenizer.size, steps)
    const parameters = countOf(net)
    const shape = shapeOf(settings, data.tokenizer.size)
    session.set({ ...session.manifest, model: { kind: settings.model, layers: shape, parameters } })
    if (resumedAt === undefined)
      tell({
        type: 'model',
        model: 'neural',
        shape,
        parameters,
        batchSize: settings.batchSize,
        epochs: settings.epochs,
        learningRate: settings.learningRate,
        executor: executorName(diagnose()),
        passedOver: diagnose().passedOver,
      })
    const history = await fitInRun(net, source, {
      folder,
      tell,
      signal: this.options.signal,
      resumedAt,
      validation,
      rows: { train: source.rows, validation: validation.rows },
      settings,
      callbacks: [earlyStopping({ patience: settings.patience || Number.MAX_SAFE_INTEGER })],
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

  fail(error: unknown): Promise<unknown> {
    return this.session.fail(error, () => 'interrupted')
  }

  close(): void {
    this.session.close()
  }
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

function countOf(net: Model): number {
  return net.parameters().reduce((sum, parameter) => sum + parameter.size, 0)
}
