// Heat maps of attention: the tokens of a text on both axes, one map a head.

import type { Say } from '../messages/messages.js'
import { at } from './charts.js'
import { type Html, html } from './html.js'
import { clip, tokenShown } from './parts.js'
import type { AttentionFigure } from './report-data.js'

const fontSize = 12
const mostLetters = 9
/** Levels that the legend names. */
const named = [1, 3, 6, 9]

/** About what a text takes, in pixels; a Chinese character is as wide as two letters. */
function widthOf(text: string): number {
  let letters = 0
  for (const character of text) letters += /\p{Script=Han}|[⏎␣]/u.test(character) ? 1.7 : 1
  return letters * fontSize * 0.6
}

/** Rows look at columns; one path for each level, so that colours follow the page's theme. */
function attentionMap(tokens: readonly string[], levels: string, title: string): Html {
  const labels = tokens.map(token => clip(tokenShown(token), mostLetters))
  const margin = Math.max(...labels.map(widthOf), fontSize) + 8
  const cell = tokens.length > 20 ? 14 : 18
  const width = Math.ceil(margin + cell * tokens.length)
  const paths = Array.from({ length: 9 }, () => '')
  const gap = 0.5
  const side = at(cell - gap)
  for (let i = 0; i < tokens.length ** 2; i++) {
    const level = Number(levels[i])
    const x = at(margin + (i % tokens.length) * cell)
    const y = at(margin + Math.floor(i / tokens.length) * cell)
    if (level > 0) paths[level - 1] += `M${x} ${y}h${side}v${side}h${-side}z`
  }
  const middle = (i: number) => margin + (i + 0.5) * cell
  const edge = margin - 6
  const isNarrow = labels.every(label => widthOf(label) < cell)
  const above = (label: string, i: number) =>
    isNarrow
      ? html`<text class="token" x="${at(middle(i))}" y="${at(edge)}" text-anchor="middle">${label}</text>`
      : html`<text class="token" transform="translate(${at(middle(i) + 4)} ${at(edge)}) rotate(-90)">${label}</text>`
  return html`<svg width="${width}" height="${width}" viewBox="0 0 ${width} ${width}" role="img"><title>${title}</title><rect x="${at(margin)}" y="${at(margin)}" width="${at(width - margin)}" height="${at(width - margin)}" style="fill:var(--hair)"/>${paths.map(
    (path, i) =>
      path !== '' && html`<path class="fill1" d="${path}" style="fill-opacity:${shade(i + 1)}"/>`,
  )}${labels.map(
    (label, i) =>
      html`<text class="token" x="${at(edge)}" y="${at(middle(i) + 4)}" text-anchor="end">${label}</text>${above(label, i)}`,
  )}</svg>`
}

const shade = (level: number) => (level / 9).toFixed(2)

/** The heads side by side, with what the shades mean. */
export function attentionMaps({ tokens, layer, layers, heads }: AttentionFigure, say: Say): Html {
  return html`<h3>${say('attentionLayer', { layer, layers })}</h3><div class="heads">${heads.map(
    (levels, head) => {
      const name = say('attentionHead', { head: head + 1 })
      return html`<figure class="scroll"><figcaption>${name}</figcaption>${attentionMap(tokens, levels, name)}</figure>`
    },
  )}</div><ul class="legend shades">${named.map(
    level =>
      html`<li><i class="swatch fill1" style="opacity:${shade(level)}"></i>${Math.round(100 * (level / 9) ** 2)}%</li>`,
  )}</ul>`
}
