// The end of a run: measuring on every part, the threshold, the baselines; then the model file, the
// predictions and the report.

import { cellText } from '../data/column.js'
import type { DataFinding } from '../data/finding.js'
import { diagnose } from '../execute/select.js'
import { answerRows, answerTable } from './answer-rows.js'
import { measureBaselines, sampleOf } from './baselines.js'
import { removeCheckpoints } from './checkpoints.js'
import { type Answers, type ClassAnswers, measure } from './evaluation.js'
import type { RunEventBody } from './events.js'
import { classFigures, columnFigures, groupsOf, numberFigures } from './figures.js'
import { columnImportance } from './importance.js'
import { coefficientsOf, countedImportances, treePicture } from './insights.js'
import { executorName, type Manifest } from './manifest.js'
import type { Language } from './messages/language.js'
import { primaryMetric } from './model-asked.js'
import { families } from './model-families.js'
import { outOfFold } from './out-of-fold.js'
import { partialDependence } from './partial-dependence.js'
import { testPredictions } from './predictions-csv.js'
import type { PreparedData } from './prepare-data.js'
import { renderReport } from './report/page.js'
import type { MetricValues, ReportData, Suspect, TextFigures } from './report/report-data.js'
import { runPath } from './run-folder.js'
import { writeDurably } from './storage.js'
import { findSuspects } from './suspects.js'
import { TableModel } from './table-model.js'
import { bestThreshold } from './threshold.js'
import type { TrainSettings } from './train-options.js'
import { keptLosses, type Trained } from './trained.js'
import { packageVersion } from './version.js'

/** What is read of a manifest: any of a run that ends as one on a table. */
type Concluded = Omit<Manifest, 'settings'> & {
  readonly settings: Pick<
    TrainSettings,
    'metric' | 'threshold' | 'maximize' | 'groupMetrics' | 'seed'
  >
}

export interface Outcome<M> {
  readonly manifest: M
  readonly metrics: Readonly<Record<'train' | 'validation' | 'test', MetricValues>>
  readonly baseline: Readonly<Record<'dummy' | 'linear', MetricValues>>
  readonly seconds: number
}

export interface ConcludeOptions<M extends Concluded> {
  readonly folder: string
  readonly manifest: M
  readonly findings: readonly DataFinding[]
  readonly language: Language
  /** When the run began, by `performance.now()`. */
  readonly began: number
  /** Answers for the training rows that a comparison left. */
  readonly outOfFold?: Answers
  /** Seconds that the model itself took. */
  readonly fitSeconds: number
  readonly tell: (event: RunEventBody) => void
  /** Instead of a dummy and a linear model over the table's features. */
  readonly baselines?: () => ReturnType<typeof measureBaselines>
  /** What a run on texts shows beside. */
  readonly texts?: (answers: TextAnswers) => Promise<TextFigures>
}

/** Answers to texts, with the probability from which the second of two classes is chosen. */
export interface TextAnswers extends Readonly<Record<'validation' | 'test', Answers>> {
  readonly threshold: number
}

/** Rows of the training split that its metrics are taken from at most. */
const mostTrainRows = 50_000

export async function conclude<M extends Concluded>(
  data: PreparedData,
  trained: Trained,
  options: ConcludeOptions<M>,
): Promise<Outcome<M>> {
  const { folder, manifest, tell } = options
  const trainedFor = (performance.now() - options.began) / 1000
  tell({ type: 'evaluating' })
  const { encoder, preprocessor, split, task } = data
  const { history } = trained
  const asked = manifest.settings
  const draft = new TableModel(trained.core, encoder, { threshold: 0.5, metrics: {} })
  const { sample } = data
  const answers = {
    train: await answerTable(draft, sample.table, sampleOf(sample.split.train, mostTrainRows)),
    validation: await answerRows(draft, data, split.validation),
    test: await answerRows(draft, data, split.test),
  }
  const threshold = chooseThreshold(asked, answers.validation)
  const metrics = {
    train: measure(answers.train, threshold),
    validation: measure(answers.validation, threshold),
    test: measure(answers.test, threshold),
  }
  const baseline = await (options.baselines?.() ?? measureBaselines(data))
  tell({ type: 'metrics', metrics, baseline })
  const model = new TableModel(trained.core, encoder, { threshold, metrics })
  await writeDurably(runPath(folder, 'model'), model.toBytes())
  await writeDurably(runPath(folder, 'predictions'), testPredictions(data, answers.test, threshold))

  const counts = encoder.classCounts
  const headline = primaryMetric(data, asked)
  const suspects =
    families[trained.family].overconfident === true
      ? []
      : await suspectRows(data, trained, answers, options)
  const findings: readonly DataFinding[] =
    suspects.length === 0
      ? options.findings
      : [
          ...options.findings,
          { code: 'likely-wrong-labels', severity: 'warning', count: suspects.length, details: {} },
        ]
  const seconds = (performance.now() - options.began) / 1000
  const finished: M = {
    ...manifest,
    status: 'finished',
    finished: new Date().toISOString(),
    model: manifestModel(trained),
    epochs: history?.epochs ?? null,
    ...(history === null ? {} : { bestEpoch: history.bestEpoch }),
    seconds: Number(seconds.toFixed(3)),
    ...(task === 'classification' && counts.length === 2 ? { threshold } : {}),
    metrics,
    baseline,
  }
  const inputs = preprocessor.inputs.filter(input => input.used).length
  const importance = await columnImportance(model, data, headline)
  const { board } = manifest
  const report: ReportData = {
    format: 1,
    language: options.language,
    version: packageVersion(),
    run: {
      name: manifest.name,
      created: manifest.created,
      seconds: trainedFor,
      epochs: history?.epochs ?? null,
      bestEpoch: history?.bestEpoch ?? null,
      executor: executorName(diagnose()),
    },
    task,
    target: data.target,
    ...(task === 'classification' ? { classes: encoder.classes } : {}),
    ...(counts.length === 2 ? { positive: encoder.classes[1], threshold } : {}),
    model: reportModel(trained),
    rows: {
      train: split.train.length,
      validation: split.validation.length,
      test: split.test.length,
    },
    inputs,
    headline,
    metrics,
    baseline,
    history: {
      train: keptLosses(history?.trainLoss ?? []),
      validation: keptLosses(history?.validationLoss ?? []),
    },
    ...(answers.test.task === 'classification'
      ? {
          classification: classFigures(
            answers.test,
            encoder.classes,
            threshold,
            curvedAnswers(data, answers.test) as ClassAnswers,
          ),
        }
      : { regression: numberFigures(answers.test) }),
    importance,
    ...(board === undefined ? {} : { board }),
    ...(options.texts === undefined
      ? {}
      : { texts: await options.texts({ ...answers, threshold }) }),
    coefficients: coefficientsOf(trained, encoder.classes),
    counted: countedImportances(trained),
    tree: await treePicture(trained, encoder.classes),
    dependence: await partialDependence(model, data, columnsToVary(model, importance)),
    columns: columnFigures(data, trained.core.inputs),
    columnCount: data.schema.length,
    ...(sample.table.rows < data.store.rows ? { sampled: sample.table.rows } : {}),
    findings,
    suspects,
    ...(asked.groupMetrics === undefined
      ? {}
      : { groups: groupFigures(data, asked.groupMetrics, answers.test, threshold) }),
    manifest: finished as unknown as Record<string, unknown>,
  }
  await writeReport(folder, report)
  await removeCheckpoints(folder)
  return { manifest: finished, metrics, baseline, seconds }
}

/** The report's data and its page. */
export async function writeReport(
  folder: string,
  report: ReportData,
  path = runPath(folder, 'report'),
  language: Language = report.language,
): Promise<void> {
  await writeDurably(runPath(folder, 'reportData'), JSON.stringify(report))
  await writeDurably(path, renderReport(report, language))
}

function chooseThreshold(asked: Concluded['settings'], validation: Answers): number {
  if (validation.task !== 'classification' || validation.classes !== 2) return 0.5
  if (asked.threshold !== undefined) return asked.threshold
  return asked.maximize === undefined ? 0.5 : bestThreshold(validation, asked.maximize)
}

function manifestModel({ family, parts }: Trained): NonNullable<Manifest['model']> {
  if (parts.kind === 'net')
    return { kind: family, layers: parts.shape, parameters: parts.parameters }
  const { estimator, parameters: settings, features, rows, bytes } = parts
  return { kind: family, estimator, settings, features, rows, bytes }
}

function reportModel({ family, parts }: Trained): ReportData['model'] {
  if (parts.kind === 'net')
    return { kind: family, net: parts.net, layers: parts.layers, parameters: parts.parameters }
  const { estimator, parameters, features, rows, bytes } = parts
  const settings = Object.entries(parameters).map(
    ([name, value]) => [name, settingText(value)] as const,
  )
  return { kind: family, estimator: { name: estimator, settings, features, rows, bytes } }
}

function settingText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '–')
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function groupFigures(
  data: PreparedData,
  name: string,
  answers: Answers,
  threshold: number,
): NonNullable<ReportData['groups']> {
  const groups = groupsOf(data.keys.column(name), data.split.test)
  return {
    column: name,
    rows: groups.map(({ value, members }) => ({
      value,
      rows: members.length,
      metrics: measure(pickAnswers(answers, members), threshold),
    })),
  }
}

function pickAnswers(answers: Answers, rows: readonly number[]): Answers {
  if (answers.task === 'regression')
    return {
      task: 'regression',
      truth: Float64Array.from(rows, row => answers.truth[row]),
      predicted: Float64Array.from(rows, row => answers.predicted[row]),
    }
  const { classes, probabilities, truth } = answers
  return {
    task: 'classification',
    classes,
    truth: Int32Array.from(rows, row => truth[row]),
    probabilities: Float64Array.from(
      { length: rows.length * classes },
      (_, i) => probabilities[rows[Math.floor(i / classes)] * classes + (i % classes)],
    ),
  }
}

/** Test rows that the report's curves are drawn from: those of the sample. */
function curvedAnswers({ sample, split }: PreparedData, answers: Answers): Answers {
  const { rowIds } = sample
  if (rowIds === undefined || sample.split.test.length === split.test.length) return answers
  const inSample = new Set(sample.split.test.map(place => rowIds[place]))
  const places: number[] = []
  split.test.forEach((row, i) => {
    if (inSample.has(row)) places.push(i)
  })
  return pickAnswers(answers, places)
}

/** The most important columns; where importances were not measured, the first. */
function columnsToVary(
  model: TableModel,
  importance: readonly { readonly column: string; readonly loss: number }[],
): readonly string[] {
  const important = importance.filter(({ loss }) => loss > 0).map(({ column }) => column)
  return important.length > 0 ? important : model.inputs.slice(0, 4)
}

/** Columns shown beside a doubtful row. */
const mostValues = 5

/** Validation and test rows by the model itself; training rows by models that never saw them. */
async function suspectRows(
  data: PreparedData,
  trained: Trained,
  answers: Readonly<Record<'validation' | 'test', Answers>>,
  { outOfFold: known, fitSeconds, manifest }: ConcludeOptions<Concluded>,
): Promise<Suspect[]> {
  const { split, encoder, keys, sample, store, target } = data
  const parts: { rows: Uint32Array; answers: Answers }[] = [
    { rows: split.validation, answers: answers.validation },
    { rows: split.test, answers: answers.test },
  ]
  const seed = manifest.settings.seed ?? 0
  const folded = known ?? (await outOfFold(data, trained, seed, fitSeconds))
  if (folded !== undefined) {
    const rows = sample.split.train.map(row => sample.rowIds?.[row] ?? row)
    parts.push({ rows, answers: folded })
  }
  const column = keys.column(target)
  const inputs = data.preprocessor.inputs
    .filter(input => input.used)
    .slice(0, mostValues)
    .map(input => input.name)
  const doubtful = parts
    .flatMap(part =>
      findSuspects(part.answers).map(found => ({ ...found, row: part.rows[found.index] })),
    )
    .sort((a, b) => (data.task === 'classification' ? a.score - b.score : b.score - a.score))
    .slice(0, 20)
  if (doubtful.length === 0) return []
  const cells = await store.take(
    Uint32Array.from(doubtful, found => found.row),
    inputs,
  )
  return doubtful.map((found, i) => ({
    row: found.row + 1,
    given: cellText(column, found.row),
    expected:
      data.task === 'classification'
        ? encoder.classes[found.expected]
        : String(Number(found.expected.toPrecision(5))),
    score: found.score,
    values: inputs.map(name => ({ name, value: cellText(cells.column(name), i) })),
  }))
}
