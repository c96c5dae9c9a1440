// A board in words, for the terminal and the report.

import type { TextNetKind } from '../../applications/text/kinds.js'
import { formatBytes } from '../../base/format-bytes.js'
import type { BoardEntry, LearningCurve, Omission } from '../board/board.js'
import type { MessageKey, Say } from '../messages/messages.js'
import type { pictureMessages } from '../messages/pictures.js'
import { type FamilyName, families } from '../model-families.js'
import type { PictureModelName } from '../train-options.js'
import { metricText, shares } from './parts.js'
import type { MetricName, ReportData } from './report-data.js'

/** What a family is called. */
export function familyTitle(family: BoardEntry['family'] | PictureModelName, say: Say): string {
  if (Object.hasOwn(pictureTitles, family)) return say(pictureTitles[family as PictureModelName])
  return say(family === 'dummy' ? 'dummy' : families[family as FamilyName].title)
}

/** What a report's model is called. */
export function modelTitle({ kind, net }: Pick<ReportData['model'], 'kind' | 'net'>, say: Say) {
  return net === undefined ? familyTitle(kind, say) : say(textTitles[net])
}

const textTitles = {
  average: 'modelAverage',
  lstm: 'modelLstm',
  gru: 'modelGru',
  transformer: 'modelTransformer',
} as const satisfies Readonly<Record<TextNetKind, MessageKey>>

const pictureTitles: Readonly<
  Record<PictureModelName, keyof typeof pictureMessages & `model${string}`>
> = {
  mlp: 'modelMlp',
  lenet: 'modelLenet',
  cnn: 'modelCnn',
  resnet20: 'modelResnet20',
  resnet32: 'modelResnet32',
  resnet56: 'modelResnet56',
  resnet18: 'modelResnet18',
}

/** 98.3% ± 1.2% */
export function scoreText(
  metric: MetricName,
  { score, spread }: Pick<BoardEntry, 'score' | 'spread'>,
  say: Say,
): string {
  if (score === null) return '–'
  return `${metricText(metric, score, say)} ± ${metricText(metric, spread ?? 0, say)}`
}

/** Seconds as people read them, from microseconds on. */
export function timeText(seconds: number | null, say: Say): string {
  if (seconds === null) return '–'
  const [value, key] =
    seconds < 0.000_999_5
      ? ([1e6 * seconds, 'microseconds'] as const)
      : seconds < 0.999_5
        ? ([1e3 * seconds, 'milliseconds'] as const)
        : ([seconds, 'secondsShort'] as const)
  const shown = value >= 100 ? Math.round(value) : Number(value.toPrecision(2))
  return say(key, { seconds: shown })
}

export function sizeText(bytes: number | null): string {
  return bytes === null ? '–' : formatBytes(bytes)
}

/** Parameters that were set, in one line; of a standard one nothing. */
export function parametersText(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}

const omissionTexts = {
  time: 'boardNoTime',
  weights: 'boardNoWeights',
  metric: 'boardNoMetric',
} as const satisfies Readonly<Record<Omission, MessageKey>>

/** Why an entry has no score, or was measured on less than the others. */
export function noteText(
  entry: Pick<BoardEntry, 'omitted' | 'failed' | 'folds' | 'rows'>,
  whole: { readonly folds: number; readonly rows: number },
  say: Say,
): string {
  if (entry.failed !== undefined) return say('boardFailed', { reason: clipped(entry.failed) })
  if (entry.omitted !== undefined) return say(omissionTexts[entry.omitted])
  const parts = [
    ...(entry.rows < whole.rows ? [say('boardRows', { rows: entry.rows })] : []),
    ...(entry.folds < whole.folds ? [say('boardFolds', { folds: entry.folds })] : []),
  ]
  return parts.join(say.language === 'zh' ? '，' : ', ')
}

function clipped(text: string): string {
  return text.length > 90 ? `${text.slice(0, 89)}…` : text
}

/** Whether more data would help, in a sentence. */
export function curveText(curve: LearningCurve | null, metric: MetricName, say: Say): string {
  if (curve === null) return say('moreDataUnknown')
  const { points, verdict, gain, error, next } = curve
  const [before, last] = [points[points.length - 2], points[points.length - 1]]
  const facts = {
    from: before.rows,
    to: last.rows,
    metric: inSentence(say(metric)),
    gain: differenceText(metric, Math.abs(gain), say),
    error: differenceText(metric, error, say),
  }
  if (verdict === 'no') return say(gain > 0 ? 'moreDataNo' : 'moreDataNone', facts)
  const more = { ...facts, next: differenceText(metric, next, say) }
  return say(verdict === 'yes' ? 'moreDataYes' : 'moreDataPerhaps', more)
}

/** A name of a metric within a sentence: acronyms stay as they are. */
function inSentence(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
}

/** A difference of two values of a metric: of shares in points. */
export function differenceText(metric: MetricName, value: number, say: Say): string {
  return shares.has(metric)
    ? say('points', { value: Number((100 * value).toPrecision(2)) })
    : metricText(metric, value, say)
}

/** The best entry of each family, in the order of a board; the chosen one stands for its own. */
export function bestOfFamilies<Row extends { readonly model: BoardEntry['family'] }>(
  rows: readonly Row[],
  isChosen: (row: Row) => boolean,
): readonly Row[] {
  const chosen = rows.find(isChosen)
  const seen = new Set<string>()
  return rows.filter(row => {
    if (row.model === chosen?.model) return row === chosen
    const isFirst = !seen.has(row.model)
    seen.add(row.model)
    return isFirst
  })
}
