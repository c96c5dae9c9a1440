// compile(fn): the function is traced once for each kind of input; later calls run one program.

import { AthanorError, argumentError } from '../base/errors.js'
import { formatShape } from '../base/shape.js'
import { type CompileRequest, compileGraph } from '../compile/compile.js'
import { printProgram } from '../compile/print.js'
import type { HostStorage } from '../execute/host-storage.js'
import { type Node, topological } from '../graph/node.js'
import { makeNode } from '../graph/ops.js'
import { printGraph } from '../graph/print.js'
import {
  type Cell,
  context,
  type InputSource,
  newContext,
  newTrace,
  type RunAction,
  type StateSource,
  withContext,
} from './context.js'
import {
  compileEntry,
  type Entry,
  executor,
  leafFrom,
  replaced,
  runEntry,
  startEntry,
} from './engine.js'
import { evaluate, finiteGuards } from './flush.js'
import { Tensor } from './tensor.js'
import { takeApart } from './tree.js'

interface Traced {
  readonly entry: Entry<null>
  /** Leaves in the order of the program; the first ones are the arguments' placeholders. */
  readonly leaves: readonly Node[]
  readonly arguments: number
  readonly cells: readonly Cell[]
  readonly outputs: readonly { readonly shape: readonly number[] }[]
  readonly rebuild: (tensors: readonly unknown[]) => unknown
  readonly everyRun: readonly RunAction[]
  readonly assumptions: readonly (() => boolean)[]
}

/** A compiled function: call it, or `async` it where the event loop has to stay free. */
export interface Compiled<A extends readonly unknown[], R> {
  (...args: A): R
  /** The same on a thread of its own, where the executor has them and the program is large. */
  async(...args: A): Promise<R>
  /**
   * What a call with these arguments would run, as text: the recorded graph (gradients and updates
   * included), and the program of kernel calls that it becomes. Nothing is run or kept.
   *
   * @example
   * ```ts
   * console.log(compile((x: Tensor) => x.mul(2).sum()).explain(tensor([1, 2, 3])))
   * ```
   */
  explain(...args: A): string
}

/**
 * Traces `fn` once per combination of input shapes and types, and from then on runs it as a single
 * program: no operation is recorded again. Arguments and results may be objects and arrays of
 * tensors. Variables and tensors that `fn` captures are inputs; JavaScript numbers that it captures,
 * and arguments that are no tensors, are constants of the trace. `backward()` and `optimizer.step()`
 * inside become part of the program.
 *
 * @throws AthanorError STATE if `fn` reads a value while it is traced.
 * @example
 * ```ts
 * const step = compile((x: Tensor, y: Tensor) => {
 *   const loss = losses.meanSquaredError(y, model.forward(x))
 *   loss.backward()
 *   optimizer.step()
 *   return loss
 * })
 * ```
 */
export function compile<A extends readonly unknown[], R>(fn: (...args: A) => R): Compiled<A, R> {
  if (typeof fn !== 'function') throw argumentError('compile', 'a function', typeof fn)
  const traces = new Map<string, Traced>()

  const prepare = (args: A): { traced: Traced; leaves: Node[]; fresh: boolean } => {
    const parts = takeApart(args)
    const key = `${executor().name}:${executor().isa}:${parts.key}`
    let traced = traces.get(key)
    if (traced !== undefined && !traced.assumptions.every(holds => holds())) {
      traces.delete(key)
      traced.entry.loaded.dispose()
      traced = undefined
    }
    const pending = parts.tensors.filter(t => t.node.source === null).map(t => t.node)
    if (pending.length > 0 || context().assigns.size > 0 || context().backwards.length > 0)
      evaluate(pending)
    const fresh = traced === undefined
    if (traced === undefined) {
      traced = trace(fn, parts.tensors, parts.rebuild)
      warnOften(traces, parts.tensors)
      dropOldest(traces)
    } else if (traces.size > 1) traces.delete(key)
    traces.set(key, traced)
    const leaves = traced.leaves.map((leaf, i) => {
      if (i < traced.arguments) return parts.tensors[i].node
      return leaf.source?.kind === 'state' ? (leaf.source as StateSource).cell.leaf : leaf
    })
    if (!fresh) for (const { act } of traced.everyRun) act()
    return { traced, leaves, fresh }
  }

  const run = (...args: A): R => {
    if (context().trace !== null) return fn(...args)
    const { traced, leaves } = prepare(args)
    return finish<R>(
      traced,
      undoing(traced, () => runEntry(traced.entry, leaves)),
      null,
    )
  }
  const runAsync = async (...args: A): Promise<R> => {
    const { traced, leaves } = prepare(args)
    const { results, done } = undoing(traced, () => startEntry(traced.entry, leaves))
    const result = finish<R>(traced, results, done)
    try {
      await done
    } catch (error) {
      undo(traced)
      throw error
    }
    return result
  }
  const explain = (...args: A): string => {
    const { tensors, rebuild } = takeApart(args)
    return record(fn, tensors, rebuild, recorded => {
      for (let i = recorded.everyRun.length - 1; i >= 0; i--) recorded.everyRun[i].undo()
      const { program } = compileGraph(recorded)
      return `graph\n${printGraph({ ...recorded, nameOf: leafName })}\n\nprogram\n${printProgram(program)}`
    })
  }
  return Object.assign(run, { async: runAsync, explain })
}

/** A Variable's name, or what kind of leaf it is. */
function leafName({ source }: Node): string {
  if (source?.kind === 'state') return (source as StateSource).cell.name || 'a variable'
  return source?.kind ?? ''
}

/** A run that fails leaves everything as it was before, the actions of `everyRun` included. */
function undoing<T>(traced: Traced, body: () => T): T {
  try {
    return body()
  } catch (error) {
    undo(traced)
    throw error
  }
}

function undo({ everyRun }: Traced): void {
  for (let i = everyRun.length - 1; i >= 0; i--) everyRun[i].undo()
}

function finish<R>(traced: Traced, results: readonly HostStorage[], done: Promise<void> | null): R {
  for (const cell of traced.cells) replaced(cell)
  const tensors = traced.outputs.map(({ shape }, i) => {
    const node = leafFrom(results[i], shape, done)
    if (done !== null) {
      const settle = () => {
        ;(node.source as InputSource).pending = null
      }
      done.then(settle, () => {})
    }
    return new Tensor(node)
  })
  return traced.rebuild(tensors) as R
}

/** What a function recorded when it was called once with placeholders. */
interface Recorded extends CompileRequest, Omit<Traced, 'entry' | 'outputs'> {}

function trace(
  fn: (...args: never) => unknown,
  tensors: readonly Tensor[],
  rebuild: (tensors: readonly unknown[]) => unknown,
): Traced {
  return record(fn, tensors, rebuild, ({ outputs, assigns, guards, leaves, ...rest }) => ({
    ...rest,
    leaves,
    outputs: outputs.map(({ shape }) => ({ shape })),
    entry: compileEntry(leaves, { outputs, assigns, guards, meta: null }, []),
  }))
}

function record<T>(
  fn: (...args: never) => unknown,
  tensors: readonly Tensor[],
  rebuild: (tensors: readonly unknown[]) => unknown,
  use: (recorded: Recorded) => T,
): T {
  const own = newTrace()
  const inner = newContext(own)
  const placeholders: Node[] = tensors.map(t => {
    const node = makeNode('input', [], { shape: t.shape, dtype: t.dtype })
    const source: InputSource = { kind: 'input', storage: null as never, pending: null }
    node.source = source
    return node
  })
  return withContext(inner, () => {
    const args = rebuild(placeholders.map(node => new Tensor(node))) as never[]
    const result = fn(...(args as never))
    refuseAsync(result)
    const returned = takeApart(result)
    const losses = inner.backwards.splice(0)
    refuseLoneBackward(losses)
    const outputs = returned.tensors.map(t => t.node)
    const assigns = [...inner.assigns].map(([cell, value]) => ({ target: cell.leaf, value }))
    const guards = inner.guarded.flatMap(({ losses: l, gradients }) => finiteGuards(l, gradients))
    const roots = [...outputs, ...assigns.map(a => a.value), ...guards]
    const captured = topological(roots, node => node.source !== null).filter(
      node => node.source !== null && !placeholders.includes(node),
    )
    const leaves = [...new Set([...placeholders, ...captured, ...assigns.map(a => a.target)])]
    return use({
      leaves,
      outputs,
      assigns,
      guards,
      arguments: placeholders.length,
      cells: [...inner.assigns.keys()],
      rebuild: returned.rebuild,
      everyRun: own.everyRun,
      assumptions: own.assumptions,
    })
  })
}

/** What follows an `await` would run when the trace is over. */
function refuseAsync(result: unknown): void {
  if (!(result instanceof Promise)) return
  // Reading inside is its usual reason to be async; the promise's own rejection says the same.
  result.catch(() => {})
  throw argumentError(
    'compile',
    'a function that returns tensors',
    'one that returns a promise',
    'Leave out async and await: return tensors and read them outside',
  )
}

/** A backward() without a step inside a compiled function has nowhere to leave its gradients. */
function refuseLoneBackward(losses: readonly Node[]): void {
  if (losses.length === 0) return
  throw new AthanorError('STATE', {
    operation: 'compile',
    expected: 'each backward() to be followed by optimizer.step() inside the function',
    received: 'a backward() alone',
    fix: 'Call optimizer.step() inside, or return valueAndGrad(…) of the loss instead',
  })
}

const maximalTraces = 768

/** The least recently used trace makes room for a new one. */
function dropOldest(traces: Map<string, Traced>): void {
  if (traces.size < maximalTraces) return
  const [key, oldest] = traces.entries().next().value!
  traces.delete(key)
  oldest.entry.loaded.dispose()
}

const tracesBeforeWarning = 64

function warnOften(traces: ReadonlyMap<string, Traced>, tensors: readonly Tensor[]): void {
  if (traces.size !== tracesBeforeWarning) return
  console.warn(
    `athanor: a compiled function has been traced ${traces.size} times for different inputs ` +
      `(last: ${tensors.map(t => formatShape(t.shape)).join(' ')}). Pad inputs to a few shapes, and pass ` +
      'numbers that change as tensors or runtimeScalar.',
  )
}
