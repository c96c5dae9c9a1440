// What modules carry from batch to batch, beside parameters and buffers: the states of stateful layers.

import type { StoredTensor } from '../modelfile/index.js'
import type { AnyModule } from './module.js'

/** The states that one module carries. */
export interface Carried {
  /** Back to zeros; the next batch may have another size. */
  reset(): void
  /** The present values, [batch, units] each; none before the first batch. */
  values(): readonly StoredTensor[]
  /** Puts values back that `values()` gave. @throws AthanorError STATE where they are of another layer. */
  load(values: readonly StoredTensor[]): void
}

/** What a module and those below carry, by path. */
export function carriedBelow(module: AnyModule): [path: string, carried: Carried][] {
  const found: [string, Carried][] = []
  for (const [path, { carried }] of module.namedModules())
    if (carried !== null) found.push([path, carried])
  return found
}

/** Notes what is carried now; calling the result puts it back. */
export function rememberCarried(module: AnyModule): () => void {
  const states = carriedBelow(module).map(([, carried]) => [carried, carried.values()] as const)
  return () => {
    for (const [carried, values] of states) carried.load(values)
  }
}

/** Runs `body` with states that begin at zero, and puts back those that were carried before. */
export async function withFreshStates<T>(module: AnyModule, body: () => Promise<T>): Promise<T> {
  const restore = rememberCarried(module)
  for (const [, carried] of carriedBelow(module)) carried.reset()
  try {
    return await body()
  } finally {
    restore()
  }
}
