// Pictures of clothes: numbers to learn from, and squares to draw.

import * as Plot from '@observablehq/plot'
import { openPictures, type Tensor, tensor } from 'athanor'

const dataset = await openPictures('examples/data/fashion-mnist-small')

export const classes = dataset.classes

export interface Clothes {
  /** [pictures, 28, 28, 1]; 0 is the background, 1 the brightest. */
  pictures: Tensor
  /** The same numbers, 784 a picture, row after row. */
  pixels: Float32Array[]
  /** Places in `classes`. */
  labels: number[]
}

/** The pictures whose row, or part (`train` or `test`), is wanted. */
export async function clothes(
  isWanted: (row: number, part: string | undefined) => boolean,
): Promise<Clothes> {
  const rows = Array.from(dataset.labels.keys()).filter(row => isWanted(row, dataset.parts?.[row]))
  const bytes = await dataset.batch(Uint32Array.from(rows))
  const values = Float32Array.from(bytes, byte => byte / 255)
  return {
    pictures: tensor(values, { shape: [rows.length, 28, 28, 1] }),
    pixels: rows.map((_, i) => values.subarray(784 * i, 784 * (i + 1))),
    labels: rows.map(row => dataset.labels[row]),
  }
}

/** One of several channels, whose numbers stand side by side at each place. */
export const channelOf = (values: ArrayLike<number>, channel: number, channels: number) =>
  Array.from(values).filter((_, i) => i % channels === channel)

const inks = { dark: [28, 25, 23], below: [194, 65, 12], above: [3, 105, 161] }

/** White at 0; pictures are dark where their numbers are large, other tables orange below 0 and blue above. */
function colourOf(share: number, isSigned: boolean): string {
  const ink = isSigned ? (share < 0 ? inks.below : inks.above) : inks.dark
  const strength = Math.round(16 * Math.min(Math.abs(share), 1)) / 16
  return `rgb(${ink.map(end => Math.round(255 + strength * (end - 255)))})`
}

export interface SquaresOptions {
  columns: number
  /** Of one square. */
  size: number
  left: number
  top: number
  /** Default: false. */
  isSigned?: boolean
  /** What is drawn in full colour. Default: the largest. */
  most?: number
}

/** A table of numbers, row after row, as coloured squares. */
export function squares(values: ArrayLike<number>, options: SquaresOptions): Plot.Markish {
  const { columns, size, left, top, isSigned = false } = options
  const most = options.most ?? Math.max(...Array.from(values, Math.abs))
  const colours = Array.from(values, value => colourOf(value / most, isSigned))
  const rows = colours.length / columns
  const runs: { row: number; from: number; to: number; colour: string }[] = []
  for (let row = 0; row < rows; row++)
    for (let from = 0, to = 1; from < columns; from = to++) {
      const colour = colours[row * columns + from]
      while (to < columns && colours[row * columns + to] === colour) to++
      runs.push({ row, from, to, colour })
    }
  return [
    Plot.rect(runs, {
      ...{ x1: d => left + size * d.from, x2: d => left + size * d.to },
      ...{ y1: d => top + size * d.row, y2: d => top + size * (d.row + 1) },
      ...{ fill: 'colour', shapeRendering: 'crispEdges' },
    }),
    frame(left, top, size * columns, { height: size * rows }),
  ]
}

/** The outline of a square or, with a height, of another rectangle. */
export function frame(
  left: number,
  top: number,
  width: number,
  { height = width, stroke = '#a8a29e', strokeWidth = 1 } = {},
): Plot.Markish {
  const sides = { x1: [left], x2: [left + width], y1: [top], y2: [top + height] }
  return Plot.rect([0], { ...sides, stroke, strokeWidth })
}

/** Words around (x, y). */
export const words = (
  x: number,
  y: number,
  text: string,
  options: Plot.TextOptions = {},
): Plot.Markish => Plot.text([text], { x: [x], y: [y], fontSize: 13, ...options })

/** A plot without axes whose unit is one of its own pixels. */
export const canvas = (width: number, height: number): Plot.PlotOptions => ({
  ...{ width, height, margin: 0, marginLeft: 0, marginBottom: 0 },
  x: { axis: null, domain: [0, width], range: [0, width] },
  y: { axis: null, domain: [0, height], range: [0, height] },
})
