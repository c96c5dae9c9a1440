// The report's charts as inline SVG; colours come from the page's variables, so that they follow
// light, dark and print.

import { type Html, type HtmlValue, html } from './html.js'
import type { Histogram, Point } from './report-data.js'
import { linearScale, niceRange, niceTicks, type Scale } from './scale.js'

export type NumberText = (value: number) => string

export interface Frame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export const frame: Frame = { width: 520, height: 300, left: 52, right: 18, top: 14, bottom: 44 }
const square: Frame = { width: 420, height: 380, left: 52, right: 18, top: 14, bottom: 44 }

export interface Axes {
  readonly x: Scale
  readonly y: Scale
}

export interface ChartText {
  /** What a screen reader says. */
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly xText: NumberText
  readonly yText: NumberText
}

/** Axes, ticks and labels around the content. */
export function chart(
  f: Frame,
  axes: Axes,
  text: ChartText,
  content: HtmlValue,
  options: { xTicks?: readonly number[]; yTicks?: readonly number[] } = {},
): Html {
  const { x, y } = axes
  const xTicks = options.xTicks ?? niceTicks(x.low, x.high, 6)
  const yTicks = options.yTicks ?? niceTicks(y.low, y.high, 5)
  const base = f.height - f.bottom
  return html`<svg class="chart" viewBox="0 0 ${f.width} ${f.height}" role="img"><title>${text.title}</title>${yTicks.map(
    tick =>
      html`<line class="grid" x1="${f.left}" x2="${f.width - f.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text class="tick" x="${f.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${text.yText(tick)}</text>`,
  )}${xTicks.map(
    tick =>
      html`<line class="tickmark" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${base}" y2="${base + 4}"/><text class="tick" x="${at(x(tick))}" y="${base + 18}" text-anchor="middle">${text.xText(tick)}</text>`,
  )}<line class="axis" x1="${f.left}" x2="${f.width - f.right}" y1="${base}" y2="${base}"/><text class="label" x="${at((f.left + f.width - f.right) / 2)}" y="${f.height - 6}" text-anchor="middle">${text.xLabel}</text><text class="label" transform="translate(13 ${at((f.top + base) / 2)}) rotate(-90)" text-anchor="middle">${text.yLabel}</text>${content}</svg>`
}

export function axesFor(
  f: Frame,
  x: readonly [number, number],
  y: readonly [number, number],
): Axes {
  return {
    x: linearScale(x[0], x[1], f.left, f.width - f.right),
    y: linearScale(y[0], y[1], f.height - f.bottom, f.top),
  }
}

/** A place to a tenth of a pixel. */
export const at = (value: number) => Math.round(value * 10) / 10

/** An SVG path through the points; a point that isn't finite interrupts it. */
export function path(points: readonly Point[], { x, y }: Axes): string {
  let text = ''
  let drawing = false
  for (const [px, py] of points) {
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      drawing = false
      continue
    }
    text += `${drawing ? 'L' : 'M'}${at(x(px))} ${at(y(py))}`
    drawing = true
  }
  return text
}

export interface Line {
  readonly name: string
  readonly points: readonly Point[]
  /** 1 to 6: the page's colour of that number. */
  readonly colour: number
  readonly dashed?: boolean
}

/** Lines over epochs, with a mark at the epoch that was kept. */
export function learningChart(
  lines: readonly Line[],
  text: ChartText,
  best: { epoch: number; label: string } | undefined,
): Html {
  const values = lines.flatMap(line => line.points.map(point => point[1])).filter(Number.isFinite)
  const epochs = Math.max(2, ...lines.flatMap(line => line.points.map(point => point[0])))
  // A first epoch far above the others would flatten all the rest.
  const sorted = [...values].sort((a, b) => a - b)
  const high = Math.min(sorted.at(-1) ?? 1, 3 * (sorted[Math.floor(sorted.length * 0.8)] ?? 1))
  const low = sorted[0] ?? 0
  const axes = axesFor(frame, [1, epochs], niceRange(low >= 0 && low < high / 2 ? 0 : low, high))
  const base = frame.height - frame.bottom
  const clipped = (points: readonly Point[]): Point[] =>
    points.map(([x, y]) => [x, Math.min(y, axes.y.high)])
  const mark =
    best !== undefined &&
    html`<line class="mark" x1="${at(axes.x(best.epoch))}" x2="${at(axes.x(best.epoch))}" y1="${frame.top}" y2="${base}"/><text class="marktext" x="${at(axes.x(best.epoch) + (best.epoch > epochs * 0.7 ? -6 : 6))}" y="${frame.top + 11}" text-anchor="${best.epoch > epochs * 0.7 ? 'end' : 'start'}">${best.label}</text>`
  const drawn = lines.map(line =>
    line.points.length === 1
      ? html`<circle class="fill${line.colour}" cx="${at(axes.x(line.points[0][0]))}" cy="${at(axes.y(line.points[0][1]))}" r="4"/>`
      : html`<path class="line stroke${line.colour}" d="${path(clipped(line.points), axes)}"/>`,
  )
  const ticks = niceTicks(1, epochs, 6).filter(Number.isInteger)
  return chart(frame, axes, text, [mark, ...drawn], {
    xTicks: ticks[0] === 1 ? ticks : [1, ...ticks.filter(tick => tick > epochs / 12)],
  })
}

/** Curves in the unit square, with the line of chance where there is one. */
export function unitChart(lines: readonly Line[], text: ChartText, diagonal: boolean): Html {
  const axes = axesFor(square, [0, 1], [0, 1])
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
  return chart(
    square,
    axes,
    text,
    [
      diagonal &&
        html`<line class="chance" x1="${axes.x(0)}" y1="${axes.y(0)}" x2="${axes.x(1)}" y2="${axes.y(1)}"/>`,
      lines.map(
        line =>
          html`<path class="line stroke${line.colour}" d="${path(line.points, axes)}"><title>${line.name}</title></path>`,
      ),
    ],
    { xTicks: ticks, yTicks: ticks },
  )
}

/** Predicted probability against observed share; area of a point by its rows. */
export function calibrationChart(
  points: readonly (readonly [number, number, number])[],
  text: ChartText,
): Html {
  const axes = axesFor(square, [0, 1], [0, 1])
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
  const most = Math.max(1, ...points.map(point => point[2]))
  return chart(
    square,
    axes,
    text,
    [
      html`<line class="chance" x1="${axes.x(0)}" y1="${axes.y(0)}" x2="${axes.x(1)}" y2="${axes.y(1)}"/>`,
      html`<path class="line thin stroke1" d="${path(
        points.map(([x, y]) => [x, y] as const),
        axes,
      )}"/>`,
      points.map(
        ([x, y, rows]) =>
          html`<circle class="fill1 point" cx="${at(axes.x(x))}" cy="${at(axes.y(y))}" r="${at(3 + 7 * Math.sqrt(rows / most))}"><title>${text.xText(x)} → ${text.yText(y)} (${rows})</title></circle>`,
      ),
    ],
    { xTicks: ticks, yTicks: ticks },
  )
}

/** Predicted against actual value, both axes alike. */
export function scatterChart(points: readonly Point[], text: ChartText): Html {
  const values = points.flat()
  const range = niceRange(Math.min(...values), Math.max(...values))
  const axes = axesFor(square, range, range)
  const radius = points.length > 600 ? 2.2 : points.length > 150 ? 3 : 3.8
  return chart(square, axes, text, [
    html`<line class="chance" x1="${axes.x(range[0])}" y1="${axes.y(range[0])}" x2="${axes.x(range[1])}" y2="${axes.y(range[1])}"/>`,
    html`<g class="fill1 cloud">${points.map(
      ([x, y]) => html`<circle cx="${at(axes.x(x))}" cy="${at(axes.y(y))}" r="${radius}"/>`,
    )}</g>`,
  ])
}

/** A histogram with a line at zero. */
export function histogramChart(histogram: Histogram, text: ChartText): Html {
  return scoreHistogram(histogram, 0, text)
}

/** A histogram with a line at a value, where that lies within. */
export function scoreHistogram(histogram: Histogram, mark: number, text: ChartText): Html {
  const { edges, counts } = histogram
  const high = Math.max(1, ...counts)
  const range: [number, number] = [edges[0], edges.at(-1)!]
  const f = { ...square }
  const axes = axesFor(f, range, niceRange(0, high))
  const base = f.height - f.bottom
  const line = axes.x(mark)
  return chart(
    f,
    axes,
    text,
    [
      counts.map((count, i) => {
        const left = axes.x(edges[i]) + 0.75
        const width = Math.max(0.5, axes.x(edges[i + 1]) - axes.x(edges[i]) - 1.5)
        const top = axes.y(count)
        return html`<rect class="fill1 bar" x="${at(left)}" y="${at(top)}" width="${at(width)}" height="${at(Math.max(0, base - top))}" rx="1.5"><title>${text.xText(edges[i])} – ${text.xText(edges[i + 1])}: ${count}</title></rect>`
      }),
      range[0] < mark &&
        range[1] > mark &&
        html`<line class="mark" x1="${at(line)}" x2="${at(line)}" y1="${f.top}" y2="${base}"/>`,
    ],
    { yTicks: niceTicks(0, axes.y.high, 5).filter(Number.isInteger) },
  )
}

/** A column's numbers in a few pixels. */
export function sparkHistogram(histogram: Histogram, title: string): Html {
  const { counts } = histogram
  const high = Math.max(1, ...counts)
  const width = 160 / counts.length
  return html`<svg class="spark" viewBox="0 0 160 34" role="img"><title>${title}</title><line class="axis" x1="0" x2="160" y1="33.5" y2="33.5"/>${counts.map(
    (count, i) =>
      count > 0 &&
      html`<rect class="fill1 bar" x="${at(i * width + 0.5)}" width="${at(width - 1)}" y="${at(33 - Math.max(1, (31 * count) / high))}" height="${at(Math.max(1, (31 * count) / high))}"/>`,
  )}</svg>`
}
