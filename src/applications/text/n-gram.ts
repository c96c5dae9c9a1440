// Counts of token sequences, interpolated from long contexts down to none after Witten and Bell 1991, in the form
// of Chen and Goodman 1999, equation 15: p(w | h) = (c(hw) + T(h) · p(w | h')) ÷ (c(h) + T(h)), where T(h) is how
// many different tokens followed h, and h' is h without its first token. Nothing is to be tuned.

import { argumentError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { wholeNumber } from '../../base/value-kinds.js'
import type { LanguageModel } from './language-model.js'

/** Options of `NgramModel`. */
export interface NgramOptions {
  /** Ids are below this. */
  readonly size: number
  /** Tokens looked at, the predicted one included: 1 knows frequencies only. Default: 5. */
  readonly order?: number
}

/** @internal */
export const ngramOptions = new OptionTable<NgramOptions>({
  size: required(wholeNumber({ min: 1, max: 2 ** 21 })),
  order: wholeNumber({ min: 1, max: 20 }),
})

/** Sequences as a tree: node 0 is the empty one, a child is its parent with one more token. */
class CountTree {
  /** Child of (node, token), by node · size + token. */
  private readonly children = new Map<number, number>()
  /** Of each node: how often it stood, what followed it (in all, and how many different). */
  readonly counts: number[] = [0]
  readonly followed: number[] = [0]
  readonly kinds: number[] = [0]
  /** Children of a node as a list. */
  readonly firstChild: number[] = [-1]
  readonly nextSibling: number[] = [-1]
  readonly token: number[] = [-1]

  constructor(private readonly size: number) {}

  find(node: number, token: number): number {
    return this.children.get(node * this.size + token) ?? -1
  }

  /** Counts `token` after `node`; the longer sequence's node. */
  count(node: number, token: number): number {
    const key = node * this.size + token
    let child = this.children.get(key)
    if (child === undefined) {
      child = this.counts.length
      this.children.set(key, child)
      this.counts.push(0)
      this.followed.push(0)
      this.kinds.push(0)
      this.firstChild.push(-1)
      this.nextSibling.push(this.firstChild[node])
      this.token.push(token)
      this.firstChild[node] = child
      this.kinds[node]++
    }
    this.counts[child]++
    this.followed[node]++
    return child
  }
}

/**
 * A model of language that counts: the baseline that a network has to beat. Below all counts stands the uniform
 * distribution, so that no token is impossible.
 *
 * @throws AthanorError ARGUMENT for a wrong option, or ids that are not below `size`.
 * @example
 * ```ts
 * const model = new NgramModel({ size: 3, order: 2 }).train(Int32Array.of(0, 1, 0, 1, 0, 2))
 * model.probability(Int32Array.of(0), 1) // about 0.533
 * ```
 */
export class NgramModel implements LanguageModel {
  readonly size: number
  readonly order: number
  private tree: CountTree

  constructor(options: NgramOptions) {
    const { size, order = 5 } = ngramOptions.check('NgramModel', options)
    this.size = size
    this.order = order
    this.tree = new CountTree(size)
  }

  /** Counts a text; what was counted before is forgotten. */
  train(ids: Int32Array): this {
    const wrong = ids.findIndex(id => id < 0 || id >= this.size)
    if (wrong >= 0)
      throw argumentError('NgramModel: train', `ids below ${this.size}`, String(ids[wrong]))
    this.tree = new CountTree(this.size)
    for (let start = 0; start < ids.length; start++) {
      const end = Math.min(ids.length, start + this.order)
      for (let node = 0, i = start; i < end; i++) node = this.tree.count(node, ids[i])
    }
    return this
  }

  /** p(token | context). */
  probability(context: Int32Array, token: number): number {
    return this.probabilityAt(context, context.length, token)
  }

  next(contexts: readonly Int32Array[]): Float64Array[] {
    return contexts.map(context => this.distribution(context).map(Math.log))
  }

  score(ids: Int32Array, from = 1): Float64Array {
    return Float64Array.from({ length: Math.max(0, ids.length - from) }, (_, i) =>
      Math.log(this.probabilityAt(ids, from + i, ids[from + i])),
    )
  }

  /** p(token | ids before `at`), from no context to the longest that was seen. */
  private probabilityAt(ids: Int32Array, at: number, token: number): number {
    const { tree } = this
    let p = 1 / this.size
    for (const node of this.contexts(ids, at)) {
      const child = tree.find(node, token)
      const count = child < 0 ? 0 : tree.counts[child]
      p = (count + tree.kinds[node] * p) / (tree.followed[node] + tree.kinds[node])
    }
    return p
  }

  private distribution(context: Int32Array): Float64Array {
    const { tree } = this
    const p = new Float64Array(this.size).fill(1 / this.size)
    for (const node of this.contexts(context, context.length)) {
      const kinds = tree.kinds[node]
      const total = tree.followed[node] + kinds
      for (let id = 0; id < p.length; id++) p[id] *= kinds / total
      for (let child = tree.firstChild[node]; child >= 0; child = tree.nextSibling[child])
        p[tree.token[child]] += tree.counts[child] / total
    }
    return p
  }

  /** Nodes of the contexts that end before `at` and were followed by something: none, one token, two … */
  private *contexts(ids: Int32Array, at: number): Generator<number> {
    for (let length = 0; length < this.order && length <= at; length++) {
      let node = 0
      for (let i = at - length; i < at && node >= 0; i++) node = this.tree.find(node, ids[i])
      if (node < 0) return
      if (this.tree.followed[node] > 0) yield node
    }
  }
}

/** The order, up to `most`, with which counts of `train` know `validation` best. */
export function bestNgram(
  train: Int32Array,
  validation: Int32Array,
  size: number,
  most = 6,
): NgramModel {
  let best = new NgramModel({ size, order: 1 }).train(train)
  let bestScore = Number.NEGATIVE_INFINITY
  for (let order = 1; order <= most; order++) {
    const model = new NgramModel({ size, order }).train(train)
    const score = model.score(validation).reduce((sum, value) => sum + value, 0)
    if (score <= bestScore) break
    best = model
    bestScore = score
  }
  return best
}
