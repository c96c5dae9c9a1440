// The report's figures from a model's answers: curves, matrices and histograms, thinned to what a
// page can show.

import { type Column, cellText } from '../data/column.js'
import type { ColumnSchema } from '../data/schema.js'
import {
  calibrationCurve,
  confusionMatrix,
  metricsPerClass,
  prAuc,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
} from '../estimator/metrics/index.js'
import type { InputColumn } from '../features/table-preprocessor.js'
import { type ClassAnswers, column, type NumberAnswers } from './evaluation.js'
import type { PreparedData } from './prepare-data.js'
import type {
  ClassificationFigures,
  ColumnFigures,
  Histogram,
  Point,
  RegressionFigures,
} from './report/report-data.js'
import { chooseClasses } from './table-model.js'

const mostClasses = 30
const mostCurves = 6
const mostPoints = 200

/** Curves are drawn from `curved`, which may be part of the answers. */
export function classFigures(
  answers: ClassAnswers,
  names: readonly string[],
  threshold?: number,
  curved: ClassAnswers = answers,
): ClassificationFigures {
  return { ...countFigures(answers, names, threshold), ...curveFigures(curved, names, threshold) }
}

function countFigures(
  { truth, probabilities, classes }: ClassAnswers,
  names: readonly string[],
  threshold: number | undefined,
): Pick<ClassificationFigures, 'confusion' | 'perClass'> {
  const predicted = chooseClasses(probabilities, classes, threshold)
  const { frequent } = frequencies(truth, classes)
  const shown = frequent.slice(0, mostClasses).sort((a, b) => a - b)
  const matrix = confusionMatrix(truth, predicted, { labels: shown }).matrix
  const each = metricsPerClass(truth, predicted, { labels: shown })
  return {
    confusion: { labels: shown.map(i => names[i]), matrix, classes },
    perClass: shown.map((label, i) => ({
      label: names[label],
      precision: each.precision[i],
      recall: each.recall[i],
      f1: each.f1[i],
      rows: each.support[i],
    })),
  }
}

/** Rows of each class, and the classes from the most frequent on. */
function frequencies(truth: Int32Array, classes: number) {
  const counts = new Float64Array(classes)
  for (const label of truth) counts[label]++
  const frequent = Array.from({ length: classes }, (_, i) => i)
    .sort((a, b) => counts[b] - counts[a])
    .filter(label => counts[label] > 0 || classes <= mostClasses)
  return { counts, frequent }
}

function curveFigures(
  answers: ClassAnswers,
  names: readonly string[],
  threshold: number | undefined,
): Pick<ClassificationFigures, 'roc' | 'precisionRecall' | 'calibration'> {
  const { truth, probabilities, classes } = answers
  const { counts, frequent } = frequencies(truth, classes)
  const curved = (classes === 2 ? [1] : frequent.slice(0, mostCurves).sort((a, b) => a - b)).filter(
    label => counts[label] > 0 && counts[label] < truth.length,
  )
  const binary = (label: number) => truth.map(value => (value === label ? 1 : 0))
  return {
    roc: curved.map(label => {
      const scores = column(probabilities, classes, label)
      const curve = rocCurve(binary(label), scores)
      return {
        label: names[label],
        points: thin(pointsOf(curve.falsePositiveRate, curve.truePositiveRate)),
        area: rocAuc(binary(label), scores),
      }
    }),
    precisionRecall: curved.map(label => {
      const scores = column(probabilities, classes, label)
      const curve = precisionRecallCurve(binary(label), scores)
      return {
        label: names[label],
        points: thin(pointsOf(curve.recall, curve.precision)),
        area: prAuc(binary(label), scores),
      }
    }),
    calibration: calibrationOf(answers, chooseClasses(probabilities, classes, threshold)),
  }
}

/** Two classes: the positive one's probability. More: that of the class predicted. */
function calibrationOf(
  { truth, probabilities, classes }: ClassAnswers,
  predicted: Int32Array,
): ClassificationFigures['calibration'] {
  const scores =
    classes === 2
      ? column(probabilities, 2, 1)
      : Float64Array.from(predicted, (label, row) => probabilities[row * classes + label])
  const right = truth.map((label, row) =>
    (classes === 2 ? label : label === predicted[row]) ? 1 : 0,
  )
  const clipped = scores.map(score => Math.min(1, Math.max(0, score)))
  const curve = calibrationCurve(right, clipped, { bins: 10 })
  return Array.from(
    curve.counts,
    (rows, i) => [curve.meanPredicted[i], curve.fractionOfPositives[i], rows] as const,
  )
}

export function numberFigures({ truth, predicted }: NumberAnswers): RegressionFigures {
  const rows = truth.length
  const step = Math.max(1, rows / 900)
  const points: Point[] = []
  for (let at = 0; at < rows; at += step) {
    const row = Math.floor(at)
    points.push([round(truth[row]), round(predicted[row])])
  }
  const residuals = predicted.map((value, row) => value - truth[row])
  const sizes = residuals.map(Math.abs).sort()
  const quantile = (level: number) => sizes[Math.min(rows - 1, Math.floor(level * rows))]
  return {
    points,
    residuals: residualHistogram(residuals, quantile(0.995)),
    half: quantile(0.5),
    ninety: quantile(0.9),
  }
}

/** Symmetric around zero; the few beyond the ends are counted in the end bins. */
function residualHistogram(residuals: Float64Array, reach: number): Histogram {
  const bins = Math.max(7, Math.min(41, 2 * Math.floor(Math.sqrt(residuals.length) / 2) + 1))
  if (!(reach > 0)) return { edges: [-0.5, 0.5], counts: [residuals.length] }
  const width = (2 * reach) / bins
  const counts = new Array<number>(bins).fill(0)
  for (const residual of residuals)
    counts[Math.max(0, Math.min(bins - 1, Math.floor((residual + reach) / width)))]++
  return { edges: Array.from({ length: bins + 1 }, (_, i) => round(i * width - reach)), counts }
}

function pointsOf(x: ArrayLike<number>, y: ArrayLike<number>): Point[] {
  return Array.from({ length: x.length }, (_, i) => [x[i], y[i]] as const)
}

/** At most `mostPoints`, evenly along the curve's length, ends kept. */
function thin(points: readonly Point[]): Point[] {
  const rounded = (point: Point): Point => [round(point[0]), round(point[1])]
  if (points.length <= mostPoints) return points.map(rounded)
  const lengths = [0]
  for (let i = 1; i < points.length; i++)
    lengths.push(
      lengths[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]),
    )
  const step = lengths[lengths.length - 1] / (mostPoints - 1)
  const kept: Point[] = []
  let next = 0
  points.forEach((point, i) => {
    if (lengths[i] < next && i < points.length - 1) return
    kept.push(rounded(point))
    next = lengths[i] + step
  })
  return kept
}

function round(value: number): number {
  return Number(value.toPrecision(5))
}

/** Columns described on the page at most. */
export const mostColumns = 80

export function columnFigures(data: PreparedData, inputs: readonly InputColumn[]): ColumnFigures[] {
  const rules = new Map(inputs.map(input => [input.name, input]))
  const ordered = [...data.schema].sort(
    (a, b) => Number(b.name === data.target) - Number(a.name === data.target),
  )
  return ordered.slice(0, mostColumns).map(schema => {
    const input = rules.get(schema.name)
    const isTarget = schema.name === data.target
    return {
      name: schema.name,
      type: schema.type,
      role: isTarget ? 'target' : input?.used === true ? 'input' : 'excluded',
      reason: schema.reason,
      ...(input === undefined ? {} : { treatment: input.treatment }),
      rows: data.store.rows,
      missing: schema.missing,
      distinct: schema.distinct,
      ...distributionOf(schema),
    }
  })
}

function distributionOf(schema: ColumnSchema): Pick<ColumnFigures, 'histogram' | 'range' | 'top'> {
  const { stats } = schema
  if (stats === undefined) return schema.top === undefined ? {} : { top: schema.top.slice(0, 5) }
  const text = (value: number): string =>
    schema.type === 'datetime' && Math.abs(value) <= 8.64e15
      ? new Date(value).toISOString().slice(0, 10)
      : String(Number(value.toPrecision(6)))
  return { histogram: stats.histogram, range: [text(stats.min), text(stats.max)] }
}

/** A cell as a group's name. */
export interface Grouping {
  readonly value: string
  /** Indices into the rows given. */
  readonly members: readonly number[]
}

const mostGroups = 12

/** Rows by the value of a column; numbers of many values by quarters. The largest groups first. */
export function groupsOf(column: Column, rows: ArrayLike<number>): Grouping[] {
  const name = groupNamer(column, rows)
  const members = new Map<string, number[]>()
  for (let i = 0; i < rows.length; i++) {
    const value = name(rows[i])
    const list = members.get(value)
    if (list === undefined) members.set(value, [i])
    else list.push(i)
  }
  return [...members]
    .map(([value, list]) => ({ value, members: list }))
    .sort((a, b) => b.members.length - a.members.length)
    .slice(0, mostGroups)
}

function groupNamer(column: Column, rows: ArrayLike<number>): (row: number) => string {
  const text = (row: number) => cellText(column, row) || '–'
  if (column.kind === 'code') return text
  const values = Array.from(rows, row => column.values[row])
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  if (new Set(values).size <= mostGroups) return text
  const edge = (level: number) => values[Math.floor(level * (values.length - 1))]
  const edges = [edge(0), edge(0.25), edge(0.5), edge(0.75), edge(1)]
  const shown = (value: number) =>
    column.type === 'datetime'
      ? new Date(value).toISOString().slice(0, 10)
      : String(Number(value.toPrecision(4)))
  return row => {
    const value = column.values[row]
    if (!Number.isFinite(value)) return '–'
    let quarter = 0
    while (quarter < 3 && value > edges[quarter + 1]) quarter++
    return `${shown(edges[quarter])} – ${shown(edges[quarter + 1])}`
  }
}
