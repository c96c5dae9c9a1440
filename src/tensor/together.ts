// What one call of valueAndGrad found is computed together, and what it was given stays: loops that update plain
// tensors run one program a step, whichever of their values they read.

import { type Node, topological } from '../graph/node.js'
import { context, countReplacements } from './context.js'

interface Call {
  readonly results: readonly Node[]
  /** How many calls, this one included, wait for each other's results. */
  readonly depth: number
  /** The count of replaced values when the call was recorded. */
  readonly at: number
}

const callOf = new WeakMap<Node, Call>()
const depthOfArgument = new WeakMap<Node, number>()

let isUsed = false

/** Calls that may wait for each other: a loop that reads nothing is computed in stretches of as many. */
export const mostCalls = 16

const isPending = (node: Node) => node.source === null

/** How many calls wait for each other's results below the arguments of a next one. */
export function callsBelow(nodes: readonly Node[]): number {
  if (context().trace !== null) return 0
  const depthAt = (node: Node) =>
    isPending(node) ? (callOf.get(node)?.depth ?? depthOfArgument.get(node)) : 0
  let depth = 0
  for (const node of topological(nodes, below => depthAt(below) !== undefined))
    depth = Math.max(depth, depthAt(node) ?? 0)
  return depth
}

/** Notes what a call was given and what it found; `below` it wait as many others. */
export function recordCall(given: readonly Node[], results: readonly Node[], below: number): void {
  if (context().trace !== null) return
  isUsed = true
  const call = { results, depth: below + 1, at: countReplacements(0) }
  for (const node of results) callOf.set(node, call)
  for (const node of given) if (isPending(node)) depthOfArgument.set(node, below)
}

/** Whether there can be companions at all. */
export const hasCalls = () => isUsed

/** Its values are known: it holds on to what was found with it no longer. */
export function forgetCall(node: Node): void {
  if (isUsed) callOf.delete(node)
}

/** What is to be computed besides, when `nodes` are; `isStale` tells what no longer can be. */
export function companions(nodes: Iterable<Node>, isStale: (node: Node) => boolean): Node[] {
  const found = new Set<Node>()
  const now = countReplacements(0)
  for (const node of nodes) {
    if (!isPending(node)) continue
    if (depthOfArgument.has(node)) found.add(node)
    const call = callOf.get(node)
    for (const result of call?.results ?? [])
      if (isPending(result) && (call?.at === now || !isStale(result))) found.add(result)
  }
  return [...found]
}
