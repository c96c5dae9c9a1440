// Nested objects and arrays of tensors: taken apart into a flat list and put together again.

import { Tensor } from './tensor.js'

/** Tensors in any nesting of objects and arrays; other values stay as they are. */
export type Tree = unknown

export interface Structure {
  readonly tensors: readonly Tensor[]
  /** Equal for trees that differ only in their tensors' values. */
  readonly key: string
  readonly rebuild: (tensors: readonly unknown[]) => Tree
}

export function takeApart(tree: Tree): Structure {
  const tensors: Tensor[] = []
  const build = walk(tree, tensors)
  return { tensors, key: build.key, rebuild: parts => build.make(parts) }
}

interface Part {
  readonly key: string
  readonly make: (parts: readonly unknown[]) => Tree
}

function walk(tree: Tree, tensors: Tensor[]): Part {
  if (tree instanceof Tensor) {
    const index = tensors.length
    tensors.push(tree)
    return { key: `T${tree.dtype}${tree.shape.join()}`, make: parts => parts[index] }
  }
  if (Array.isArray(tree)) {
    const parts = tree.map(item => walk(item, tensors))
    return {
      key: `[${parts.map(p => p.key).join()}]`,
      make: values => parts.map(p => p.make(values)),
    }
  }
  if (isPlainObject(tree)) {
    const entries = Object.entries(tree).map(
      ([name, value]) => [name, walk(value, tensors)] as const,
    )
    return {
      key: `{${entries.map(([name, p]) => `${JSON.stringify(name)}:${p.key}`).join()}}`,
      make: values => Object.fromEntries(entries.map(([name, p]) => [name, p.make(values)])),
    }
  }
  return {
    key: typeof tree === 'object' || typeof tree === 'function' ? identity(tree) : String(tree),
    make: () => tree,
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const identities = new WeakMap<object, number>()
let nextIdentity = 1

function identity(value: unknown): string {
  if (value === null) return 'null'
  let id = identities.get(value as object)
  if (id === undefined) {
    id = nextIdentity++
    identities.set(value as object, id)
  }
  return `#${id}`
}
