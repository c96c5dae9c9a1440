// Where graph, gradients, compiler and executor meet: finds or compiles the Program for what is
// wanted, binds its leaves and runs it.

import { availableMemory } from '#platform'
import { type DType, dtypes, type TypedArray } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import { formatShape } from '../base/shape.js'
import { type Compiled, compileGraph } from '../compile/compile.js'
import type { Binding, Executor, LoadedProgram, Storage } from '../execute/executor.js'
import { HostStorage } from '../execute/host-storage.js'
import { defaultExecutor } from '../execute/select.js'
import { describeNode, Node } from '../graph/node.js'
import { makeNode } from '../graph/ops.js'
import {
  type Cell,
  countReplacements,
  type InputSource,
  type ScalarSource,
  type StateSource,
} from './context.js'

let chosen: Executor | null = null

/** The executor in use; chosen at the first need. */
export function executor(): Executor {
  chosen ??= defaultExecutor()
  return chosen
}

/** Runs everything from now on with `next` (tests compare executors); returns the one before. */
export function useExecutor(next: Executor): Executor | null {
  const before = chosen
  chosen = next
  programsOf(next)
  return before
}

/** A leaf that holds values. The array becomes the engine's own. */
export function leafOf(values: TypedArray, dtype: DType, shape: readonly number[]): Node {
  return leafFrom(new HostStorage(dtype, values), shape, null)
}

export function leafFrom(
  storage: HostStorage,
  shape: readonly number[],
  pending: Promise<void> | null,
): Node {
  const node = makeNode('input', [], { shape, dtype: storage.dtype })
  const source: InputSource = { kind: 'input', storage, pending }
  node.source = source
  return node
}

export function scalarLeaf(dtype: DType, read: () => number): Node {
  const node = makeNode('scalar', [], { dtype })
  const source: ScalarSource = { kind: 'scalar', read }
  node.source = source
  return node
}

export function newCell(
  name: string,
  trainable: boolean,
  dtype: DType,
  shape: readonly number[],
  values: TypedArray,
): Cell {
  const cell: Cell = {
    name,
    trainable,
    storage: executor().createStorage(dtype, values),
    version: 0,
    leaf: makeNode('input', [], { shape, dtype }),
    gradient: null,
  }
  renewLeaf(cell)
  return cell
}

/** A leaf for the cell's present value; made from the last one, since a step renews every cell. */
function renewLeaf(cell: Cell): void {
  const { attributes, shape, dtype, signature } = cell.leaf as Node<'input'>
  const leaf = new Node('input', attributes, [], shape, dtype, signature)
  const source: StateSource = { kind: 'state', cell, version: cell.version }
  leaf.source = source
  leaf.tracked = cell.trainable
  cell.leaf = leaf
}

/** The cell's value has been replaced: tensors that were to be computed from the old one cannot be. */
export function replaced(cell: Cell): void {
  countReplacements(1)
  cell.version++
  renewLeaf(cell)
}

const leafKinds = new Map<string, number>()

/** Leaves of one kind, type and shape are interchangeable in a program. */
export function leafSignature(node: Node): number {
  const key = `${node.source!.kind}:${node.dtype}:${node.shape.join()}`
  let id = leafKinds.get(key)
  if (id === undefined) {
    id = leafKinds.size + 1
    leafKinds.set(key, id)
  }
  return -id
}

/** The graph below some roots in a form that is equal for equal programs. */
export interface Canonical {
  readonly tokens: number[]
  readonly leaves: Node[]
  readonly indexOf: Map<Node, number>
}

export function canonical(roots: readonly Node[]): Canonical {
  const tokens: number[] = []
  const leaves: Node[] = []
  const indexOf = new Map<Node, number>()
  const stack: Node[] = []
  for (const root of roots) {
    if (!indexOf.has(root)) {
      stack.push(root)
      while (stack.length > 0) {
        const node = stack[stack.length - 1]
        if (indexOf.has(node)) {
          stack.pop()
          continue
        }
        if (node.source !== null) {
          indexOf.set(node, indexOf.size)
          leaves.push(node)
          tokens.push(leafSignature(node))
          stack.pop()
          continue
        }
        let ready = true
        for (let i = node.inputs.length - 1; i >= 0; i--)
          if (!indexOf.has(node.inputs[i])) {
            stack.push(node.inputs[i])
            ready = false
          }
        if (!ready) continue
        stack.pop()
        tokens.push(2 * node.signature + (node.detached ? 1 : 0))
        for (const input of node.inputs) tokens.push(indexOf.get(input)!)
        indexOf.set(node, indexOf.size)
      }
    }
    tokens.push(indexOf.get(root)!)
  }
  return { tokens, leaves, indexOf }
}

/** Adds leaves that only the rest of the program (gradients, updates) uses; returns their indices. */
export function addLeaf(graph: Canonical, leaf: Node): number {
  let index = graph.indexOf.get(leaf)
  if (index === undefined) {
    index = graph.indexOf.size
    graph.indexOf.set(leaf, index)
    graph.leaves.push(leaf)
    graph.tokens.push(leafSignature(leaf))
  }
  return index
}

/** A compiled program with what the caller has to know to use its results. */
export interface Entry<Meta = unknown> {
  readonly tokens: readonly number[]
  readonly compiled: Compiled
  readonly loaded: LoadedProgram
  readonly meta: Meta
}

/** Programs by their tokens; the least recently used leave first. */
class ProgramCache {
  private readonly buckets = new Map<number, Entry[]>()
  private readonly recent = new Map<Entry, number>()
  private bytes = 0
  compilations = 0

  find(tokens: readonly number[]): Entry | undefined {
    const bucket = this.buckets.get(hashOf(tokens))
    const entry = bucket?.find(e => sameTokens(e.tokens, tokens))
    if (entry !== undefined) {
      const hash = this.recent.get(entry)!
      this.recent.delete(entry)
      this.recent.set(entry, hash)
    }
    return entry
  }

  add(entry: Entry): void {
    const hash = hashOf(entry.tokens)
    const bucket = this.buckets.get(hash)
    if (bucket === undefined) this.buckets.set(hash, [entry])
    else bucket.push(entry)
    this.recent.set(entry, hash)
    this.bytes += entry.loaded.bytes
    while (
      this.recent.size > 1 &&
      (this.bytes > maximalCacheBytes || this.recent.size > maximalPrograms)
    ) {
      const [oldest, oldHash] = this.recent.entries().next().value!
      this.recent.delete(oldest)
      const rest = this.buckets.get(oldHash)!.filter(e => e !== oldest)
      if (rest.length === 0) this.buckets.delete(oldHash)
      else this.buckets.set(oldHash, rest)
      this.bytes -= oldest.loaded.bytes
      oldest.loaded.dispose()
    }
  }

  get size(): number {
    return this.recent.size
  }
}

const maximalCacheBytes = 256 * 2 ** 20
const maximalPrograms = 1024

const caches = new Map<Executor, ProgramCache>()

function programsOf(target: Executor): ProgramCache {
  let cache = caches.get(target)
  if (cache === undefined) {
    cache = new ProgramCache()
    caches.set(target, cache)
  }
  return cache
}

/** How many programs have been compiled, and how many are kept: for tests and `doctor`. */
export function programStatistics(): { compilations: number; kept: number } {
  const cache = programsOf(executor())
  return { compilations: cache.compilations, kept: cache.size }
}

function hashOf(tokens: readonly number[]): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < tokens.length; i++) hash = Math.imul(hash ^ tokens[i], 0x01000193)
  return hash
}

function sameTokens(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export interface Wanted<Meta> {
  readonly outputs: readonly Node[]
  readonly assigns: readonly { readonly target: Node; readonly value: Node }[]
  /** Scalars that have to be finite before any assign happens. */
  readonly guards: readonly Node[]
  readonly meta: Meta
}

/** Finds the program for `graph`, or makes it from what `build` says. */
export function programFor<Meta>(graph: Canonical, build: () => Wanted<Meta>): Entry<Meta> {
  const cache = programsOf(executor())
  const found = cache.find(graph.tokens)
  if (found !== undefined) return found as Entry<Meta>
  const entry = compileEntry(graph.leaves, build(), graph.tokens)
  cache.add(entry)
  watchMisses(graph)
  return entry
}

export function compileEntry<Meta>(
  leaves: readonly Node[],
  wanted: Wanted<Meta>,
  tokens: readonly number[],
): Entry<Meta> {
  const { outputs, assigns, guards, meta } = wanted
  const compiled = compileGraph({ leaves, outputs, assigns, guards })
  checkMemory(compiled, outputs)
  programsOf(executor()).compilations++
  return { tokens, compiled, loaded: executor().load(compiled.program), meta }
}

function checkMemory({ program }: Compiled, outputs: readonly Node[]): void {
  const bytes =
    program.arenaBytes +
    program.slots.reduce((sum, slot) => sum + (slot.kind === 'outputs' ? slot.length : 0), 0)
  if (bytes < 64 * 2 ** 20) return
  const free = availableMemory()
  if (bytes <= free) return
  const what = outputs.length > 0 ? describeNode(outputs[outputs.length - 1]) : 'update'
  throw new AthanorError('MEMORY', {
    operation: `plan of ${what}`,
    expected: `at most ${megabytes(free)} MB, which the machine has free`,
    received: `${megabytes(bytes)} MB`,
    fix: 'Use a smaller batch, fewer units, or split the work',
  })
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 2 ** 20).toLocaleString('en')
}

// --- misses ---

const skeletons = new Map<string, { misses: number; shapes: string; warned: boolean }>()
const missesBeforeWarning = 256

/** Programs that differ only in shapes, over and over, deserve a word about what changes. */
function watchMisses(graph: Canonical): void {
  const skeleton = [...graph.indexOf.keys()].map(node => node.op).join()
  const shapes = graph.leaves.map(leaf => formatShape(leaf.shape)).join(' ')
  const seen = skeletons.get(skeleton)
  if (seen === undefined) {
    skeletons.set(skeleton, { misses: 1, shapes, warned: false })
    return
  }
  seen.misses++
  if (seen.misses > missesBeforeWarning && !seen.warned && seen.shapes !== shapes) {
    seen.warned = true
    console.warn(
      `athanor: the same computation has been compiled ${seen.misses} times for different inputs ` +
        `(last ${shapes}, before ${seen.shapes}). Pad batches to a few sizes to reuse programs.`,
    )
  }
  seen.shapes = shapes
}

// --- running ---

interface Run {
  readonly bindings: Binding[]
  readonly block: ArrayBuffer
}

function bind(entry: Entry, leaves: readonly Node[]): Run {
  const { compiled } = entry
  const { leafSlots, scalarsSlot, outputsSlot, program } = compiled
  const bindings = new Array<Binding>(program.slots.length)
  const scalars = new ArrayBuffer(program.slots[scalarsSlot].length)
  const block = new ArrayBuffer(program.slots[outputsSlot].length)
  let view: DataView | null = null
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i]
    const source = leaf.source as InputSource | StateSource | ScalarSource
    if (source.kind === 'input') bindings[leafSlots[i]] = (source.storage as HostStorage).values
    else if (source.kind === 'state') bindings[leafSlots[i]] = stateStorage(source, leaf)
    else {
      view ??= new DataView(scalars)
      writeScalar(view, leafSlots[i], leaf.dtype, source.read())
    }
  }
  bindings[scalarsSlot] = scalars
  bindings[outputsSlot] = block
  return { bindings, block }
}

function stateStorage(source: StateSource, leaf: Node): Storage {
  const { cell, version } = source
  if (cell.version !== version)
    throw new AthanorError('STATE', {
      operation: `a tensor computed from ${cell.name || 'a variable'} ${formatShape(leaf.shape)}`,
      expected: 'to be read before the variable got its next value',
      received: 'a read after the update',
      fix: 'Read it before optimizer.step() or assign(), or compute it again from the new value',
    })
  return cell.storage
}

function writeScalar(view: DataView, at: number, dtype: DType, value: number): void {
  if (dtype === 'float32') view.setFloat32(at, value, true)
  else if (dtype === 'float64') view.setFloat64(at, value, true)
  else if (dtype === 'int32') view.setInt32(at, value, true)
  else view.setUint8(at, value === 0 ? 0 : 1)
}

/** The program's results as storages, in the order of its outputs. */
function resultsOf(entry: Entry, block: ArrayBuffer): HostStorage[] {
  return entry.compiled.results.map(
    ({ byteOffset, dtype, length }) =>
      new HostStorage(dtype, new dtypes[dtype].array(block, byteOffset, length)),
  )
}

/** A kept loss would keep the whole block, with all that was computed beside it. */
function detachSmall(results: readonly HostStorage[], block: ArrayBuffer): void {
  if (block.byteLength < 2 ** 16) return
  for (const result of results)
    if (result.length * dtypes[result.dtype].bytes <= 2 ** 12) result.detach()
}

export function runEntry(entry: Entry, leaves: readonly Node[]): HostStorage[] {
  const { bindings, block } = bind(entry, leaves)
  entry.loaded.run(bindings)
  const results = resultsOf(entry, block)
  detachSmall(results, block)
  return results
}

/** Starts the run; the storages are filled when `done` resolves. */
export function startEntry(
  entry: Entry,
  leaves: readonly Node[],
): { results: HostStorage[]; done: Promise<void> } {
  const { bindings, block } = bind(entry, leaves)
  const results = resultsOf(entry, block)
  const done = entry.loaded.runAsync(bindings).then(() => detachSmall(results, block))
  return { results, done }
}
