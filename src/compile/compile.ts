// Graph → Program: simplify, verify, fuse, schedule, emit, plan memory, verify.

import type { DType } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import { broadcastStrides, sizeOf, stridesOf } from '../base/shape.js'
import { describeNode, type Node, topological } from '../graph/node.js'
import type { Attributes } from '../graph/ops.js'
import { verifyGraph } from '../graph/verify.js'
import { type Cluster, isPrefix, isReduce, partition, type Unit } from './clusters.js'
import { behindBroadcasts, fuse } from './fused.js'
import {
  bytesOf,
  copyOf,
  copyWhole,
  type Emission,
  emitters,
  fillOf,
  matmulInstructions,
  readsOf,
  workOf,
  writesOf,
} from './instructions.js'
import { aligned, planMemory, type Use, type VirtualBuffer } from './plan.js'
import type { Instruction, Program, Slot } from './program.js'
import { precedesAny, schedule, unitGraph } from './schedule.js'
import { simplify } from './simplify.js'
import { verifyProgram } from './verify.js'

export interface CompileRequest {
  /** All leaves that may occur, in the order of the slots; those of kind `scalar` share one. */
  readonly leaves: readonly Node[]
  readonly outputs: readonly Node[]
  /** New values of states, written when everything that reads the old ones is done. */
  readonly assigns: readonly { readonly target: Node; readonly value: Node }[]
  /** Scalars without whose finiteness nothing is assigned. */
  readonly guards: readonly Node[]
}

export interface Result {
  readonly byteOffset: number
  readonly dtype: DType
  readonly length: number
}

export interface Compiled {
  readonly program: Program
  /** For each leaf its slot (of `program.slots`); scalars: the byte offset within theirs. */
  readonly leafSlots: readonly number[]
  readonly scalarsSlot: number
  readonly outputsSlot: number
  readonly results: readonly Result[]
}

export function compileGraph(request: CompileRequest): Compiled {
  const roots = simplify([
    ...request.outputs,
    ...request.assigns.map(a => a.value),
    ...request.guards,
  ])
  verifyGraph(roots)
  return new Lowering(request, roots).finish()
}

class Lowering {
  private readonly slots: Slot[] = []
  private readonly leafSlots: number[] = []
  private readonly virtual: VirtualBuffer[] = []
  private readonly instructions: Instruction[] = []
  private readonly uses: Use[] = []
  private readonly labels: string[] = []
  private readonly buffers = new Map<Node, number>()
  private readonly fills = new Map<Node, number>()
  private readonly results: Result[] = []
  private scalarsSlot = -1
  private outputsSlot = -1
  private label = ''

  constructor(
    private readonly request: CompileRequest,
    private readonly roots: readonly Node[],
  ) {
    this.bindLeaves()
    this.placeResults()
    this.emitAll()
  }

  finish(): Compiled {
    const plan = planMemory(this.virtual, this.uses)
    const program: Program = {
      buffers: plan.buffers,
      slots: this.slots,
      instructions: this.instructions,
      arenaBytes: plan.arenaBytes,
      flops: this.instructions.reduce((sum, i) => sum + workOf(i), 0),
      labels: this.labels,
    }
    verifyProgram(program)
    const { leafSlots, scalarsSlot, outputsSlot, results } = this
    return { program, leafSlots, scalarsSlot, outputsSlot, results }
  }

  private bindLeaves(): void {
    let scalarBytes = 0
    for (const leaf of this.request.leaves) {
      if (leaf.source?.kind === 'scalar') {
        this.leafSlots.push(scalarBytes)
        scalarBytes += 8
        continue
      }
      const kind = leaf.source?.kind === 'state' ? 'state' : 'input'
      this.leafSlots.push(this.slots.length)
      this.slots.push({ kind, dtype: leaf.dtype, length: sizeOf(leaf.shape) })
      this.buffers.set(
        leaf,
        this.newBuffer(leaf.dtype, sizeOf(leaf.shape), { slot: this.slots.length, byteOffset: 0 }),
      )
    }
    this.scalarsSlot = this.slots.length
    this.slots.push({ kind: 'scalars', dtype: 'float64', length: scalarBytes })
    this.request.leaves.forEach((leaf, i) => {
      if (leaf.source?.kind !== 'scalar') return
      this.buffers.set(
        leaf,
        this.newBuffer(leaf.dtype, 1, {
          slot: this.scalarsSlot + 1,
          byteOffset: this.leafSlots[i],
        }),
      )
    })
  }

  private placeResults(): void {
    let at = 0
    for (const output of this.request.outputs) {
      const length = sizeOf(output.shape)
      this.results.push({ byteOffset: at, dtype: output.dtype, length })
      at += aligned(bytesOf(output.dtype, length))
    }
    this.outputsSlot = this.slots.length
    this.slots.push({ kind: 'outputs', dtype: 'float64', length: at })
  }

  private emitAll(): void {
    const outputRoots = this.roots.slice(0, this.request.outputs.length)
    const guardsFrom = this.request.outputs.length + this.request.assigns.length
    const assignRoots = this.roots.slice(this.request.outputs.length, guardsFrom)
    const guardRoots = this.roots.slice(guardsFrom)
    const order = topological(this.roots, node => node.source !== null)
    const stored = new Set([...this.roots, ...this.roots.map(storedNode)])
    const unitOf = partition(order, stored, behindGuards(order, outputRoots, guardRoots))
    const needed = valuesNeeded(order, unitOf, this.roots)
    const graph = unitGraph(backwards(outputRoots, assignRoots, guardRoots), unitOf)

    // Results are written where they belong, unless the value is a leaf, a view or wanted twice.
    outputRoots.forEach((root, i) => {
      const base = storedNode(root)
      if (this.isPlaced(base) || unitOf.get(base) === undefined) return
      const { byteOffset, dtype, length } = this.results[i]
      if (sizeOf(base.shape) !== length) return
      this.buffers.set(
        base,
        this.newBuffer(dtype, length, { slot: this.outputsSlot + 1, byteOffset }),
      )
    })
    const guardUnits = guardRoots.flatMap(root => unitOf.get(storedNode(root)) ?? [])
    const late = new Set<Unit>()
    const assigned = this.request.assigns.map(({ target }) => target)
    const inPlace = new Set<number>()
    assignRoots.forEach((root, i) => {
      const base = storedNode(root)
      const unit = unitOf.get(base)
      const target = assigned[i]
      if (unit?.kind !== 'cluster' || isReduce(base) || this.isPlaced(base)) return
      if (!readsWhole(unit, target)) return
      const readers = graph.units.filter(u => u !== unit && reads(u, target))
      const earlier = [...readers, ...guardUnits]
      if (earlier.includes(unit) || precedesAny(graph, unit, earlier)) return
      for (const other of earlier) graph.before.get(unit)!.add(other)
      this.buffers.set(base, this.buffers.get(target)!)
      inPlace.add(i)
      late.add(unit)
    })

    // Old values of states that are results themselves are saved before anything overwrites them.
    this.label = 'copy of a state'
    const saved = new Map<number, number>()
    outputRoots.forEach((root, i) => {
      if (leafBehind(root).source === null) return
      const { byteOffset, dtype, length } = this.results[i]
      const target = this.newBuffer(dtype, length, { slot: this.outputsSlot + 1, byteOffset })
      this.writeTo(root, target)
      saved.set(i, target)
    })
    const moved = assignRoots.map(root => {
      if (leafBehind(root).source?.kind !== 'state') return null
      const copy = this.newBuffer(root.dtype, sizeOf(root.shape), null)
      this.writeTo(root, copy)
      return copy
    })

    let guarded = false
    for (const unit of schedule(graph, late)) {
      if (late.has(unit) && !guarded) {
        this.emitGuards(guardRoots)
        guarded = true
      }
      this.emit(unit, needed)
    }
    if (!guarded) this.emitGuards(guardRoots)

    // What could not be placed is copied; new states last.
    this.label = 'copy of a result'
    outputRoots.forEach((root, i) => {
      if (saved.has(i)) return
      const { byteOffset, dtype, length } = this.results[i]
      const own = this.buffers.get(storedNode(root))
      const place = own === undefined ? undefined : this.virtual[own].fixed
      if (place?.slot === this.outputsSlot + 1 && place.byteOffset === byteOffset) return
      const target = this.newBuffer(dtype, length, { slot: this.outputsSlot + 1, byteOffset })
      this.writeTo(root, target)
    })
    this.label = 'assign'
    assignRoots.forEach((root, i) => {
      if (inPlace.has(i)) return
      const target = this.buffers.get(assigned[i])!
      const { dtype, length } = this.virtual[target]
      const from = moved[i] ?? this.bufferOf(root)
      this.push(copyWhole(dtype, length, from, target), [from], [target])
    })
  }

  private emitGuards(roots: readonly Node[]): void {
    for (const root of roots) {
      const source = this.bufferOf(root)
      this.label = describeNode(root)
      this.push({ kind: 'requireFinite', dtype: root.dtype as 'float32', source }, [source], [])
    }
  }

  private isPlaced(node: Node): boolean {
    return this.buffers.has(node)
  }

  private newBuffer(dtype: DType, length: number, fixed: VirtualBuffer['fixed']): number {
    this.virtual.push({ dtype, length, fixed })
    return this.virtual.length - 1
  }

  private push(
    instruction: Instruction,
    reads: readonly number[],
    writes: readonly number[],
    mayReplace: Use['mayReplace'] = [],
  ): void {
    if (writes.length > 0 && writes.every(id => this.virtual[id].length === 0)) return
    this.instructions.push(instruction)
    this.uses.push({ reads, writes, mayReplace })
    this.labels.push(this.label)
  }

  private readonly emission: Emission = {
    bufferOf: node => this.bufferOf(node),
    temporary: (dtype, length) => this.newBuffer(dtype, length, null),
  }

  /** The buffer with a node's values, written out in full if it is a constant or a repetition. */
  private bufferOf(node: Node): number {
    const stored = storedNode(node)
    const known = this.buffers.get(stored) ?? this.fills.get(stored)
    if (known !== undefined) return known
    if (stored.op !== 'constant' && stored.op !== 'broadcast')
      throw new AthanorError('INTERNAL', {
        operation: 'compile',
        expected: `a value for ${describeNode(stored)}`,
        received: 'none',
      })
    const buffer = this.newBuffer(stored.dtype, sizeOf(stored.shape), null)
    this.fills.set(stored, buffer)
    this.writeTo(stored, buffer)
    return buffer
  }

  private writeTo(node: Node, target: number): void {
    const stored = storedNode(node)
    const base = storedNode(behindBroadcasts(stored))
    const length = sizeOf(node.shape)
    if (base.op === 'constant' && base.source === null) {
      const { value } = base.attributes as Attributes['constant']
      this.push(fillOf(stored.dtype, target, length, value), [], [target])
    } else if (stored.op === 'broadcast' && stored.source === null) {
      const behind = stored.inputs[0]
      const source = this.bufferOf(behind)
      const strides = broadcastStrides(behind.shape, stored.shape)
      this.push(
        copyOf(stored.dtype, stored.shape, source, 0, strides, target, 0, stridesOf(stored.shape)),
        [source],
        [target],
      )
    } else {
      const source = this.bufferOf(stored)
      this.push(copyWhole(stored.dtype, length, source, target), [source], [target])
    }
  }

  /** The buffer a unit writes a node's value to: its place if it has one, else a temporary. */
  private targetOf(node: Node): number {
    let buffer = this.buffers.get(node)
    if (buffer === undefined) {
      buffer = this.newBuffer(node.dtype, sizeOf(node.shape), null)
      this.buffers.set(node, buffer)
    }
    return buffer
  }

  private emit(unit: Unit, needed: ReadonlySet<Node>): void {
    if (unit.kind === 'cluster') {
      this.emitCluster(unit, needed)
      return
    }
    const node = unit.kind === 'matmul' ? unit.result : unit.nodes[0]
    this.label = describeNode(unit.nodes[0])
    const inputs = unit.nodes.flatMap(n =>
      n.inputs.filter(input => !unit.nodes.includes(input as never)),
    )
    for (const input of inputs) this.bufferOf(input)
    const target = this.targetOf(node)
    const emitter = emitters[node.op] as ((...a: unknown[]) => readonly Instruction[]) | undefined
    const made =
      unit.kind === 'matmul'
        ? matmulInstructions(unit, target, this.emission)
        : emitter!(node, target, this.emission, node.attributes)
    for (const instruction of made)
      this.push(instruction, readsOf(instruction), writesOf(instruction))
  }

  private emitCluster(cluster: Cluster, needed: ReadonlySet<Node>): void {
    this.label = describeNode(cluster.nodes[cluster.nodes.length - 1])
    const inside = new Set(cluster.nodes)
    for (const node of cluster.nodes)
      for (const input of node.inputs)
        if (!inside.has(input)) {
          const behind = behindBroadcasts(input)
          if (behind.op !== 'constant' || behind.source !== null) this.bufferOf(behind)
        }
    const outputs = cluster.nodes
      .filter(node => needed.has(node))
      .map(node => ({ node, buffer: this.targetOf(node) }))
    const instruction = fuse(cluster, outputs, node => this.bufferOf(node))
    const reads = instruction.inputs.map(input => input.buffer)
    const whole = stridesOf(instruction.shape)
    const size = sizeOf(instruction.shape)
    const replaceable = [...new Set(reads)].filter(
      buffer =>
        this.virtual[buffer].length === size &&
        instruction.inputs.every(
          input => input.buffer !== buffer || input.strides.every((s, i) => s === whole[i]),
        ),
    )
    const mayReplace = instruction.outputs.flatMap(output =>
      output.reduce !== 'none'
        ? []
        : replaceable
            .filter(buffer => this.virtual[buffer].dtype === this.virtual[output.buffer].dtype)
            .map(buffer => [output.buffer, buffer] as const),
    )
    this.push(
      instruction,
      reads,
      instruction.outputs.map(o => o.buffer),
      mayReplace,
    )
  }
}

/** Through reshapes and beginnings to the node whose buffer holds the values, perhaps before others. */
export function storedNode(node: Node): Node {
  let x = node
  while ((x.op === 'reshape' && x.source === null) || isPrefix(x)) x = x.inputs[0]
  return x
}

/** Nodes of clusters whose values leave their kernel. */
function valuesNeeded(
  order: readonly Node[],
  unitOf: ReadonlyMap<Node, Unit>,
  roots: readonly Node[],
): Set<Node> {
  const needed = new Set<Node>(roots.map(storedNode))
  for (const root of roots) needed.add(storedNode(behindBroadcasts(storedNode(root))))
  for (const node of order) {
    if (node.source !== null) continue
    const unit = unitOf.get(node)
    for (const input of node.inputs)
      if (unit === undefined || unitOf.get(input) !== unit) needed.add(input)
  }
  return needed
}

/** Nodes that neither a result nor a guard needs: the new states' own. */
function behindGuards(
  order: readonly Node[],
  outputs: readonly Node[],
  guards: readonly Node[],
): Set<Node> {
  if (guards.length === 0) return new Set()
  const early = new Set(topological([...outputs, ...guards], node => node.source !== null))
  return new Set(order.filter(node => !early.has(node)))
}

function reads(unit: Unit, leaf: Node): boolean {
  return unit.nodes.some(node => node.inputs.some(input => leafBehind(input) === leaf))
}

/** The cluster reads the leaf, if at all, element for element as it will overwrite it. */
function readsWhole(cluster: Cluster, leaf: Node): boolean {
  const shape = cluster.shape
  for (const node of cluster.nodes)
    for (const input of node.inputs) {
      if (leafBehind(input) !== leaf) continue
      const x = behindBroadcasts(input)
      const strides = broadcastStrides(x.shape, shape)
      const whole = stridesOf(shape)
      if (!strides.every((s, i) => s === whole[i] || shape[i] === 1)) return false
    }
  return sizeOf(leaf.shape) === sizeOf(shape)
}

function leafBehind(node: Node): Node {
  let x = node
  while (x.source === null && (x.op === 'reshape' || x.op === 'broadcast')) x = x.inputs[0]
  return x
}

/**
 * Nodes in the order in which their units run: the last results first, so that a weight's gradient is made as soon as its
 * layer's is there. (From the first on, the gradients of all layers would be made before, and wait.)
 */
function backwards(outputs: readonly Node[], assigns: readonly Node[], guards: readonly Node[]) {
  const roots = [...outputs.toReversed(), ...assigns.toReversed(), ...guards]
  return topological(roots, node => node.source !== null)
}
