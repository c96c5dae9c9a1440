// Computing what has been recorded: values that are read, gradients, and whole training steps.

import { gradients } from '../autodiff/gradients.js'
import { AthanorError } from '../base/errors.js'
import { formatShape } from '../base/shape.js'
import type { HostStorage } from '../execute/host-storage.js'
import * as g from '../graph/build.js'
import { describeNode, type Node, type Source, topological } from '../graph/node.js'
import {
  type Cell,
  type Context,
  context,
  countReplacements,
  type InputSource,
  newContext,
  newTrace,
  refuseWhileTracing,
  type StateSource,
  withContext,
} from './context.js'
import {
  addLeaf,
  type Canonical,
  canonical,
  type Entry,
  leafFrom,
  programFor,
  replaced,
  runEntry,
  startEntry,
  type Wanted,
} from './engine.js'
import { companions, forgetCall, hasCalls } from './together.js'

/** What a kept program tells about the results beyond the nodes that were asked for. */
interface FlushMeta {
  /** For each gradient result, the index of its Variable among the leaves. */
  readonly gradientOf: readonly number[]
  /** Leaves (by index) whose Variables were given new values. */
  readonly assigned: readonly number[]
}

interface Flush {
  readonly graph: Canonical
  readonly outputs: readonly Node[]
  readonly entry: Entry<FlushMeta>
  readonly released: boolean
}

/** Gives `nodes` their values now. */
export function evaluate(nodes: readonly Node[]): void {
  try {
    const flush = prepare(nodes, null)
    if (flush !== null) settle(flush, runEntry(flush.entry, flush.graph.leaves), null)
  } catch (error) {
    forgetBackwards()
    throw error
  }
}

/** What failed once would fail again with whatever is computed next. */
function forgetBackwards(): void {
  const now = context()
  if (now.trace !== null) return
  now.backwards.length = 0
  now.results.length = 0
}

/** The same where the event loop stays free; the values are there when the promise resolves. */
export function evaluateAsync(nodes: readonly Node[]): Promise<void> {
  const flush = prepare(nodes, null)
  if (flush === null) return pendingOf(nodes)
  const { results, done } = startEntry(flush.entry, flush.graph.leaves)
  settle(flush, results, done)
  return Promise.all([done, pendingOf(nodes)]).then(() => {})
}

async function pendingOf(nodes: readonly Node[]): Promise<void> {
  for (const node of nodes) await (node.source as InputSource | null)?.pending
}

/** Runs the recorded backward() calls, so that gradients can be read. */
export function flushBackwards(): void {
  if (context().backwards.length > 0) evaluate([])
}

/** A loss whose gradients will be wanted. An earlier one that still waits is run first. */
export function recordBackward(loss: Node): void {
  if (loss.shape.length > 0 && loss.shape.some(n => n !== 1))
    throw new AthanorError('SHAPE', {
      operation: 'backward',
      expected: 'a scalar loss',
      received: formatShape(loss.shape),
      fix: 'Take the mean or the sum first',
    })
  if (!g.isFloatNode(loss))
    throw new AthanorError('DTYPE', {
      operation: 'backward',
      expected: 'a float loss',
      received: loss.dtype,
    })
  if (!loss.tracked)
    throw new AthanorError('STATE', {
      operation: `backward of ${describeNode(loss)}`,
      expected: 'a loss that depends on a trainable variable',
      received: 'one that does not, or whose graph was released by optimizer.step()',
      fix: 'Compute the loss again from the model before calling backward()',
    })
  const now = context()
  if (now.trace === null) flushBackwards()
  now.backwards.push(loss)
}

/** How new parameters follow from gradients: an optimizer's step. */
export interface UpdateStep {
  /** Equal for updates of equal structure (kind of optimizer, its fixed options). */
  readonly key: string
  /** Variables that receive gradients. */
  readonly variables: readonly Cell[]
  /** Other Variables that `build` reads or assigns, in a fixed order. */
  readonly state: readonly Cell[]
  /** Runtime numbers that `build` uses, in a fixed order. */
  readonly scalars: readonly Node[]
  /** Records the new values as assigns. Gradients are null where the loss does not depend on one. */
  readonly build: (gradients: readonly (Node | null)[]) => void
}

/** Forward, backward and update of everything recorded so far, in one program. */
export function applyUpdates(step: UpdateStep): void {
  const now = context()
  if (now.backwards.length === 0 && step.variables.every(cell => cell.gradient === null))
    throw new AthanorError('STATE', {
      operation: 'optimizer.step()',
      expected: 'gradients',
      received: 'none',
      fix: 'Call loss.backward() before optimizer.step()',
    })
  if (now.trace !== null) {
    traceUpdates(now, step)
    return
  }
  const flush = prepare([], step)!
  settle(flush, runEntry(flush.entry, flush.graph.leaves), null)
  for (const cell of step.variables) cell.gradient = null
}

/** While tracing, gradients and update simply become part of the traced graph. */
function traceUpdates(now: Context, step: UpdateStep): void {
  const losses = now.backwards.splice(0)
  const wrt = step.variables.map(cell => now.assigns.get(cell) ?? cell.leaf)
  const parts = gradientsOfLosses(losses, wrt)
  now.guarded.push({ losses, gradients: parts })
  step.build(parts)
}

export function gradientsOfLosses(losses: readonly Node[], wrt: readonly Node[]): (Node | null)[] {
  const upstreams = losses.map(loss => g.filled(loss.shape, 1, loss.dtype))
  return gradients(losses, wrt, upstreams)
}

const keyNumbers = new Map<string, number>()

function keyNumber(key: string): number {
  let id = keyNumbers.get(key)
  if (id === undefined) {
    id = keyNumbers.size + 1
    keyNumbers.set(key, id)
  }
  return id
}

/** Trainable Variables the losses were computed from: their leaves, in the order of the graph. */
function trainableLeaves(losses: readonly Node[]): Node[] {
  if (losses.length === 0) return []
  return topological(losses, () => false).filter(
    node => node.source?.kind === 'state' && (node.source as StateSource).cell.trainable,
  )
}

/** Adds what belongs together with something in the graph of `outputs` and `assigns`. */
function addCompanions(outputs: Node[], assigns: readonly (readonly [Cell, Node])[]): void {
  const known = new Set(outputs)
  let roots = [...outputs, ...assigns.map(([, value]) => value)]
  while (roots.length > 0) {
    const below = topological(roots, node => node.source !== null)
    roots = companions(below, isStale).filter(node => !known.has(node))
    for (const node of roots) {
      known.add(node)
      outputs.push(node)
    }
  }
}

/** Leaves out results that were computed from values which have been replaced since. */
function dropStaleResults(now: Context): void {
  const count = countReplacements(0)
  if (now.resultsAt === count) return
  now.resultsAt = count
  const fresh = now.results.filter(node => node.source === null && !isStale(node))
  now.results.splice(0, now.results.length, ...fresh)
}

function isStale(root: Node): boolean {
  return topological([root], node => node.source !== null).some(({ source }) => {
    if (source?.kind !== 'state') return false
    const { cell, version } = source as StateSource
    return cell.version !== version
  })
}

/** Collects what has to run, finds its program. null: nothing to do. */
function prepare(nodes: readonly Node[], step: UpdateStep | null): Flush | null {
  refuseWhileTracing('reading a value')
  const now = context()
  for (const cell of step?.variables ?? [])
    if (cell.gradient?.source === null) evaluateGradient(cell.gradient)
  const losses = now.backwards
  const wanted = nodes.filter(node => node.source === null)
  if (wanted.length === 0 && losses.length === 0 && step === null && now.assigns.size === 0)
    return null
  if (now.results.length > 0) dropStaleResults(now)
  const kept =
    step === null && losses.length === 0 ? [] : now.results.filter(node => node.source === null)
  const assigns = [...now.assigns]
  const outputs = [...new Set([...wanted, ...losses.filter(loss => loss.source === null), ...kept])]
  if (hasCalls() && step === null && losses.length === 0) addCompanions(outputs, assigns)
  const reopened = reopen(losses)
  try {
    const graph = canonical([...outputs, ...losses, ...assigns.map(([, value]) => value)])
    const { tokens } = graph
    tokens.push(-1, outputs.length, losses.length, keyNumber(step?.key ?? ''))
    for (const [cell] of assigns) tokens.push(addLeaf(graph, cell.leaf))
    const wrt = trainableLeaves(losses)
    for (const leaf of wrt) tokens.push(addLeaf(graph, leaf))
    if (step !== null) {
      tokens.push(-2)
      for (const cell of step.variables) {
        tokens.push(addLeaf(graph, cell.leaf))
        tokens.push(cell.gradient === null ? -3 : addLeaf(graph, cell.gradient))
      }
      for (const cell of step.state) tokens.push(addLeaf(graph, cell.leaf))
      for (const scalar of step.scalars) tokens.push(addLeaf(graph, scalar))
    }
    const entry = programFor<FlushMeta>(graph, () =>
      whole(graph, outputs, losses, wrt, assigns, step),
    )
    return { graph, outputs, entry, released: step !== null }
  } finally {
    for (const [node, source] of reopened) node.source = source
  }
}

/**
 * Values that were read before backward() still have the graph below them; gradients need its inside,
 * so it is computed once more.
 */
function reopen(losses: readonly Node[]): [Node, Source | null][] {
  const reopened: [Node, Source | null][] = []
  for (const node of topological(losses, () => false))
    if (node.source !== null && node.inputs.length > 0) {
      reopened.push([node, node.source])
      node.source = null
    }
  return reopened
}

/** A sum of gradients that accumulated over several backward() calls. */
function evaluateGradient(gradient: Node): void {
  const waiting = context().backwards.splice(0)
  evaluate([gradient])
  context().backwards.push(...waiting)
}

/** The complete graph of a flush, built only when its program is not known yet. */
function whole(
  graph: Canonical,
  outputs: readonly Node[],
  losses: readonly Node[],
  wrt: readonly Node[],
  assigns: readonly (readonly [Cell, Node])[],
  step: UpdateStep | null,
): Wanted<FlushMeta> {
  const parts = gradientsOfLosses(losses, wrt)
  const updated = new Set(step?.variables.map(cell => cell.leaf))
  const gradientNodes: Node[] = []
  const gradientOf: number[] = []
  wrt.forEach((leaf, i) => {
    const part = parts[i]
    if (part === null || updated.has(leaf)) return
    gradientNodes.push(part)
    gradientOf.push(graph.leaves.indexOf(leaf))
  })
  const guards: Node[] = []
  let all = assigns
  if (step !== null) {
    const building = newContext(newTrace())
    for (const [cell, value] of assigns) building.assigns.set(cell, value)
    const byLeaf = new Map(wrt.map((leaf, i) => [leaf, parts[i]]))
    const total = step.variables.map(cell => {
      const fresh = byLeaf.get(cell.leaf) ?? null
      if (cell.gradient === null) return fresh
      return fresh === null ? cell.gradient : g.add(cell.gradient, fresh)
    })
    withContext(building, () => step.build(total))
    all = [...building.assigns]
    guards.push(...finiteGuards(losses, total))
  }
  return {
    outputs: [...outputs, ...gradientNodes],
    assigns: all.map(([cell, value]) => ({ target: cell.leaf, value })),
    guards,
    meta: { gradientOf, assigned: all.map(([cell]) => graph.leaves.indexOf(cell.leaf)) },
  }
}

/** An update happens only if the loss and every gradient are finite: no sum hides a NaN or an infinity. */
export function finiteGuards(losses: readonly Node[], parts: readonly (Node | null)[]): Node[] {
  const scalars = losses.map(loss => g.reshape(loss, []))
  for (const part of parts) {
    if (part === null) continue
    const axes = part.shape.map((_, i) => i)
    scalars.push(g.sum(part, axes))
  }
  return scalars
}

/** Hands out the results: nodes get values, gradients accumulate, Variables move on. */
function settle(flush: Flush, results: readonly HostStorage[], done: Promise<void> | null): void {
  const { entry, outputs, graph, released } = flush
  const now = context()
  const losses = now.backwards.splice(0)
  const finished = done?.then(() => undefined) ?? null
  finished?.catch(() => {})
  outputs.forEach((node, i) => {
    const source: InputSource = { kind: 'input', storage: results[i], pending: finished }
    node.source = source
    forgetCall(node)
    if (finished !== null)
      finished.then(
        () => {
          source.pending = null
        },
        () => {},
      )
    if (released || !node.tracked) release(node)
  })
  entry.meta.gradientOf.forEach((position, k) => {
    const leaf = graph.leaves[position]
    const { cell } = leaf.source as StateSource
    const fresh = leafFrom(results[outputs.length + k], leaf.shape, finished)
    cell.gradient = cell.gradient === null ? fresh : g.add(cell.gradient, fresh)
  })
  for (const position of entry.meta.assigned)
    replaced((graph.leaves[position].source as StateSource).cell)
  now.assigns.clear()
  if (released) {
    now.results.length = 0
    for (const loss of losses) release(loss)
  }
}

/** Nothing can ask for this node's gradient any more: what it was computed from may go. */
function release(node: Node): void {
  node.inputs = []
  node.tracked = false
}
