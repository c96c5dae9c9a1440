// The picture of a learning-rate range test: losses over rates on a logarithmic axis.

import type { LearningRateRange } from './find-learning-rate.js'

const [width, height] = [640, 360]
const margin = { left: 64, right: 24, top: 24, bottom: 56 }

/** An SVG of its own, readable on light and dark pages. */
export function learningRateCurve(range: Omit<LearningRateRange, 'svg'>): string {
  const { learningRates, losses, smoothedLosses, suggestion, suggestedBy } = range
  if (losses.length === 0) return frame('<text x="320" y="180" text-anchor="middle">No step</text>')
  const low = Math.log10(learningRates[0])
  const high = Math.max(low + 1e-9, Math.log10(learningRates[learningRates.length - 1]))
  const bottom = Math.min(...smoothedLosses)
  const limit = 2 * Math.max(...smoothedLosses.slice(0, 3), bottom + 1e-12) - bottom
  const top = Math.max(bottom + 1e-12, Math.min(Math.max(...smoothedLosses), limit))
  const x = (rate: number) =>
    margin.left + ((Math.log10(rate) - low) / (high - low)) * (width - margin.left - margin.right)
  // Losses outside the plot are cut off, yet need numbers that pictures can hold.
  const y = (loss: number) => {
    const share = Math.min(2, Math.max(-1, (loss - bottom) / (top - bottom)))
    return height - margin.bottom - share * (height - margin.top - margin.bottom)
  }
  const line = (values: readonly number[]) =>
    values.map((v, i) => `${x(learningRates[i]).toFixed(1)},${y(v).toFixed(1)}`).join(' ')
  const parts: string[] = []
  for (let power = Math.ceil(low); power <= Math.floor(high); power++) {
    const at = x(10 ** power).toFixed(1)
    parts.push(
      `<line x1="${at}" y1="${margin.top}" x2="${at}" y2="${height - margin.bottom}" stroke="#8884"/>`,
      `<text x="${at}" y="${height - margin.bottom + 18}" text-anchor="middle">1e${power}</text>`,
    )
  }
  for (const share of [0, 0.5, 1]) {
    const loss = bottom + share * (top - bottom)
    parts.push(
      `<text x="${margin.left - 8}" y="${(y(loss) + 4).toFixed(1)}" text-anchor="end">${loss.toPrecision(3)}</text>`,
    )
  }
  parts.push(
    plot(
      `<polyline points="${line(losses)}" fill="none" stroke="#8888"/>`,
      `<polyline points="${line(smoothedLosses)}" fill="none" stroke="#2266cc" stroke-width="2"/>`,
    ),
    `<text x="${(width + margin.left - margin.right) / 2}" y="${height - 14}" text-anchor="middle">learning rate</text>`,
    `<text transform="translate(16 ${height / 2 - 16}) rotate(-90)" text-anchor="middle">loss</text>`,
  )
  if (suggestion !== null) {
    const at = x(Math.max(suggestion, learningRates[0])).toFixed(1)
    const how = suggestedBy === 'steepest' ? 'steepest descent' : 'a tenth of the minimum'
    const isRight = Number(at) > width / 2
    parts.push(
      `<line x1="${at}" y1="${margin.top}" x2="${at}" y2="${height - margin.bottom}" stroke="#cc4422" stroke-dasharray="4 3"/>`,
      `<text x="${Number(at) + (isRight ? -6 : 6)}" y="${margin.top + 12}" text-anchor="${isRight ? 'end' : 'start'}" fill="#cc4422">${suggestion.toPrecision(3)} (${how})</text>`,
    )
  }
  return frame(parts.join('\n'))
}

/** What ends where the plot does: an svg within shows nothing beyond its own area. */
function plot(...inside: readonly string[]): string {
  const { left, right, top, bottom } = margin
  const [across, down] = [width - left - right, height - top - bottom]
  const area = `${left} ${top} ${across} ${down}`
  return `<svg x="${left}" y="${top}" width="${across}" height="${down}" viewBox="${area}" overflow="hidden">\n${inside.join('\n')}\n</svg>`
}

function frame(inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#888">\n${inside}\n</svg>\n`
}
