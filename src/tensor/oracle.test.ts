// Every op, values and gradients, on every executor that loads here, against PyTorch in float64.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { FloatDType } from '../base/dtype.js'
import type { Executor } from '../execute/executor.js'
import { diagnose, openExecutor } from '../execute/select.js'
import { useExecutor } from './engine.js'
import { expectedNumbers, type OracleCase, runCase } from './oracle-cases.js'

const cases = ['ops', 'windows'].flatMap(
  name =>
    (
      JSON.parse(
        readFileSync(new URL(`../graph/fixtures/${name}.json`, import.meta.url), 'utf8'),
      ) as { cases: OracleCase[] }
    ).cases,
)

const executors: Executor[] = (['reference', 'wasm', 'native'] as const).flatMap(name => {
  try {
    return [openExecutor({ name })]
  } catch {
    return []
  }
})

/** float32 inputs are exact; results may differ by a few units in the last place of the largest term. */
const tolerance: Record<FloatDType, number> = { float64: 2e-12, float32: 4e-6 }

function worst(
  actual: ArrayLike<number>,
  expected: Float64Array,
  dtype: FloatDType,
): string | null {
  if (actual.length !== expected.length) return `${actual.length} values for ${expected.length}`
  const scale = Math.max(1, ...[...expected].filter(Number.isFinite).map(Math.abs))
  const huge = dtype === 'float32' ? 3.4e38 : Number.MAX_VALUE
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i], expected[i]]
    if (Object.is(a, e) || a === e || (Number.isNaN(a) && Number.isNaN(e))) continue
    if (Math.abs(e) > huge && !Number.isFinite(a)) continue
    const bound = tolerance[dtype] * Math.max(Math.abs(e), Math.min(scale, 1e3))
    if (!(Math.abs(a - e) <= bound)) return `[${i}] ${a} for ${e}`
  }
  return null
}

describe.each(executors.map(e => [`${e.name} (${e.isa})`, e] as const))('%s', (_, executor) => {
  const before = useExecutor(executor)
  afterAll(() => {
    if (before !== null) useExecutor(before)
  })
  it.each(['float64', 'float32'] as const)('agrees with the oracle in %s', dtype => {
    useExecutor(executor)
    const wrong: string[] = []
    for (const [n, c] of cases.entries()) {
      const name = `${n} ${c.op} ${JSON.stringify(c.attrs)} ${c.inputs.map(i => `[${i.shape}]`).join(' ')}`
      try {
        const { outputs, gradients } = runCase(c, dtype)
        const expected = c.outputs ?? [c.output!]
        expected.forEach((e, i) => {
          const problem = worst(outputs[i].dataSync(), expectedNumbers(e.values), dtype)
          if (problem !== null) wrong.push(`${name}: value ${problem}`)
        })
        let next = 0
        if (gradients !== null)
          c.gradients!.forEach((g, i) => {
            if (g === null) return
            const problem = worst(gradients[next++].dataSync(), expectedNumbers(g), dtype)
            if (problem !== null) wrong.push(`${name}: gradient ${i} ${problem}`)
          })
      } catch (error) {
        wrong.push(`${name}: ${(error as Error).stack}`)
      }
    }
    expect(wrong.slice(0, 40)).toEqual([])
  })
})

it('says which executors were tried', () => {
  expect(executors.map(e => e.name)).toContain(diagnose().chosen)
})
