// The native executor, once for each instruction set that this machine has.

import { checkExecutor } from './executor.conformance.js'
import { NativeExecutor, nativeIsas } from './native.js'

for (const isa of nativeIsas())
  checkExecutor({
    name: `native ${isa}`,
    open: threads => new NativeExecutor({ isa, threads }),
    threadCounts: [1, 2, 3, 5],
  })
