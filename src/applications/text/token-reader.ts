// A net that reads each token once: what contexts share with those of the call before is in a cache.

import { ActivationLayer } from '../../nn/activation-layers.js'
import { KeyValueCache } from '../../nn/attention/cache.js'
import { MultiHeadAttention } from '../../nn/attention/multi-head-attention.js'
import { PositionEmbedding, TokenAndPositionEmbedding } from '../../nn/attention/positions.js'
import { TransformerDecoder } from '../../nn/attention/transformer-decoder.js'
import { Dense } from '../../nn/dense.js'
import { Dropout } from '../../nn/dropout.js'
import { Embedding } from '../../nn/embedding.js'
import { LayerNormalization } from '../../nn/layer-normalization.js'
import { inMode } from '../../nn/mode.js'
import type { AnyModule, Module } from '../../nn/module.js'
import { RecurrentLayer } from '../../nn/recurrent/recurrent-layer.js'
import { Sequential } from '../../nn/sequential.js'
import { type Compiled, compile } from '../../tensor/compile.js'
import { slice } from '../../tensor/structure.js'
import { type Tensor, tensorOver } from '../../tensor/tensor.js'

/** Layers that treat each step alone. */
const alone = [
  Sequential,
  Embedding,
  TokenAndPositionEmbedding,
  PositionEmbedding,
  Dense,
  Dropout,
  LayerNormalization,
  ActivationLayer,
]

/** Whether a `KeyValueCache` holds all that the net's layers know of earlier steps. */
export function goesOn(net: AnyModule): boolean {
  return net.modules().every(module => {
    if (module instanceof RecurrentLayer) return !module.goBackwards && module.returnSequences
    if (module instanceof TransformerDecoder)
      return module.useCausalMask && module.crossAttention === null
    if (module instanceof MultiHeadAttention) return module.useCausalMask
    return alone.some(kind => module instanceof kind)
  })
}

/** Whether states alone do, so that a text may be of any length. */
export function goesOnForever(net: AnyModule): boolean {
  const looksBack = (module: AnyModule) =>
    module instanceof TransformerDecoder || module instanceof MultiHeadAttention
  return goesOn(net) && !net.modules().some(looksBack)
}

/** Tokens that go through the net at once, at most: powers of two, so that few programs are compiled. */
const mostTogether = 128

/** Lengths of the pieces in which so many tokens are read. */
export function* pieces(tokens: number): Generator<number> {
  let size = mostTogether
  for (let left = tokens; left > 0; left -= size) {
    while (size > left) size /= 2
    yield size
  }
}

/** Rows of contexts that go on, each from a row before, and where they are in the cache. */
export class TokenReader {
  private readonly cache: KeyValueCache
  private readonly step: Compiled<[Tensor], Tensor>
  /** What each row of the cache has read; empty at the start. */
  private rows: readonly Int32Array[] = []
  private start = 0

  constructor(
    private readonly net: Module,
    /** Rows of the cache. */
    readonly width: number,
    maxLength: number,
    /** Where reading begins in a context of so many tokens. */
    private readonly startOf: (length: number) => number,
  ) {
    this.cache = new KeyValueCache({ maxLength })
    this.step = compile((tokens: Tensor) =>
      this.cache.run(tokens, x => slice(this.net.forward(x), null, -1)),
    )
  }

  /** Logits after each of at most `width` contexts of one length, at least 1. */
  async next(contexts: readonly Int32Array[]): Promise<Float32Array[]> {
    const all = Array.from({ length: this.width }, (_, row) => contexts[row] ?? contexts[0])
    const [{ length }] = all
    const parents = this.parentsOf(all)
    if (parents === null) {
      this.cache.reset()
      this.start = this.startOf(length)
    } else if (parents.some((parent, row) => parent !== row))
      this.cache.reorder(tensorOver(Int32Array.from(parents), [this.width], 'int32'))
    this.forget()
    const logits = await inMode(this.net, false, () => this.read(all))
    this.rows = all.map(row => row.slice())
    const values = Float32Array.from(await logits.data())
    const size = values.length / this.width
    return contexts.map((_, row) => values.slice(row * size, (row + 1) * size))
  }

  /** The next contexts are read from their beginning. */
  forget(): void {
    this.rows = []
  }

  private async read(rows: readonly Int32Array[]): Promise<Tensor> {
    const [{ length }] = rows
    let at = this.start + this.cache.length
    let logits: Tensor | null = null
    for (const size of pieces(length - at)) {
      const tokens = new Int32Array(this.width * size)
      rows.forEach((row, i) => {
        tokens.set(row.subarray(at, at + size), i * size)
      })
      logits = await this.step.async(tensorOver(tokens, [this.width, size], 'int32'))
      at += size
    }
    return logits!
  }

  /** The row that each context goes on from; null where one does not, or where reading has to begin elsewhere. */
  private parentsOf(contexts: readonly Int32Array[]): number[] | null {
    const { rows, start } = this
    const [{ length }] = contexts
    if (rows.length === 0 || length <= rows[0].length || this.startOf(length) !== start) return null
    const parents = contexts.map((context, i) =>
      goesOnFrom(context, rows[i], start) ? i : rows.findIndex(r => goesOnFrom(context, r, start)),
    )
    return parents.includes(-1) ? null : parents
  }
}

function goesOnFrom(context: Int32Array, row: Int32Array, start: number): boolean {
  for (let i = row.length - 1; i >= start; i--) if (context[i] !== row[i]) return false
  return true
}
