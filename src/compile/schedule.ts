// The order in which units run. Units that overwrite a state in place come after all that read its
// old value; where that is impossible the new value is written elsewhere first and copied at the end.

import type { Node } from '../graph/node.js'
import type { Unit } from './clusters.js'

export interface UnitGraph {
  readonly units: Unit[]
  readonly before: Map<Unit, Set<Unit>>
}

/** Units in the order of their nodes, with the units each one waits for. */
export function unitGraph(order: readonly Node[], unitOf: ReadonlyMap<Node, Unit>): UnitGraph {
  const units: Unit[] = []
  const before = new Map<Unit, Set<Unit>>()
  /** Units behind views: what has to run before a node's value can be read. */
  const producers = new Map<Node, Set<Unit>>()
  for (const node of order) {
    const unit = unitOf.get(node)
    const own = new Set<Unit>()
    if (unit !== undefined && !before.has(unit)) {
      units.push(unit)
      before.set(unit, new Set())
    }
    if (node.source === null)
      for (const input of node.inputs)
        for (const producer of producers.get(input)!) {
          if (unit === undefined) own.add(producer)
          else if (producer !== unit) before.get(unit)!.add(producer)
        }
    producers.set(node, unit === undefined ? own : new Set([unit]))
  }
  return { units, before }
}

/** Does `from` have to run before one of `others` already? */
export function precedesAny(graph: UnitGraph, from: Unit, others: readonly Unit[]): boolean {
  const seen = new Set(others)
  const stack = [...others]
  while (stack.length > 0) {
    const unit = stack.pop()!
    for (const earlier of graph.before.get(unit)!) {
      if (earlier === from) return true
      if (!seen.has(earlier)) {
        seen.add(earlier)
        stack.push(earlier)
      }
    }
  }
  return false
}

/** Topological order; among the units that are ready, `late` ones last, then the earliest. */
export function schedule(graph: UnitGraph, late: ReadonlySet<Unit>): Unit[] {
  const waiting = new Map<Unit, number>()
  const after = new Map<Unit, Unit[]>()
  for (const unit of graph.units) {
    waiting.set(unit, graph.before.get(unit)!.size)
    for (const earlier of graph.before.get(unit)!) {
      const list = after.get(earlier)
      if (list === undefined) after.set(earlier, [unit])
      else list.push(unit)
    }
  }
  const rank = new Map(
    graph.units.map((unit, i) => [unit, late.has(unit) ? i + graph.units.length : i]),
  )
  const ready = graph.units.filter(unit => waiting.get(unit) === 0)
  const order: Unit[] = []
  while (ready.length > 0) {
    let best = 0
    for (let i = 1; i < ready.length; i++)
      if (rank.get(ready[i])! < rank.get(ready[best])!) best = i
    const [unit] = ready.splice(best, 1)
    order.push(unit)
    for (const next of after.get(unit) ?? []) {
      const left = waiting.get(next)! - 1
      waiting.set(next, left)
      if (left === 0) ready.push(next)
    }
  }
  return order
}
