// What has been recorded and not run yet: new values of Variables and calls of backward(). There is
// one such record for eager code, and one for each function being traced by `compile`.

import { AthanorError } from '../base/errors.js'
import type { Storage } from '../execute/executor.js'
import type { Node, Source } from '../graph/node.js'

/** A Variable's place in the engine: its storage, and the leaf that stands for its present value. */
export interface Cell {
  readonly name: string
  readonly trainable: boolean
  storage: Storage
  version: number
  leaf: Node
  /** Gradient accumulated by backward() calls that have been run. */
  gradient: Node | null
}

export interface InputSource extends Source {
  readonly kind: 'input'
  readonly storage: Storage
  /** Set while an asynchronous run is filling the storage. */
  pending: Promise<void> | null
}

export interface StateSource extends Source {
  readonly kind: 'state'
  readonly cell: Cell
  readonly version: number
}

export interface ScalarSource extends Source {
  readonly kind: 'scalar'
  /** Called once for every run. */
  readonly read: () => number
}

/** What a traced function has to do and to check besides running its program. */
export interface Trace {
  readonly everyRun: RunAction[]
  /** The trace stands for the function only while all of these hold. */
  readonly assumptions: (() => boolean)[]
}

export interface RunAction {
  readonly act: () => void
  /** Called when the run failed and changed nothing. */
  readonly undo: () => void
}

export function newTrace(): Trace {
  return { everyRun: [], assumptions: [] }
}

export interface Context {
  /** New values by Variable, in the order of the assigns. */
  readonly assigns: Map<Cell, Node>
  readonly backwards: Node[]
  /** Results of the outermost modules since the last step: they stay readable after it. */
  readonly results: Node[]
  /** The count of replaced values when `results` were last known to be computable. */
  resultsAt: number
  /** While tracing: what has to be finite before the traced updates may happen. */
  readonly guarded: {
    readonly losses: readonly Node[]
    readonly gradients: readonly (Node | null)[]
  }[]
  /** Present while `compile` traces: what every later run has to do besides the program. */
  readonly trace: Trace | null
}

export function newContext(trace: Context['trace']): Context {
  return { assigns: new Map(), backwards: [], results: [], resultsAt: 0, guarded: [], trace }
}

let current: Context = newContext(null)

export function context(): Context {
  return current
}

export function withContext<T>(inner: Context, body: () => T): T {
  const before = current
  current = inner
  try {
    return body()
  } finally {
    current = before
  }
}

let replacements = 0

/** How often Variables have been given new values: graphs recorded since then are not out of date. */
export function countReplacements(more: number): number {
  replacements += more
  return replacements
}

const maximalResults = 16

/** An outermost module's result: it will be readable after the step that it is part of. */
export function keepResult(node: Node): void {
  if (!node.tracked) return
  const { results } = current
  for (let i = results.length - 1; i >= 0; i--) if (results[i].source !== null) results.splice(i, 1)
  if (results.length === 0) current.resultsAt = replacements
  else if (results.length >= maximalResults) results.shift()
  results.push(node)
}

/**
 * Runs `act` now, and in a traced function once more at the start of each later run. `undo` takes it
 * back when a run of the traced function fails.
 */
export function everyRun(act: () => void, undo: () => void = () => {}): void {
  current.trace?.everyRun.push({ act, undo })
  act()
}

/** Runs `body` and throws away all that it records: what it gives has shapes and no values. */
export function unrecorded<T>(body: () => T): T {
  const trace = newTrace()
  try {
    return withContext(newContext(trace), body)
  } finally {
    for (let i = trace.everyRun.length - 1; i >= 0; i--) trace.everyRun[i].undo()
  }
}

/** Runs `body` at once, within a traced function too: what it makes has values and is no part of the trace. */
export function eagerly<T>(body: () => T): T {
  return current.trace === null ? body() : withContext(newContext(null), body)
}

/** In a traced function: when `holds` no longer does, the function is traced again. */
export function assume(holds: () => boolean): void {
  current.trace?.assumptions.push(holds)
}

export function refuseWhileTracing(operation: string): void {
  if (current.trace === null) return
  throw new AthanorError('STATE', {
    operation,
    expected: 'a call outside compile()',
    received: 'a call while the function is being traced: nothing has a value yet',
    fix: 'Return the tensor from the compiled function and read it there',
  })
}
