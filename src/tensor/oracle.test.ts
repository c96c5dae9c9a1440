// Every op, values and gradients, on every executor that loads here, against PyTorch in float64.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { Executor } from '../execute/executor.js'
import { diagnose, openExecutor } from '../execute/select.js'
import { useExecutor } from './engine.js'
import { compareCase, type OracleCase } from './testing/oracle-cases.js'

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

describe.each(executors.map(e => [`${e.name} (${e.isa})`, e] as const))('%s', (_, executor) => {
  const before = useExecutor(executor)
  afterAll(() => {
    if (before !== null) useExecutor(before)
  })
  it.each(['float64', 'float32'] as const)('agrees with the oracle in %s', dtype => {
    useExecutor(executor)
    const wrong: string[] = []
    for (const [n, c] of cases.entries()) wrong.push(...compareCase(n, c, dtype))
    expect(wrong.slice(0, 40)).toEqual([])
  })
})

it('says which executors were tried', () => {
  expect(executors.map(e => e.name)).toContain(diagnose().chosen)
})
