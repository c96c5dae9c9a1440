// A run that classifies texts: one column of a table read by a net, the rest as in any run on a table.

import { cellText, isMissing } from '../../data/column.js'
import type { Split } from '../../data/split.js'
import { diagnose } from '../../execute/select.js'
import type { Tokenizer } from '../../features/text/index.js'
import { earlyStopping } from '../../train/callbacks.js'
import { conclude } from '../conclude.js'
import { earlierRun, requireSameData } from '../earlier-run.js'
import { findingsOf } from '../findings.js'
import { firstManifest, settingsOf, sizesOf } from '../first-manifest.js'
import { fitInRun } from '../fit-in-run.js'
import { executorName, type Manifest } from '../manifest.js'
import { chooseLanguage } from '../messages/language.js'
import { primaryMetric } from '../model-asked.js'
import { countParameters } from '../net.js'
import { type DataSource, type PreparedData, prepareData } from '../prepare-data.js'
import { runError, userError } from '../run-error.js'
import { runPath } from '../run-folder.js'
import { RunSession } from '../run-session.js'
import { readSplit, writeSplit } from '../split-file.js'
import type { Run } from '../train.js'
import type { TrainSettings } from '../train-options.js'
import type { Trained } from '../trained.js'
import { makeTokenizer } from './make-tokenizer.js'
import { layersOf } from './net-layers.js'
import { textBaselines } from './text-baselines.js'
import { TextCore } from './text-core.js'
import { textFigures } from './text-figures.js'
import { buildTextNet, stepsOf, textShape, textSource } from './text-net.js'
import {
  checkTextOptions,
  fillTextSettings,
  type TextNetSettings,
  type TextRunOptions,
  type TextRunSettings,
} from './text-options.js'

/**
 * Trains a net to tell texts apart: `text` names the column of a table that it reads, `target` that of their
 * classes. Leaves the folder that a run on a table leaves; the linear baseline is TF-IDF with logistic regression.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong; NOT_FINITE when
 * training diverges; INTERRUPTED after `signal`, with everything saved for `resume`.
 * @example
 * ```ts
 * const run = await trainTextClassifier('mails.csv', { text: 'body', target: 'spam' })
 * console.log(run.metrics.test.accuracy, run.baseline.linear.accuracy)
 * ```
 */
export async function trainTextClassifier(
  data: DataSource | undefined,
  options: TextRunOptions = {},
): Promise<Run> {
  checkTextOptions(options)
  const run = new TextRun(options, performance.now())
  try {
    if (options.resume !== undefined) return await run.resume(options.resume, data)
    if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
    return await run.begin(data)
  } catch (error) {
    throw await run.fail(error)
  } finally {
    await run.close()
  }
}

type TextManifest = Manifest & { readonly settings: TextRunSettings }

class TextRun {
  private readonly session: RunSession<TextManifest>
  private prepared: PreparedData | undefined

  constructor(
    private readonly options: TextRunOptions,
    private readonly began: number,
  ) {
    this.session = new RunSession(options)
  }

  async begin(source: DataSource): Promise<Run> {
    const settings = settingsOf(this.options as TrainSettings) as TextRunSettings
    const prepared = await this.prepare(source, settings)
    const { session } = this
    const name = await session.open(prepared.target)
    await writeSplit(runPath(session.folder, 'split'), prepared, settings.seed ?? 0)
    const filled = fillTextSettings(settings, prepared.split.train.length)
    const manifest = firstManifest(
      name,
      source,
      prepared,
      { ...settings, ...filled } as unknown as TrainSettings,
      diagnose(),
    )
    await session.keep({ ...manifest, kind: 'text' } as TextManifest)
    session.tell({ type: 'started', run: name, path: session.folder })
    this.tellData(prepared)
    return this.work(prepared, filled)
  }

  async resume(run: string, data: DataSource | undefined): Promise<Run> {
    const { out } = this.options
    const { path, manifest } = await earlierRun<TextManifest>(run, out, 'text', 'resume')
    const source = data ?? manifest.data.files
    if (source === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
    const split = await readSplit(runPath(path, 'split'))
    const prepared = await this.prepare(source, manifest.settings, split)
    requireSameData(prepared.fingerprint, prepared.source, manifest.data.fingerprint)
    const epoch = await this.session.goOn(path, manifest)
    const filled = fillTextSettings(manifest.settings, prepared.split.train.length)
    return this.work(prepared, filled, epoch)
  }

  private async prepare(
    source: DataSource,
    settings: TextRunSettings,
    split?: Split,
  ): Promise<PreparedData> {
    const { text, target } = settings
    if (text === undefined) throw runError('ARGUMENT', 'textMissing')
    if (text === target) throw runError('ARGUMENT', 'textIsTarget', { column: text })
    const prepared = await prepareData(
      source,
      { ...tableSettings(settings), task: 'classification', type: { [text]: 'text' } },
      {
        ...(split === undefined ? {} : { split }),
        only: [text],
        signal: this.options.signal,
        onReading: (name, rows) =>
          this.session.tell({
            type: 'reading',
            source: name,
            ...(rows === undefined ? {} : { rows }),
          }),
      },
    )
    this.prepared = prepared
    if (prepared.store.table === undefined)
      throw runError('DATA', 'textsTooLarge', { source: prepared.source })
    if (!prepared.schema.some(({ name }) => name === text))
      throw userError.unknownColumn(
        '--text',
        text,
        prepared.schema.map(({ name }) => name),
      )
    primaryMetric(prepared, tableSettings(settings))
    return prepared
  }

  private tellData(prepared: PreparedData): void {
    const { encoder, split } = prepared
    this.session.tell({
      type: 'data',
      rows: prepared.store.rows,
      columns: prepared.schema.length,
      inputs: 1,
      target: prepared.target,
      task: 'classification',
      classes: encoder.classes,
      split: { method: prepared.splitMethod, ...sizesOf(split) },
      findings: findingsOf(prepared),
    })
  }

  private async work(
    prepared: PreparedData,
    settings: TextNetSettings,
    resumedAt?: number,
  ): Promise<Run> {
    const { session } = this
    const column = session.manifest.settings.text as string
    const tokenizer = trainedTokenizer(prepared, column, settings)
    const fitBegan = performance.now()
    const trained = await this.fit(prepared, column, tokenizer, settings, resumedAt)
    const outcome = await conclude(prepared, trained, {
      folder: session.folder,
      manifest: session.manifest,
      findings: findingsOf(prepared),
      language: chooseLanguage(this.options.lang, process.env),
      began: this.began,
      fitSeconds: (performance.now() - fitBegan) / 1000,
      tell: session.tell,
      baselines: () => textBaselines(prepared, column),
      texts: answers => textFigures(trained.core, prepared, answers),
    })
    session.set(outcome.manifest as TextManifest)
    const epochs = trained.history?.epochs ?? null
    session.tell({ type: 'finished', seconds: outcome.seconds, epochs })
    await session.keep(outcome.manifest as TextManifest)
    return {
      name: outcome.manifest.name,
      path: session.folder,
      task: 'classification',
      target: prepared.target,
      model: 'neural',
      metrics: outcome.metrics,
      baseline: outcome.baseline,
      epochs,
      seconds: outcome.seconds,
      executor: diagnose().chosen,
      leaderboard: [],
      learningCurve: null,
    }
  }

  private async fit(
    prepared: PreparedData,
    column: string,
    tokenizer: Tokenizer,
    settings: TextNetSettings,
    resumedAt?: number,
  ): Promise<Trained & { readonly core: TextCore }> {
    const { folder, tell } = this.session
    const { encoder, preprocessor, split } = prepared
    const { table } = prepared.sample
    const { context, batchSize } = settings
    const classes = encoder.classes.length
    const sourceOf = (rows: Uint32Array) =>
      textSource(prepared, table, column, rows, tokenizer, context)
    const source = sourceOf(split.train)
    const net = buildTextNet(settings, tokenizer, classes, stepsOf(source, batchSize))
    const coreOf = (own: typeof net) =>
      new TextCore(own, preprocessor, tokenizer, column, context, classes)
    // Its layers know their sizes only once it has run.
    await coreOf(net).outputs(table, split.train.subarray(0, 1))
    const parameters = countParameters(net)
    const shape = textShape(settings, tokenizer.size, classes)
    if (resumedAt === undefined)
      tell({
        type: 'model',
        model: 'neural',
        shape,
        parameters,
        batchSize,
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
      validation: sourceOf(split.validation),
      rows: { train: split.train.length, validation: split.validation.length },
      settings,
      callbacks: [earlyStopping({ patience: settings.patience || Number.MAX_SAFE_INTEGER })],
    })
    return {
      family: 'neural',
      core: coreOf(net),
      parts: { kind: 'net', layers: layersOf(net, [context]), shape, parameters },
      history,
      retrain: async rows => {
        const own = sourceOf(rows)
        const again = buildTextNet(settings, tokenizer, classes, stepsOf(own, batchSize))
        const { seed } = settings
        await again.fit(own, { epochs: history.bestEpoch, batchSize, seed, verbose: 0 })
        return coreOf(again)
      },
    }
  }

  fail(error: unknown): Promise<unknown> {
    return this.session.fail(error, () => 'interrupted')
  }

  async close(): Promise<void> {
    this.session.close()
    await this.prepared?.store.close()
  }
}

/** Settings as the table's preparation knows them. */
function tableSettings(settings: TextRunSettings): TrainSettings {
  const {
    text: _,
    tokenizer,
    merges,
    vocabulary,
    model,
    width,
    layers,
    heads,
    context,
    ...rest
  } = settings
  return rest
}

function trainedTokenizer(
  { sample, split }: PreparedData,
  column: string,
  settings: TextNetSettings,
): Tokenizer {
  const cells = sample.table.column(column)
  return makeTokenizer(settings).train(
    Array.from(split.train, row => (isMissing(cells, row) ? '' : cellText(cells, row))),
  )
}
