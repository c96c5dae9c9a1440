// node scripts/cluster-picture.mjs: draws docs/classic/clusters.svg, what three clusterers make of three
// sets of points.

import { writeFileSync } from 'node:fs'
import { DBSCAN, GaussianMixture, KMeans } from 'athanor/classic'

const count = 240
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00']
const noise = '#999999'

/** Numbers between −1 and 1, always the same. */
function wobble(i) {
  const x = Math.sin(i * 127.1 + 11.7) * 43758.5453
  return 2 * (x - Math.floor(x)) - 1
}
const near = i => wobble(i) + wobble(i + 0.37) + wobble(i + 0.71)

const range = Array.from({ length: count }, (_, i) => i)
const sets = {
  'round clouds': range.map(i => [
    [-2, 2, 0][i % 3] + 0.35 * near(i),
    [-1.2, -1, 1.6][i % 3] + 0.35 * near(i + 500),
  ]),
  'long clouds': range.map(i => {
    const along = 1.1 * near(i)
    const across = 0.12 * near(i + 500)
    return [along - across, along + across + (i % 2 === 0 ? 0.9 : -0.9)]
  }),
  'two moons': range.map(i => {
    const angle = (Math.PI * (i + 0.5)) / count
    const turn = 2 * angle
    const side = i % 2 === 0 ? 1 : -1
    const [x, y] = [Math.cos(turn / 2), Math.sin(turn / 2)]
    return [
      side * (1.6 * x - 0.75) + 0.08 * near(i),
      side * (1.6 * y - 0.45) + 0.08 * near(i + 500),
    ]
  }),
}
const models = {
  KMeans: k => new KMeans({ nClusters: k, nInit: 5 }),
  GaussianMixture: k =>
    new GaussianMixture({ nComponents: k, nInit: 30, initParams: 'randomFromData', tol: 1e-5 }),
  DBSCAN: () => new DBSCAN({ eps: 0.32, minSamples: 5 }),
}

const size = 170
const pad = 12
const left = 96
const top = 26

function dots(points, labels, x0, y0) {
  const paths = new Map()
  const [xs, ys] = [0, 1].map(axis => points.map(point => point[axis]))
  const most = Math.max(...xs.map(Math.abs), ...ys.map(Math.abs))
  const place = v => ((v / most + 1) / 2) * (size - 2 * pad) + pad
  points.forEach(([x, y], i) => {
    const colour = labels[i] < 0 ? noise : colours[labels[i] % colours.length]
    const at = `M${(x0 + place(x)).toFixed(1)} ${(y0 + size - place(y)).toFixed(1)}h0`
    paths.set(colour, (paths.get(colour) ?? '') + at)
  })
  return [...paths].map(([colour, d]) => `<path stroke="${colour}" d="${d}"/>`).join('')
}

const parts = []
for (const [column, name] of Object.keys(models).entries())
  parts.push(`<text x="${left + (column + 0.5) * size}" y="16" text-anchor="middle">${name}</text>`)
for (const [row, [name, points]] of Object.entries(sets).entries()) {
  const y = top + row * size
  parts.push(`<text x="${left - 8}" y="${y + size / 2}" text-anchor="end">${name}</text>`)
  for (const [column, make] of Object.values(models).entries()) {
    const labels = await make(row === 0 ? 3 : 2).fitPredict(points)
    const x = left + column * size
    parts.push(`<rect x="${x + 4}" y="${y + 4}" width="${size - 8}" height="${size - 8}"/>`)
    parts.push(`<g>${dots(points, labels, x, y)}</g>`)
  }
}
const width = left + 3 * size
const height = top + 3 * size
const style =
  'text{font:13px sans-serif;fill:#444}rect{fill:none;stroke:#ccc}path{stroke-width:4;stroke-linecap:round}'
writeFileSync(
  new URL('../docs/classic/clusters.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><style>${style}</style><rect x="0" y="0" width="${width}" height="${height}" style="fill:#fff;stroke:none"/>${parts.join('')}</svg>\n`,
)
