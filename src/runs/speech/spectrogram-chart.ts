// A spectrogram above its transcript as SVG: one path for each level of loudness, so that colours follow
// the page's theme.

import type { Say } from '../messages/messages.js'
import { at } from '../report/charts.js'
import { type Html, html } from '../report/html.js'
import type { HeardPicture } from './speech-report-data.js'

const width = 1080
const height = 150
const left = 8
const top = 6
const captions = 44

/** `seconds` labels the axis; characters stand below the middle of where they are heard. */
export function spectrogramChart(picture: HeardPicture, say: Say): Html {
  const { frames, bands, levels, spans, said, seconds } = picture
  const x = (frame: number) => left + ((width - 2 * left) * frame) / Math.max(1, frames)
  const y = (band: number) => top + (height * (bands - band)) / bands
  const tall = (height / bands).toFixed(2)
  const paths = Array.from({ length: 9 }, () => '')
  for (let band = 0; band < bands; band++)
    for (let from = 0; from < frames; ) {
      const level = levels[from * bands + band]
      let to = from + 1
      while (to < frames && levels[to * bands + band] === level) to++
      // The lowest level is the ground.
      if (level !== '0' && level !== undefined)
        paths[Number(level) - 1] +=
          `M${at(x(from))} ${at(y(band + 1))}h${at(x(to) - x(from))}v${tall}H${at(x(from))}z`
      from = to
    }
  const characters = [...said]
  const base = top + height
  const marks = spans?.map(([from, to], i) => {
    const middle = x((from + to) / 2)
    return html`<line class="mark" x1="${at(middle)}" x2="${at(middle)}" y1="${top}" y2="${base + 6}"/><text class="label strong" x="${at(middle)}" y="${base + 20}" text-anchor="middle">${characters[i] === ' ' ? '␣' : characters[i]}</text>`
  })
  const step = [0.1, 0.2, 0.5, 1, 2, 5].find(s => seconds / s <= 12) ?? 10
  // The end of the axis is for its label.
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step).filter(
    tick => tick < seconds * 0.92,
  )
  return html`<svg class="chart" viewBox="0 0 ${width} ${base + captions}" role="img"><title>${said}</title><rect x="${left}" y="${top}" width="${width - 2 * left}" height="${height}" style="fill:var(--hair)"/>${paths.map(
    (path, i) =>
      path !== '' && html`<path class="fill1" d="${path}" style="fill-opacity:${(i + 1) / 9}"/>`,
  )}${marks}${ticks.map(
    tick =>
      html`<text class="tick" x="${at(x((frames * tick) / seconds))}" y="${base + captions - 6}" text-anchor="${tick === 0 ? 'start' : 'middle'}">${say.number(Number(tick.toFixed(1)))}</text>`,
  )}<text class="label" x="${width - left}" y="${base + captions - 6}" text-anchor="end">${say('axisSeconds')}</text></svg>`
}
