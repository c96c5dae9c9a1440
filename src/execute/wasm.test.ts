// The WebAssembly executor, once for each variant that this engine knows.

import { knowsRelaxedSimd } from '../platform/kernel-files.js'
import { checkExecutor } from './executor.conformance.js'
import { WasmExecutor } from './wasm.js'

for (const variant of knowsRelaxedSimd()
  ? (['relaxed', 'simd128'] as const)
  : (['simd128'] as const))
  checkExecutor({
    name: `wasm ${variant}`,
    open: () => new WasmExecutor(variant),
    threadCounts: [1],
  })
