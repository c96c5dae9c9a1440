// Puts trees that others grew, whose nodes lie anywhere, into the arrays of a TreeEnsemble.

import { nodeFlags, type TreeEnsemble } from './tree-ensemble.js'

/** A node as a file has it. */
export type SourceNode =
  | { readonly value: number; readonly count?: number }
  | {
      readonly feature: number
      readonly threshold: number
      readonly flags: number
      /** The categories that go left, as words of bits, where it has such. */
      readonly set?: readonly number[]
      readonly left: number
      readonly right: number
      readonly gain?: number
      readonly count?: number
    }

/** What is known of each node, beside the trees. */
export interface Collected {
  readonly trees: TreeEnsemble
  readonly gain: Float64Array
  readonly count: Float64Array
}

export class TreeCollector {
  private readonly treeStart = [0]
  private readonly treeOutput: number[] = []
  private readonly feature: number[] = []
  private readonly threshold: number[] = []
  private readonly flags: number[] = []
  private readonly left: number[] = []
  private readonly values: number[] = []
  private readonly setStart = [0]
  private readonly setWords: number[] = []
  private readonly gain: number[] = []
  private readonly count: number[] = []

  /** Adds one tree from its root, level by level; `refuse` is called for a node that is met twice. */
  add(
    output: number,
    root: number,
    nodeAt: (id: number) => SourceNode,
    refuse: (id: number) => never,
  ): void {
    const met = new Set<number>()
    const ids = [root]
    const begin = this.feature.length
    for (let next = 0; next < ids.length; next++) {
      const id = ids[next]
      if (met.has(id)) refuse(id)
      met.add(id)
      const node = nodeAt(id)
      this.count.push(node.count ?? 0)
      if ('value' in node) {
        this.push(-1, 0, 0, this.values.push(node.value) - 1, 0)
        continue
      }
      let { threshold, flags } = node
      if (node.set !== undefined) {
        threshold = this.setStart.length - 1
        flags |= nodeFlags.categorical
        for (const word of node.set) this.setWords.push(word)
        this.setStart.push(this.setWords.length)
      }
      this.push(node.feature, threshold, flags, begin + ids.length, node.gain ?? 0)
      ids.push(node.left, node.right)
    }
    this.treeStart.push(this.feature.length)
    this.treeOutput.push(output)
  }

  private push(feature: number, threshold: number, flags: number, left: number, gain: number) {
    this.feature.push(feature)
    this.threshold.push(threshold)
    this.flags.push(flags)
    this.left.push(left)
    this.gain.push(gain)
  }

  /** All trees that were added. */
  finish(base: readonly number[], rounds: boolean): Collected {
    const outputs = base.length
    return {
      trees: {
        outputs,
        leafWidth: 1,
        rounds,
        base: Float64Array.from(base),
        treeStart: Int32Array.from(this.treeStart),
        treeOutput: outputs === 1 ? undefined : Int32Array.from(this.treeOutput),
        feature: Int32Array.from(this.feature),
        threshold: Float64Array.from(this.threshold),
        flags: Uint8Array.from(this.flags),
        left: Int32Array.from(this.left),
        values: Float64Array.from(this.values),
        setStart: Int32Array.from(this.setStart),
        setWords: Uint32Array.from(this.setWords),
      },
      gain: Float64Array.from(this.gain),
      count: Float64Array.from(this.count),
    }
  }
}

/** Bits of whole numbers as words. */
export function wordsOf(members: Iterable<number>): number[] {
  const words: number[] = []
  for (const member of members) {
    const word = member >> 5
    while (words.length <= word) words.push(0)
    words[word] = (words[word] | (1 << (member & 31))) >>> 0
  }
  return words
}
