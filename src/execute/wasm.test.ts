// The WebAssembly executor, once for each variant that this engine knows, and its memory.

import { expect, test } from 'vitest'
import { knowsRelaxedSimd } from '../platform/kernel-files.js'
import { checkExecutor } from './executor.conformance.js'
import { fused, noise, ProgramBuilder } from './program-builder.conformance.js'
import { WasmExecutor } from './wasm.js'

const variants = knowsRelaxedSimd() ? (['relaxed', 'simd128'] as const) : (['simd128'] as const)

for (const variant of variants)
  checkExecutor({
    name: `wasm ${variant}`,
    open: () => new WasmExecutor(variant),
    threadCounts: [1],
  })

/** y = 2x through an arena of its own. */
function doubling(length: number) {
  const b = new ProgramBuilder()
  const x = b.input('float32', noise(length))
  const between = b.temporary('float32', length)
  const y = b.output('float32', length)
  const parts = { shape: [length], lines: [['add', 0, 0, 0]] } as const
  b.push(fused({ ...parts, inputs: [x], outputs: [[between, 1]] }))
  b.push(fused({ ...parts, inputs: [between], lines: [], outputs: [[y, 0]] }))
  return b.finish()
}

test('memory that grows during a run leaves storages and results whole', () => {
  const executor = new WasmExecutor('simd128')
  const storage = executor.createStorage('float32', Float32Array.of(1, 2, 3))
  const before = executor.memoryBytes
  const built = doubling(1_000_000)
  const [y] = built.run(executor)
  expect(executor.memoryBytes).toBeGreaterThan(before)
  expect(y[999_999]).toBe(Math.fround(noise(1_000_000)[999_999]) * 2)
  expect([...storage.read()]).toEqual([1, 2, 3])
})

test('memory stays flat over many runs, programs and storages', () => {
  const executor = new WasmExecutor('simd128')
  const built = doubling(50_000)
  const loaded = executor.load(built.program)
  const round = () => {
    const storage = executor.createStorage('float32', built.values[0])
    loaded.run([storage, built.bind(executor).block])
    built.run(executor)
    storage.dispose()
  }
  for (let i = 0; i < 5; i++) round()
  const before = executor.memoryBytes
  for (let i = 0; i < 200; i++) round()
  expect(executor.memoryBytes).toBe(before)
})
