#!/usr/bin/env node
// `node scripts/pictures/gradient-descent.mjs`: draws docs/pictures/classic/gradient-descent.svg, what two rates
// make of the same least-squares problem. Needs dist/.

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LinearRegression } from '../../dist/classic/index.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

// Two features that go together, without an intercept: the loss is a bowl over two coefficients.
const x = Array.from({ length: 40 }, (_, i) => {
  const a = Math.sin(1.7 * i) * 1.4
  return [a, 0.6 * a + Math.cos(2.3 * i) * 0.8]
})
const y = x.map(([a, b], i) => 2 * a + b + 0.3 * Math.sin(5 * i))
const iterations = 40
const descents = await Promise.all(
  [
    [0.15, 'steady', '#2b6cb0'],
    [1.28, 'overshooting', '#c05621'],
  ].map(async ([learningRate, name, color]) => {
    const model = new LinearRegression({
      solver: 'gradientDescent',
      fitIntercept: false,
      maxIter: iterations,
      tol: 0,
      learningRate,
    })
    return { ...(await model.fit(x, y)).trace, learningRate, name, color }
  }),
)
const best = (await new LinearRegression({ fitIntercept: false }).fit(x, y)).coef

const mean = values => values.reduce((a, b) => a + b) / values.length
const hessian = [0, 1].map(i => [0, 1].map(j => mean(x.map(row => row[i] * row[j]))))
const least = mean(x.map(([a, b], i) => (y[i] - best[0] * a - best[1] * b) ** 2)) / 2

const [width, height, panel, top] = [760, 330, 300, 24]
const text = (at, size, anchor, words, color = '#444') =>
  `<text x="${at[0]}" y="${at[1]}" font-size="${size}" text-anchor="${anchor}" fill="${color}">${words}</text>`
const line = (points, color) =>
  `<polyline fill="none" stroke="${color}" stroke-width="1.6" points="${points.map(p => p.map(v => v.toFixed(1)).join(',')).join(' ')}"/>`

/** Left: how far the loss is above its least, on a logarithmic scale. */
const logs = descents.map(({ loss }) => Array.from(loss, value => Math.log10(value - least)))
const [low, high] = [-6, Math.max(...logs.flat())]
const atLoss = (i, value) => [
  50 + (panel * i) / iterations,
  top + (panel - 20) * (1 - (Math.max(low, value) - low) / (high - low)),
]
const left = [
  ...logs.map((values, k) =>
    line(
      values.map((v, i) => atLoss(i, v)),
      descents[k].color,
    ),
  ),
  ...[-6, -4, -2, 0].map(power => text([44, atLoss(0, power)[1] + 4], 11, 'end', `1e${power}`)),
  text([50 + panel / 2, height - 4], 12, 'middle', `iteration (to ${iterations})`),
  text([50, 14], 12, 'start', 'loss above its least'),
]

/** Right: the ways over the loss's contours, ellipses around the minimum. */
const span = 3.2
const atCoef = ([a, b]) => [
  430 + (panel * (a - best[0] + span)) / (2 * span),
  top + (panel - 20) * (1 - (b - best[1] + span) / (2 * span)),
]
const determinant = hessian[0][0] * hessian[1][1] - hessian[0][1] ** 2
const contour = level => {
  // Points of the unit circle through the inverse of the Hessian's Cholesky factor.
  const l = Math.sqrt(hessian[0][0])
  const m = hessian[0][1] / l
  const n = Math.sqrt(determinant) / l
  return Array.from({ length: 61 }, (_, i) => {
    const [u, v] = [Math.cos((i * Math.PI) / 30), Math.sin((i * Math.PI) / 30)]
    const b = v / n
    const a = (u - m * b) / l
    const size = Math.sqrt(2 * level)
    return atCoef([best[0] + size * a, best[1] + size * b])
  })
}
const right = [
  ...[0.02, 0.15, 0.5, 1.2].map(level => line(contour(level), '#cbd5e0')),
  ...descents.map(({ coef, color }) => {
    const points = Array.from({ length: iterations + 1 }, (_, i) =>
      atCoef([coef[2 * i], coef[2 * i + 1]]),
    )
    const dots = points
      .map(
        ([a, b]) => `<circle cx="${a.toFixed(1)}" cy="${b.toFixed(1)}" r="2.4" fill="${color}"/>`,
      )
      .join('')
    return line(points, color) + dots
  }),
  text([430 + panel / 2, height - 4], 12, 'middle', 'first coefficient'),
  text([430, 14], 12, 'start', 'second coefficient'),
  ...descents.map(({ name, learningRate, color }, k) =>
    text([728, 44 + 16 * k], 12, 'end', `rate ${learningRate}: ${name}`, color),
  ),
]

const frame = at =>
  `<rect x="${at}" y="${top}" width="${panel}" height="${panel - 20}" fill="none" stroke="#a0aec0"/>`
mkdirSync(`${root}docs/pictures/classic`, { recursive: true })
writeFileSync(
  `${root}docs/pictures/classic/gradient-descent.svg`,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" role="img" aria-label="Gradient descent with two rates">
<rect width="${width}" height="${height}" fill="#fff"/>
${[frame(50), frame(430), ...left, ...right].join('\n')}
</svg>
`,
)
