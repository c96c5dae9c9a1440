// What nets show of themselves, read back from the data of a report, which may have been altered.

import type { JsonReader } from '../../base/json-reader.js'

/** Throws FORMAT for what is no `AttentionFigure`. */
export function checkAttention(figure: JsonReader): void {
  const tokens = figure.get('tokens').items(1, 1000)
  for (const token of tokens) token.string()
  for (const name of ['layer', 'layers']) figure.get(name).integer(1)
  for (const head of figure.get('heads').items())
    if (!/^\d*$/.test(head.string()) || head.string().length !== tokens.length ** 2)
      head.fail(`${tokens.length ** 2} digits`)
}

/** Throws FORMAT for what are no `TextFigures`. */
export function checkTextFigures(figures: JsonReader): void {
  for (const shown of figures.get('losses').items()) {
    shown.get('row').integer(1)
    for (const name of ['truth', 'predicted']) shown.get(name).string()
    shown.get('probability').number(0, 1)
    shown.get('isCut').boolean()
    for (const word of shown.get('words').items()) {
      const [text, influence] = word.items(2, 2)
      text.string()
      influence.number(-1, 1)
    }
  }
  for (const figure of figures.get('attention').items()) {
    figure.get('truth').string()
    checkAttention(figure)
  }
}

/** Throws FORMAT for what are no `LayerMaps`. */
export function checkLayerMaps(layers: JsonReader): void {
  for (const layer of layers.items()) {
    for (const side of layer.get('size').items(2, 2)) side.integer(1)
    layer.get('channels').integer(1)
    const shown = layer.get('shown').items()
    for (const channel of shown) channel.integer(0)
    for (const row of layer.get('rows').items()) {
      for (const name of ['truth', 'picture']) row.get(name).string()
      for (const map of row.get('maps').items(shown.length, shown.length)) map.string()
    }
  }
}
