// A run that classifies texts: one column of a table read by a net, the rest as in any run on a table.

import { cellText, isMissing } from '../../data/column.js'
import type { DataFinding } from '../../data/finding.js'
import type { BucketedSequences } from '../../data/text/index.js'
import { diagnose } from '../../execute/select.js'
import type { Tokenizer } from '../../features/text/index.js'
import type { BatchSource } from '../../train/batches.js'
import type { EpochsDone } from '../checkpoints.js'
import { balancedWeights, WeightedClasses } from '../class-weights.js'
import { conclude } from '../conclude.js'
import { dataEvent } from '../data-event.js'
import { findingsOf } from '../findings.js'
import { firstManifest, settingsOf } from '../first-manifest.js'
import { fitInRun } from '../fit-in-run.js'
import { watchingSchedule } from '../fit-net.js'
import type { Manifest } from '../manifest.js'
import { chooseLanguage } from '../messages/language.js'
import { primaryMetric } from '../model-asked.js'
import { countParameters } from '../net.js'
import { layersOf } from '../net-layers.js'
import { type DataSource, type PreparedData, prepareData } from '../prepare-data.js'
import type { NetToRate } from '../rate-test.js'
import { type DataFacts, type Earlier, RunCourse, type Start } from '../run-course.js'
import { runError } from '../run-error.js'
import type { Run } from '../run-results.js'
import type { TrainSettings } from '../train-options.js'
import type { Trained } from '../trained.js'
import { makeTokenizer, tokenizerFor } from './make-tokenizer.js'
import { textBaselines } from './text-baselines.js'
import { TextCore } from './text-core.js'
import { textFigures } from './text-figures.js'
import { buildTextNet, stepsOf, textShape, textSource } from './text-net.js'
import {
  defaultVocabulary,
  fillTextSettings,
  type TextNetSettings,
  type TextRunOptions,
  type TextRunSettings,
} from './text-options.js'

type TextManifest = Omit<Manifest, 'settings'> & { readonly settings: TextRunSettings }

interface PreparedTexts {
  readonly data: PreparedData
  /** The column that is read. */
  readonly column: string
  readonly tokenizer: Tokenizer
  readonly settings: TextNetSettings
  readonly findings: readonly DataFinding[]
}

export class TextRun extends RunCourse<DataSource, PreparedTexts, TextManifest, Run> {
  private data: PreparedData | undefined

  constructor(private readonly asked: TextRunOptions) {
    super('text', asked)
  }

  protected settings(): TextRunSettings {
    const settings = settingsOf(this.asked)
    const { text, target } = settings
    if (text === target && text !== undefined)
      throw runError('ARGUMENT', 'textIsTarget', { column: text })
    return settings
  }

  protected async prepare(
    source: DataSource,
    settings: TextRunSettings,
    earlier?: Earlier<TextManifest>,
  ): Promise<PreparedTexts> {
    const column = settings.text as string
    const { onReading } = this
    const data = await prepareData(
      source,
      { ...tableSettings(settings), task: 'classification', type: { [column]: 'text' } },
      {
        split: earlier?.split,
        only: [column],
        typesFrom: '--text',
        signal: this.options.signal,
        onReading,
      },
    )
    this.data = data
    if (data.store.table === undefined)
      throw runError('DATA', 'textsTooLarge', { source: data.source })
    primaryMetric(data, tableSettings(settings))
    const texts = trainTexts(data, column)
    const { vocabulary = defaultVocabulary, tokenizer = tokenizerFor(texts, vocabulary) } = settings
    const filled = fillTextSettings({ ...settings, tokenizer }, texts.length)
    const trained = makeTokenizer(filled).train(texts)
    const findings = [
      ...findingsOf(data).map(finding =>
        finding.code === 'text-column' ? asTokens(finding, trained) : finding,
      ),
      ...longTexts(texts, column, trained, filled.context),
    ]
    return { data, column, tokenizer: trained, settings: filled, findings }
  }

  protected facts({ data }: PreparedTexts): DataFacts {
    const { source, fingerprint, split, splitMethod, store, target: title } = data
    return { source, fingerprint, title, divided: { split, splitMethod, rows: store.rows } }
  }

  protected firstManifest(
    name: string,
    source: DataSource,
    { data, settings }: PreparedTexts,
    given: TextRunSettings,
  ): TextManifest {
    const { learningRate } = given
    const manifest = firstManifest(name, source, data, tableSettings(given), diagnose())
    const filled = { ...settings, ...(learningRate === 'auto' ? { learningRate } : {}) }
    return { ...manifest, kind: 'text', settings: { ...given, ...manifest.settings, ...filled } }
  }

  protected tellData({ data, findings }: PreparedTexts): void {
    this.session.tell(dataEvent(data, findings))
  }

  protected netToRate(texts: PreparedTexts, given: TextRunSettings): NetToRate {
    const { split } = texts.data
    const { tokenizer } = texts.settings
    const settings = fillTextSettings({ ...given, tokenizer }, split.train.length)
    const source = sourceOf(texts, split.train)
    const { batchSize, seed, learningRate: standard } = settings
    const net = netFor(texts, settings, stepsOf(source, batchSize))
    return { net, source: weighted(texts, source), batchSize, seed, standard }
  }

  protected async work(texts: PreparedTexts, { resumed }: Start<TextManifest>): Promise<Run> {
    const { session } = this
    const { data, column, findings } = texts
    const { tokenizer } = texts.settings
    const settings = fillTextSettings(
      { ...session.manifest.settings, tokenizer },
      data.split.train.length,
    )
    const fitBegan = performance.now()
    const trained = await this.fit(texts, settings, resumed)
    const outcome = await conclude(data, trained, {
      folder: session.folder,
      manifest: session.manifest,
      findings,
      language: chooseLanguage(this.options.lang, process.env),
      began: this.began,
      fitSeconds: (performance.now() - fitBegan) / 1000,
      tell: session.tell,
      baselines: () => textBaselines(data, column),
      texts: answers => textFigures(trained.core, data, answers),
    })
    session.set(outcome.manifest)
    const epochs = trained.history?.epochs ?? null
    session.tell({ type: 'finished', seconds: outcome.seconds, epochs })
    await session.keep(outcome.manifest)
    return {
      kind: 'text',
      name: outcome.manifest.name,
      path: session.folder,
      task: 'classification',
      target: data.target,
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
    texts: PreparedTexts,
    settings: TextNetSettings,
    resumed?: EpochsDone,
  ): Promise<Trained & { readonly core: TextCore }> {
    const { folder, tell } = this.session
    const { data, column, tokenizer } = texts
    const { encoder, preprocessor, split } = data
    const { table } = data.sample
    const { context, batchSize } = settings
    const classes = encoder.classes.length
    const source = sourceOf(texts, split.train)
    const net = netFor(texts, settings, stepsOf(source, batchSize))
    const coreOf = (own: typeof net) =>
      new TextCore(own, preprocessor, tokenizer, column, context, classes)
    // Its layers know their sizes only once it has run.
    await coreOf(net).outputs(table, split.train.subarray(0, 1))
    const shape = textShape(settings, tokenizer.size, classes)
    const history = await fitInRun(net, weighted(texts, source), {
      folder,
      tell,
      signal: this.options.signal,
      resumed,
      model: 'neural',
      shape,
      validation: sourceOf(texts, split.validation),
      rows: { train: split.train.length, validation: split.validation.length },
      callbacks: watchingSchedule(settings),
      settings,
    })
    const parameters = countParameters(net)
    return {
      family: 'neural',
      core: coreOf(net),
      parts: {
        kind: 'net',
        net: settings.model,
        layers: layersOf(net, [context]),
        shape,
        parameters,
      },
      history,
      retrain: async rows => {
        const own = sourceOf(texts, rows)
        const again = netFor(texts, settings, stepsOf(own, batchSize))
        const { seed } = settings
        await again.fit(weighted(texts, own), {
          epochs: history.bestEpoch,
          batchSize,
          seed,
          verbose: 0,
        })
        return coreOf(again)
      },
    }
  }

  protected override async close(): Promise<void> {
    await this.data?.store.close()
  }
}

/** The net reads no words of the table's features. */
function asTokens(finding: DataFinding, { kind: tokenizer, size }: Tokenizer): DataFinding {
  return { ...finding, code: 'text-tokens', details: { tokenizer, vocabulary: size } }
}

/** Those of more tokens than are read are counted. */
function longTexts(
  texts: readonly string[],
  column: string,
  tokenizer: Tokenizer,
  context: number,
): DataFinding[] {
  const count = texts.filter(text => tokenizer.encode(text).length > context).length
  const details = { count, context }
  return count === 0 ? [] : [{ code: 'long-texts', severity: 'info', column, count, details }]
}

/** The net before its training, the same for the same settings. */
function netFor({ data, tokenizer }: PreparedTexts, settings: TextNetSettings, steps: number) {
  return buildTextNet(settings, tokenizer, data.encoder.classes.length, steps)
}

function sourceOf({ data, column, tokenizer, settings }: PreparedTexts, rows: Uint32Array) {
  return textSource(data, data.sample.table, column, rows, tokenizer, settings.context)
}

/** The rows that are learned from, with the weights of their classes. */
function weighted({ data, settings }: PreparedTexts, source: BucketedSequences): BatchSource {
  return settings.classWeight === 'balanced'
    ? new WeightedClasses(source, balancedWeights(data.encoder.classCounts))
    : source
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

function trainTexts({ sample, split }: PreparedData, column: string): string[] {
  const cells = sample.table.column(column)
  return Array.from(split.train, row => (isMissing(cells, row) ? '' : cellText(cells, row)))
}
