// The report's sections of runs that classify texts: the worst answers word by word, and attention.

import type { Say } from '../messages/messages.js'
import { attentionMaps } from './attention-section.js'
import { type Html, html } from './html.js'
import { card, type Section } from './parts.js'
import type { ShownText } from './report-data.js'

/** Weaker influences are drawn on this scale, not on that of the strongest word. */
const least = 0.05

function highlighted({ words, isCut }: ShownText, say: Say): Html {
  const most = words.reduce((high, [, influence]) => Math.max(high, Math.abs(influence)), least)
  return html`${words.map(([text, influence]) => {
    const strength = Math.round((70 * Math.abs(influence)) / most)
    if (strength < 4) return text
    const kind = influence > 0 ? 'for' : 'against'
    return html`<mark class="${kind}" style="--s:${strength}%" title="${say.percent(influence)}">${text}</mark>`
  })}${isCut && ' …'}`
}

export const textLosses: Section = (data, say) => {
  const losses = data.texts?.losses ?? []
  if (losses.length === 0) return undefined
  return card(
    say('sectionTextLosses'),
    losses.map(shown => {
      const { row, truth, predicted } = shown
      const share = say.percent(shown.probability)
      const caption =
        truth === predicted
          ? say('textRight', { row, truth, share })
          : say('textWrong', { row, truth, predicted, share })
      return html`<h3 class="strip">${caption}</h3><p class="words">${highlighted(shown, say)}</p>`
    }),
    { note: say('textLossesNote'), wide: true },
  )
}

export const textAttention: Section = (data, say) => {
  const figures = data.texts?.attention ?? []
  if (figures.length === 0) return undefined
  return card(
    say('sectionAttention'),
    figures.map(
      figure =>
        html`<p class="strip">${figure.tokens.join('')} <b>(${figure.truth})</b></p>${attentionMaps(figure, say)}`,
    ),
    { note: say('attentionNote'), wide: true },
  )
}
