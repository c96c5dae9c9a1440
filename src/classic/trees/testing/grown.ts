// For tests: data and trees of scripts/oracles/trees.py, and our trees in the same form.

import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Matrix } from '../../../estimator/matrix.js'
import type { Json } from '../../testing/oracle.js'
import type { Tree } from '../tree.js'

export function fixture(name: string): Json {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))
}

/** Features of a fixture; null is missing. */
export function matrixOf({ x, rows, width }: Json): Matrix {
  return { x: Float64Array.from(x, (v: number | null) => v ?? Number.NaN), rows, width }
}

/** Nodes in preorder, parents and left sides first. */
export function preorder(tree: Tree): number[] {
  const order: number[] = []
  const waiting = [0]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    order.push(node)
    if (tree.childrenLeft[node] >= 0)
      waiting.push(tree.childrenRight[node], tree.childrenLeft[node])
  }
  return order
}

/** The same divisions, rows, impurities and values as scikit-learn's tree. */
export function sameTree(tree: Tree, expected: readonly (readonly number[])[], what: string): void {
  const order = preorder(tree)
  expect(order.length, `${what}: nodes`).toBe(expected.length)
  expected.forEach(([feature, threshold, rows, impurity, missingLeft, ...values], i) => {
    const node = order[i]
    const place = `${what}, node ${i}`
    expect(tree.feature[node], `${place}: feature`).toBe(feature)
    expect(tree.nNodeSamples?.[node], `${place}: rows`).toBe(rows)
    const limit = threshold > 1e307 ? Infinity : threshold
    if (limit === Infinity) expect(tree.threshold[node]).toBe(Infinity)
    // scikit-learn looks at features in float32.
    else near(tree.threshold[node], limit, 1e-5, `${place}: threshold`)
    near(tree.impurity?.[node] ?? Number.NaN, impurity, 1e-7, `${place}: impurity`)
    if (feature >= 0) expect(tree.missingGoToLeft[node], `${place}: missing`).toBe(missingLeft)
    values.forEach((value, k) => {
      near(tree.value[node * tree.outputs + k], value, 1e-7, `${place}: value ${k}`)
    })
  })
}

function near(actual: number, expected: number, tolerance: number, what: string): void {
  const isNear = Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected))
  expect(isNear, `${what}: ${actual} for ${expected}`).toBe(true)
}
