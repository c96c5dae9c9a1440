// Pictures of the course: Observable Plot, drawn without a browser.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

/** Where pictures go; `npm run learn` says it. */
const folder = process.env.LEARN_PICTURES ?? 'build/learn/pictures'

export const colours = ['#c2410c', '#0369a1', '#15803d', '#7e22ce', '#a16207']

/** For words that lie over points. */
export const halo = { stroke: 'white', strokeWidth: 5, fontSize: 14, fontWeight: 'bold' }

/** Writes a plot as `<name>.svg`. Name lines and regions by a text mark: a legend would not be part of the picture. */
export function picture(name: string, options: Plot.PlotOptions): void {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const standard = { width: 640, height: 360, marginLeft: 56, marginBottom: 44 }
  const style = { fontSize: '12px', background: 'white', color: '#1c1917' }
  const svg = Plot.plot({ ...standard, style, ...options, document: document as never })
  if (svg.tagName.toLowerCase() !== 'svg') throw new Error(`${name}: a legend or a title outside`)
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.svg`), `${svg.outerHTML}\n`)
}

/** Lines through points, each named at its last one. */
export function namedLines(
  points: readonly { name: string; x: number; y: number }[],
): Plot.Markish {
  const ends = Plot.selectLast({
    ...{ x: 'x', y: 'y', z: 'name', fill: 'name', text: 'name' },
    ...{ textAnchor: 'start', dx: 5 },
  } as Plot.TextOptions)
  return [
    Plot.line(points, { x: 'x', y: 'y', stroke: 'name', strokeWidth: 2 }),
    Plot.text(points, ends),
  ]
}
