// The report's sections of runs on pictures: what was mistaken for what, and how it looks.

import type { Say } from '../messages/messages.js'
import { type Html, html } from './html.js'
import { card, clip, type Section } from './parts.js'
import type { ShownPicture } from './report-data.js'

/** Only pictures that are in the page themselves: the file that it is drawn from may have been altered. */
function image(uri: string, title: string): Html | undefined {
  if (!/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/.test(uri)) return undefined
  return html`<img src="${uri}" alt="${title}" title="${title}">`
}

function captionOf({ truth, predicted, probability }: ShownPicture, say: Say): string {
  return say('pictureCaption', { truth, predicted, share: say.percent(probability) })
}

export const confusedPairs: Section = (data, say) => {
  const pairs = data.pictures?.confused ?? []
  if (pairs.length === 0) return undefined
  return card(
    say('sectionConfusedPairs'),
    pairs.map(
      ({ truth, predicted, count, of, pictures }) =>
        html`<h3 class="strip">${say('confusedPair', { truth, predicted, count, of })}</h3><div class="pictures">${pictures.map(
          shown => image(shown.picture, `${shown.name}: ${captionOf(shown, say)}`),
        )}</div>`,
    ),
    { note: say('confusedNote') },
  )
}

export const highestLosses: Section = (data, say) => {
  const losses = data.pictures?.losses ?? []
  if (losses.length === 0) return undefined
  return card(
    say('sectionHighestLosses'),
    html`<div class="pictures named">${losses.map(
      shown =>
        html`<figure>${image(shown.picture, `${shown.name}: ${captionOf(shown, say)}`)}<figcaption><b>${clip(shown.truth, 14)}</b><br>${clip(shown.predicted, 14)} ${say.percent(shown.probability)}</figcaption></figure>`,
    )}</div>`,
    { note: say('lossesNote') },
  )
}

export const augmentation: Section = (data, say) => {
  const lines = data.pictures?.augmented ?? []
  if (lines.length === 0) return undefined
  return card(
    say('sectionAugmentation'),
    html`<div class="scroll"><table class="sheet">${lines.map(
      ({ caption, pictures }) =>
        html`<tr><th>${clip(caption, 18)}</th>${pictures.map(uri => html`<td>${image(uri, caption)}</td>`)}</tr>`,
    )}</table></div>`,
    { note: say('augmentationNote', { names: data.pictures?.augment ?? '' }) },
  )
}

export const focus: Section = (data, say) => {
  const shown = data.pictures?.focus ?? []
  if (shown.length === 0) return undefined
  return card(
    say('sectionFocus'),
    html`<div class="pictures named">${shown.map(({ truth, predicted, picture, heat }) => {
      const title = truth === predicted ? truth : `${truth} → ${predicted}`
      return html`<figure class="pair">${image(picture, truth)}${image(heat, title)}<figcaption><b>${clip(title, 28)}</b></figcaption></figure>`
    })}</div>`,
    { note: say('focusNote') },
  )
}

export const filters: Section = (data, say) => {
  const shown = data.pictures?.filters ?? []
  if (shown.length === 0) return undefined
  return card(
    say('sectionFilters'),
    html`<div class="pictures">${shown.map((uri, i) => image(uri, String(i + 1)))}</div>`,
    { note: say('filtersNote') },
  )
}

/** The maps of the first convolution stand below its filters. */
export const featureMaps: Section = (data, say) => {
  const layers = data.pictures?.maps ?? []
  if (layers.length === 0) return undefined
  return card(
    say('sectionMaps'),
    layers.map(({ size: [height, width], channels, shown, rows }, layer) => {
      const names = shown.map(channel => say('mapFilter', { number: channel + 1 }))
      const drawn = shown.map(channel =>
        layer === 0 ? data.pictures?.filters[channel] : undefined,
      )
      const heads = drawn.map((uri, i) => uri !== undefined && image(uri, names[i]))
      return html`<h3 class="strip">${say('mapsOfSize', { width, height, shown: shown.length, count: channels })}</h3><div class="scroll"><table class="sheet maps">${
        heads.some(head => head !== false) &&
        html`<tr><th>${say('mapFilters')}</th><td></td>${heads.map(head => html`<td>${head}</td>`)}</tr>`
      }${rows.map(
        ({ truth, picture, maps }) =>
          html`<tr><th>${clip(truth, 18)}</th><td>${image(picture, truth)}</td>${maps.map((uri, i) => html`<td>${image(uri, `${truth}: ${names[i]}`)}</td>`)}</tr>`,
      )}</table></div>`
    }),
    { note: say('mapsNote'), wide: true },
  )
}
