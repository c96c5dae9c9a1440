// Charts of models: a board with its spread, learning by rows, how predictions move with a column.

import { at, axesFor, type ChartText, chart, frame, path } from './charts.js'
import { type Html, html } from './html.js'
import type { Dependence } from './report-data.js'
import { linearScale, niceTicks } from './scale.js'

export interface BoardLine {
  readonly name: string
  readonly score: number
  readonly spread: number
  readonly text: string
  readonly isChosen: boolean
  readonly isDummy: boolean
}

/** A point and its spread a line, the dummy as a dashed line through all. */
export function boardChart(lines: readonly BoardLine[], text: ChartText): Html {
  const rowHeight = 34
  const f = { width: 760, height: lines.length * rowHeight + 44, left: 190, right: 120 }
  const [low, high] = boardRange(lines)
  const x = linearScale(low, high, f.left, f.width - f.right)
  const place = (value: number) => at(x(Math.min(high, Math.max(low, value))))
  const base = lines.length * rowHeight + 6
  const dummy = lines.find(line => line.isDummy)
  const y = (i: number) => i * rowHeight + rowHeight / 2 + 2
  return html`<svg class="chart board" viewBox="0 0 ${f.width} ${f.height}" role="img"><title>${text.title}</title>${niceTicks(
    low,
    high,
    6,
  ).map(
    tick =>
      html`<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="4" y2="${base}"/><text class="tick" x="${at(x(tick))}" y="${base + 17}" text-anchor="middle">${text.xText(tick)}</text>`,
  )}${
    dummy !== undefined &&
    html`<line class="chance" x1="${place(dummy.score)}" x2="${place(dummy.score)}" y1="4" y2="${base}"/>`
  }${lines.map(
    (line, i) =>
      html`<g class="${line.isChosen ? 'chosen' : ''}"><text class="name" x="${f.left - 14}" y="${y(i) + 4}" text-anchor="end">${line.name}</text><line class="whisker stroke${line.isDummy ? 6 : line.isChosen ? 1 : 5}" x1="${place(line.score - line.spread)}" x2="${place(line.score + line.spread)}" y1="${y(i)}" y2="${y(i)}"/><circle class="dot fill${line.isDummy ? 6 : line.isChosen ? 1 : 5}" cx="${place(line.score)}" cy="${y(i)}" r="${line.isChosen ? 6 : 5}"/><text class="value" x="${f.width - f.right + 12}" y="${y(i) + 4}">${line.text}</text></g>`,
  )}<text class="label" x="${at((f.left + f.width - f.right) / 2)}" y="${f.height - 4}" text-anchor="middle">${text.xLabel}</text></svg>`
}

/** From the worst model to the best; a dummy far away from them stands at the edge. */
function boardRange(lines: readonly BoardLine[]): [number, number] {
  const ends = (of: readonly BoardLine[]) =>
    of.flatMap(({ score, spread }) => [score - spread, score + spread])
  const models = ends(lines.filter(line => !line.isDummy))
  const all = ends(lines)
  const [low, high] = [Math.min(...models), Math.max(...models)]
  const reach = 2.5 * Math.max(high - low, 0.02 * Math.abs(high))
  const from = Math.max(Math.min(...all), low - reach)
  const to = Math.min(Math.max(...all), high + reach)
  const room = 0.04 * (to - from || Math.abs(to) || 1)
  return [from - room, to + room]
}

/** Scores over training rows, each doubling as wide as the last; whiskers are the spread. */
export function rowsChart(
  points: readonly { readonly rows: number; readonly score: number; readonly spread: number }[],
  text: ChartText,
): Html {
  const ends = points.flatMap(({ score, spread }) => [score - spread, score + spread])
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const logs = points.map(({ rows }) => Math.log2(rows))
  const [first, last] = [logs[0], logs[logs.length - 1]]
  const room = Math.max(0.15, 0.06 * (last - first))
  const f = { ...frame, left: 66 }
  const axes = axesFor(
    f,
    [first - room, last + room],
    [low - 0.08 * (high - low || 1), high + 0.08 * (high - low || 1)],
  )
  const places = points.map(({ score }, i) => [logs[i], score] as const)
  return chart(
    f,
    axes,
    { ...text, xText: log => text.xText(Math.round(2 ** log)) },
    [
      points.map(
        ({ score, spread }, i) =>
          html`<line class="whisker stroke1" x1="${at(axes.x(logs[i]))}" x2="${at(axes.x(logs[i]))}" y1="${at(axes.y(score - spread))}" y2="${at(axes.y(score + spread))}"/>`,
      ),
      html`<path class="line stroke1" d="${path(places, axes)}"/>`,
      points.map(
        ({ score, rows }, i) =>
          html`<circle class="fill1 point" cx="${at(axes.x(logs[i]))}" cy="${at(axes.y(score))}" r="4.5"><title>${text.xText(rows)}: ${text.yText(score)}</title></circle>`,
      ),
    ],
    { xTicks: logs, yTicks: niceTicks(axes.y.low, axes.y.high, 5) },
  )
}

const small = { width: 340, height: 230, left: 46, right: 12, top: 12, bottom: 42 }

/** Averages thick, single rows thin behind them; categories side by side. */
export function dependenceChart(
  figures: Dependence,
  range: readonly [number, number],
  text: ChartText,
): Html {
  const { kind, values, lines, singles } = figures
  const isCategory = kind === 'category'
  const places = isCategory ? values.map((_, i) => i) : values.map(Number)
  const axes = axesFor(
    small,
    isCategory ? [-0.5, values.length - 0.5] : [places[0], places[places.length - 1]],
    [range[0], range[1]],
  )
  const points = (numbers: readonly number[]) =>
    numbers.map((value, i) => [places[i], value] as const)
  const marks = lines.map((line, k) =>
    isCategory
      ? line.mean.map(
          (value, i) =>
            html`<circle class="fill${k + 1} point" cx="${at(axes.x(i))}" cy="${at(axes.y(value))}" r="4.5"/>`,
        )
      : html`<path class="line stroke${k + 1}" d="${path(points(line.mean), axes)}"/>`,
  )
  const step = Math.max(1, Math.ceil(values.length / 6))
  return chart(
    small,
    axes,
    text,
    [
      singles.map(single => html`<path class="single stroke1" d="${path(points(single), axes)}"/>`),
      marks,
    ],
    {
      yTicks: niceTicks(range[0], range[1], 4),
      xTicks: isCategory
        ? places.filter(place => place % step === 0)
        : niceTicks(places[0], places[places.length - 1], kind === 'date' ? 3 : 4),
    },
  )
}
