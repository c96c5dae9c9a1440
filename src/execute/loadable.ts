// Every executor that loads on this machine, for tests that hold them together.

import type { Executor } from './executor.js'
import { openExecutor } from './select.js'

/** The reference executor, and WebAssembly and native kernels where they can be loaded. */
export function loadableExecutors(): Executor[] {
  return (['reference', 'wasm', 'native'] as const).flatMap(name => {
    try {
      return [openExecutor({ name })]
    } catch {
      return []
    }
  })
}
