// What attention looked at in a text, small enough for a report: the heads of one layer.

import { type AttentionMaps, attentionOf } from '../../applications/text/index.js'
import { AthanorError } from '../../base/errors.js'
import type { Tokenizer } from '../../features/text/index.js'
import { tensorOver } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'
import type { AttentionFigure } from '../report/report-data.js'

const mostHeads = 4

/** Tokens that a figure has room for. */
export function mostTokens(tokenizer: Tokenizer): number {
  return tokenizer.kind === 'characters' ? 32 : 18
}

/** The layer whose heads choose most sharply; undefined for a net without attention. */
export async function attentionFigure(
  net: Model,
  tokenizer: Tokenizer,
  ids: Int32Array,
): Promise<AttentionFigure | undefined> {
  const maps = await attentionOf(net, tensorOver(ids, [1, ids.length], 'int32')).catch(error => {
    if (error instanceof AthanorError && error.code === 'ARGUMENT') return undefined
    throw error
  })
  if (maps === undefined) return undefined
  const vagueness = maps.map(vaguenessOf)
  const layer = vagueness.indexOf(Math.min(...vagueness))
  const { heads, queries, keys, values } = maps[layer]
  const size = queries * keys
  return {
    tokens: Array.from(ids, id => tokenizer.tokenText(id)),
    layer: layer + 1,
    layers: maps.length,
    heads: Array.from({ length: Math.min(heads, mostHeads) }, (_, head) =>
      Array.from(values.subarray(head * size, (head + 1) * size), levelOf).join(''),
    ),
  }
}

/** 0 below half a percent, 9 for all: square roots, so that small shares are seen. */
function levelOf(weight: number): number {
  return weight < 0.005 ? 0 : Math.min(9, Math.ceil(9 * Math.sqrt(weight)))
}

/** Mean entropy of the rows, as a share of what it could be. */
function vaguenessOf({ keys, values }: AttentionMaps): number {
  let total = 0
  let rows = 0
  for (let from = 0; from < values.length; from += keys) {
    const seen = values.subarray(from, from + keys).filter(weight => weight > 0)
    if (seen.length < 2) continue
    const entropy = seen.reduce((sum, weight) => sum - weight * Math.log(weight), 0)
    total += entropy / Math.log(seen.length)
    rows++
  }
  return rows === 0 ? 1 : total / rows
}
