// A network as a model of language: ids [batch, steps] to logits [batch, steps, size], of which each step knows only
// the steps up to it.

import { argumentError, shapeError } from '../../base/errors.js'
import { formatShape } from '../../base/shape.js'
import type { Module } from '../../nn/module.js'
import { type Compiled, compile } from '../../tensor/compile.js'
import { noGrad } from '../../tensor/differentiate.js'
import { neg, softmaxCrossEntropy } from '../../tensor/operations.js'
import { gather, reshape } from '../../tensor/structure.js'
import { type Tensor, tensorOver } from '../../tensor/tensor.js'
import type { LanguageModel } from './language-model.js'

/** Windows that are measured at once. */
const together = 16

/**
 * A network with causal layers, used to generate and to be measured. Contexts longer than `context` are cut to
 * their end. In a text that is measured, each token but the first ones is predicted from at least half of
 * `context` tokens.
 *
 * @throws AthanorError SHAPE, when it runs, for a network that gives something else than [batch, steps, size].
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
  private readonly last: Compiled<[Tensor, Tensor], Tensor>
  private readonly scores: Compiled<[Tensor, Tensor], Tensor>

  constructor(
    private readonly net: Module,
    { size, context }: { readonly size: number; readonly context: number },
  ) {
    if (!(context >= 1))
      throw argumentError('NetLanguageModel', 'a context of a token or more', String(context))
    this.size = size
    this.context = context
    const logits = (x: Tensor): Tensor => {
      const [rows, steps] = x.shape
      const y = this.net.forward(x)
      if (y.rank !== 3 || y.shape[1] !== steps || y.shape[2] !== size)
        throw shapeError('NetLanguageModel', formatShape([rows, steps, size]), formatShape(y.shape))
      return reshape(y, [rows * steps, size])
    }
    this.last = compile((x: Tensor, places: Tensor) => noGrad(() => gather(logits(x), places)))
    this.scores = compile((x: Tensor, y: Tensor) =>
      noGrad(() => neg(softmaxCrossEntropy(logits(x), reshape(y, [y.size])))),
    )
  }

  async next(contexts: readonly Int32Array[]): Promise<Float32Array[]> {
    if (contexts.length === 0) return []
    const ends = contexts.map(ids => ids.subarray(Math.max(0, ids.length - this.context)))
    const steps = this.stepsFor(Math.max(...ends.map(({ length }) => length)))
    const x = new Int32Array(ends.length * steps)
    ends.forEach((ids, row) => {
      x.set(ids, row * steps)
    })
    const places = Int32Array.from(ends, ({ length }, row) => row * steps + Math.max(0, length - 1))
    const result = await this.inference(() =>
      this.last.async(
        tensorOver(x, [ends.length, steps], 'int32'),
        tensorOver(places, [ends.length], 'int32'),
      ),
    )
    const values = Float32Array.from(await result.data())
    return ends.map((_, row) => values.slice(row * this.size, (row + 1) * this.size))
  }

  async score(ids: Int32Array, from = 1): Promise<Float64Array> {
    const count = ids.length - from
    const result = new Float64Array(Math.max(0, count))
    const { context } = this
    const stride = Math.max(1, Math.floor(context / 2))
    const starts: number[] = []
    for (
      let start = Math.max(0, from - 1 - (context - stride));
      start < ids.length - 1;
      start += stride
    ) {
      starts.push(start)
      if (start + context >= ids.length - 1) break
    }
    let known = from
    for (let at = 0; at < starts.length; at += together) {
      const part = starts.slice(at, at + together)
      const x = new Int32Array(together * context)
      const y = new Int32Array(together * context)
      part.forEach((start, row) => {
        x.set(ids.subarray(start, start + context), row * context)
        y.set(ids.subarray(start + 1, start + 1 + context), row * context)
      })
      const scored = await this.inference(() =>
        this.scores.async(
          tensorOver(x, [together, context], 'int32'),
          tensorOver(y, [together, context], 'int32'),
        ),
      )
      const values = await scored.data()
      part.forEach((start, row) => {
        const end = Math.min(ids.length, start + 1 + context)
        for (; known < end; known++)
          result[known - from] = values[row * context + known - start - 1]
      })
    }
    return result
  }

  /** Few lengths, so that few programs are compiled. */
  private stepsFor(length: number): number {
    let steps = 8
    while (steps < length) steps *= 2
    return Math.min(steps, this.context)
  }

  private async inference<T>(run: () => Promise<T>): Promise<T> {
    const wasTraining = this.net.training
    this.net.eval()
    try {
      return await run()
    } finally {
      this.net.train(wasTraining)
    }
  }
}
