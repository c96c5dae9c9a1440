// Which executor is chosen, what overrides it, and what is said about those passed over.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

type Select = typeof import('./select.js')

/** A fresh copy of the module, as in a new process. */
async function select(environment: Record<string, string> = {}): Promise<Select> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  vi.resetModules()
  return import('./select.js')
}

beforeEach(() => {
  for (const name of ['ATHANOR_EXECUTOR', 'ATHANOR_ISA', 'ATHANOR_THREADS']) vi.stubEnv(name, '')
})
afterEach(() => vi.unstubAllEnvs())

describe('select', () => {
  test('opens one executor and keeps it', async () => {
    const { defaultExecutor, diagnose } = await select()
    const executor = defaultExecutor()
    expect(defaultExecutor()).toBe(executor)
    expect(diagnose()).toMatchObject({ chosen: executor.name, isa: executor.isa })
  })

  test.each(['wasm', 'reference'] as const)('ATHANOR_EXECUTOR=%s', async name => {
    const { diagnose } = await select({ ATHANOR_EXECUTOR: name })
    expect(diagnose()).toMatchObject({ chosen: name, threads: 1, passedOver: [] })
  })

  test('passes over what does not load, and says why', async () => {
    const { diagnose } = await select({ ATHANOR_KERNELS: '/no/such/folder' })
    const { chosen, passedOver } = diagnose()
    expect(chosen).toBe('reference')
    expect(passedOver.map(({ name }) => name)).toEqual(['native', 'wasm'])
    expect(passedOver[0].reason).toContain('no addon')
    expect(passedOver[1].reason).toContain('athanor-')
    vi.stubEnv('ATHANOR_KERNELS', '')
  })

  test('an instruction set picks the executor that has it', async () => {
    const { diagnose } = await select({ ATHANOR_ISA: 'simd128' })
    const { chosen, isa, passedOver } = diagnose()
    expect({ chosen, isa }).toEqual({ chosen: 'wasm', isa: 'simd128' })
    expect(passedOver.map(({ name }) => name)).toEqual(['native'])
  })

  test('what was asked for by name is not replaced', async () => {
    const { openExecutor } = await select()
    expect(() => openExecutor({ name: 'wasm', isa: 'avx2' })).toThrow(
      expect.objectContaining({ code: 'EXECUTOR' }),
    )
    expect(() => openExecutor({ isa: 'altivec' })).toThrow(/native.*wasm.*reference/s)
  })

  test.each([
    ['ATHANOR_EXECUTOR', 'gpu'],
    ['ATHANOR_THREADS', '0'],
    ['ATHANOR_THREADS', 'many'],
  ])('refuses %s=%s', async (name, value) => {
    const { defaultExecutor } = await select({ [name]: value })
    expect(defaultExecutor).toThrow(expect.objectContaining({ code: 'EXECUTOR' }))
  })
})
