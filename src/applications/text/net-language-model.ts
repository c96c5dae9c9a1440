// A network as a model of language: ids [batch, steps] to logits [batch, steps, size], of which each step knows only
// the steps up to it.

import { argumentError, shapeError } from '../../base/errors.js'
import { formatShape } from '../../base/shape.js'
import { KeyValueCache } from '../../nn/attention/cache.js'
import { carriedBelow } from '../../nn/carried.js'
import { inMode } from '../../nn/mode.js'
import type { Module } from '../../nn/module.js'
import { type Compiled, compile } from '../../tensor/compile.js'
import { noGrad } from '../../tensor/differentiate.js'
import { neg, softmaxCrossEntropy } from '../../tensor/operations.js'
import { gather, reshape } from '../../tensor/structure.js'
import { type Tensor, tensorOver } from '../../tensor/tensor.js'
import type { ContextReader, LanguageModel } from './language-model.js'
import { lanes, windows } from './measured-lanes.js'
import { goesOn, goesOnForever, TokenReader } from './token-reader.js'

/** Tokens that a net with states may read; as many as positions in a cache can count. */
const noLimit = 2 ** 31 - 1

/**
 * A network with causal layers, used to generate and to be measured.
 *
 * A net of stateful layers knows all of a context, however long. Any other sees at most `context` tokens: of a longer
 * one it sees the end, from the last multiple of half of `context` that leaves no more than `context`; so a text that
 * grows is read again from its middle only once in half of `context` tokens. In a text that is measured, each token
 * but the first ones is predicted from at least half of `context` tokens (stateful layers: twice `context`).
 *
 * @throws AthanorError ARGUMENT for stateful layers beside others that look at several steps; SHAPE, when it runs, for
 * a network that gives something else than [batch, steps, size].
 * @example
 * ```ts
 * const net = sequential([layers.embedding({ inputDim: 9, outputDim: 4 }), layers.dense({ units: 9 })])
 * const language = new NetLanguageModel(net.module, { size: 9, context: 16 })
 * const [logits] = await language.next([Int32Array.of(4, 5)])
 * logits.length // 9
 * ```
 */
export class NetLanguageModel implements LanguageModel {
  readonly size: number
  readonly context: number
  /** Whether states reach back to the beginning of a text, so that `context` is no limit. */
  readonly carries: boolean
  private readonly idle: TokenReader[] = []
  private readonly last: Compiled<[Tensor, Tensor], Tensor>
  private readonly windowScores: Compiled<[Tensor, Tensor], Tensor>

  constructor(
    private readonly net: Module,
    { size, context }: { readonly size: number; readonly context: number },
  ) {
    if (!(context >= 1))
      throw argumentError('NetLanguageModel', 'a context of a token or more', String(context))
    this.size = size
    this.context = context
    this.carries = carriedBelow(net).length > 0
    if (this.carries && !goesOnForever(net))
      throw argumentError(
        'NetLanguageModel',
        'stateful layers in a chain of layers that read forwards, step by step',
        'others beside them',
      )
    this.last = compile((x: Tensor, places: Tensor) => noGrad(() => gather(this.logits(x), places)))
    this.windowScores = compile((x: Tensor, y: Tensor) => noGrad(() => this.scoresOf(x, y)))
  }

  /** [rows · steps, size] for ids [rows, steps]. */
  private logits(x: Tensor): Tensor {
    const [rows, steps] = x.shape
    const { size } = this
    const y = this.net.forward(x)
    if (y.rank !== 3 || y.shape[1] !== steps || y.shape[2] !== size)
      throw shapeError('NetLanguageModel', formatShape([rows, steps, size]), formatShape(y.shape))
    return reshape(y, [rows * steps, size])
  }

  /** log p of the tokens `y` that come after each of `x`, [rows · steps]. */
  private scoresOf(x: Tensor, y: Tensor): Tensor {
    return neg(softmaxCrossEntropy(this.logits(x), reshape(y, [y.size])))
  }

  /** The same for pieces of texts that go on from those before. */
  private goingOn(): Compiled<[Tensor, Tensor], Tensor> {
    const cache = new KeyValueCache({ maxLength: noLimit })
    return compile((x: Tensor, y: Tensor) => cache.run(x, tokens => this.scoresOf(tokens, y)))
  }

  /** Where a context of so many tokens begins for the net. */
  private startOf(length: number): number {
    if (this.carries || length <= this.context) return 0
    const stride = Math.ceil(this.context / 2)
    return stride * Math.ceil((length - this.context) / stride)
  }

  async next(contexts: readonly Int32Array[]): Promise<Float32Array[]> {
    if (contexts.length === 0) return []
    if (this.carries) return this.nextByStates(contexts.map(begun))
    const ends = contexts.map(ids => ids.subarray(this.startOf(ids.length)))
    const steps = this.stepsFor(Math.max(...ends.map(({ length }) => length)))
    const x = new Int32Array(ends.length * steps)
    ends.forEach((ids, row) => {
      x.set(ids, row * steps)
    })
    const places = Int32Array.from(ends, ({ length }, row) => row * steps + Math.max(0, length - 1))
    const result = await inMode(this.net, false, () =>
      this.last.async(
        tensorOver(x, [ends.length, steps], 'int32'),
        tensorOver(places, [ends.length], 'int32'),
      ),
    )
    const values = Float32Array.from(await result.data())
    return ends.map((_, row) => values.slice(row * this.size, (row + 1) * this.size))
  }

  /** Contexts of one length together, each from its beginning. */
  private async nextByStates(contexts: readonly Int32Array[]): Promise<Float32Array[]> {
    const result = new Array<Float32Array>(contexts.length)
    for (const length of new Set(contexts.map(ids => ids.length))) {
      const places = [...contexts.keys()].filter(i => contexts[i].length === length)
      const reader = this.taken(places.length)
      const logits = await reader.next(places.map(i => contexts[i]))
      this.giveBack(reader)
      places.forEach((place, i) => {
        result[place] = logits[i]
      })
    }
    return result
  }

  /** A reader of so many rows that nobody uses, or a new one. */
  private taken(width: number): TokenReader {
    const at = this.idle.findIndex(reader => reader.width === width)
    if (at >= 0) return this.idle.splice(at, 1)[0]
    const most = this.carries ? noLimit : this.context
    return new TokenReader(this.net, width, most, length => this.startOf(length))
  }

  /** Without what it has read: by the next text, the net may have learnt more. */
  private giveBack(reader: TokenReader): void {
    reader.forget()
    this.idle.push(reader)
  }

  reader(): ContextReader {
    if (!goesOn(this.net)) return { next: contexts => this.next(contexts), close: () => {} }
    let reader: TokenReader | null = null
    const close = () => {
      if (reader !== null) this.giveBack(reader)
      reader = null
    }
    const next = async (contexts: readonly Int32Array[]) => {
      const given = contexts.map(begun)
      if (given.length === 0 || given.some(({ length }) => length !== given[0].length))
        return this.next(contexts)
      if (reader === null || reader.width < given.length) {
        close()
        reader = this.taken(given.length)
      }
      return reader.next(given)
    }
    return { next, close }
  }

  async score(ids: Int32Array, from = 1): Promise<Float64Array> {
    const result = new Float64Array(Math.max(0, ids.length - from))
    const { context, carries } = this
    const groups = carries
      ? [lanes(ids.length, from, 2 * context)]
      : windows(ids.length, from, context)
    const scores = carries ? this.goingOn() : this.windowScores
    const rows = groups[0]?.length ?? 0
    for (const group of groups) {
      const most = Math.max(0, ...group.map(({ start, end }) => end - 1 - start))
      for (let at = 0; at < most; at += context) {
        const piece = (row: number, next: number) => {
          const { start, end } = group[row]
          const begin = Math.min(end, start + at + next)
          return ids.subarray(begin, Math.min(end, begin + context))
        }
        const x = new Int32Array(rows * context)
        const y = new Int32Array(rows * context)
        for (const row of group.keys()) {
          x.set(piece(row, 0), row * context)
          y.set(piece(row, 1), row * context)
        }
        const scored = await inMode(this.net, false, () =>
          scores.async(
            tensorOver(x, [rows, context], 'int32'),
            tensorOver(y, [rows, context], 'int32'),
          ),
        )
        const values = await scored.data()
        group.forEach(({ start, first, end }, row) => {
          const behind = Math.min(end, start + at + 1 + context)
          for (let i = Math.max(first, start + at + 1); i < behind; i++)
            result[i - from] = values[row * context + i - 1 - start - at]
        })
      }
    }
    return result
  }

  /** Few lengths, so that few programs are compiled. */
  private stepsFor(length: number): number {
    let steps = 8
    while (steps < length) steps *= 2
    return Math.min(steps, this.context)
  }
}

/** Nothing stands for the token of id 0, which fills up shorter texts. */
function begun(ids: Int32Array): Int32Array {
  return ids.length === 0 ? Int32Array.of(0) : ids
}
