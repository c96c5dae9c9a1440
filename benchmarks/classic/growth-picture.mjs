// Time and memory by the number of rows, as small charts with logarithmic axes.

import { growth } from './jobs.mjs'

const cell = { width: 300, height: 210, left: 46, right: 12, top: 34, bottom: 30 }
const colours = { athanor: '#c2571a', lightgbm: '#3a6ea5', sklearn: '#3a6ea5' }
const labels = { athanor: 'Athanor', lightgbm: 'LightGBM', sklearn: 'scikit-learn' }

function chart(title, unit, points, value, column, row) {
  const x0 = column * cell.width
  const y0 = row * cell.height
  const values = points.map(value)
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  const x = rows =>
    x0 + cell.left + ((Math.log10(rows) - 3) / 4) * (cell.width - cell.left - cell.right)
  const y = v =>
    y0 +
    cell.top +
    (1 - (Math.log10(v) - low) / (high - low)) * (cell.height - cell.top - cell.bottom)
  const parts = [
    `<text x="${x0 + 8}" y="${y0 + 18}" class="title">${title}</text>`,
    ...Array.from({ length: high - low + 1 }, (_, i) => {
      const v = 10 ** (low + i)
      const shown = v >= 0.01 && v < 1e6 ? String(v) : `10^${low + i}`
      return `<line x1="${x(1e3)}" x2="${x(1e7)}" y1="${y(v)}" y2="${y(v)}" class="grid"/><text x="${x(1e3) - 6}" y="${y(v) + 4}" text-anchor="end">${shown}</text>`
    }),
    ...[3, 4, 5, 6, 7].map(
      power =>
        `<text x="${x(10 ** power)}" y="${y0 + cell.height - 12}" text-anchor="middle">10<tspan dy="-4" font-size="8">${power}</tspan></text>`,
    ),
    `<text x="${x(1e3)}" y="${y0 + cell.top - 5}">${unit}</text>`,
  ]
  for (const id of [...new Set(points.map(point => point.id))]) {
    const own = points.filter(point => point.id === id)
    const place = own.map(point => `${x(point.rows).toFixed(1)},${y(value(point)).toFixed(1)}`)
    parts.push(
      `<polyline points="${place.join(' ')}" fill="none" stroke="${colours[id]}" stroke-width="2"/>`,
    )
    for (const p of place) {
      const [cx, cy] = p.split(',')
      parts.push(`<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colours[id]}"/>`)
    }
    const last = own[own.length - 1]
    const below = id === 'athanor' ? 14 : -7
    parts.push(
      `<text x="${x(last.rows)}" y="${y(value(last)) + below}" text-anchor="end" fill="${colours[id]}">${labels[id]}</text>`,
    )
  }
  return parts.join('\n')
}

export function growthPicture(results) {
  const names = Object.keys(growth).filter(name => (results[name] ?? []).length > 0)
  const width = 2 * cell.width
  const height = Math.max(1, names.length) * cell.height
  const charts = names.flatMap((name, row) => {
    const points = results[name]
    const title = growth[name].title
    return [
      chart(title, 'seconds', points, point => point.seconds, 0, row),
      chart('', 'MiB at the peak', points, point => point.peak / 2 ** 20, 1, row),
    ]
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="10" fill="#555">
<title>Seconds and memory by the number of rows</title>
<style>.grid{stroke:#ddd}.title{font-size:12px;font-weight:600;fill:#333}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${charts.join('\n')}
</svg>
`
}
