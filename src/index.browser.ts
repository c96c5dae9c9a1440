// The package in a browser: no files, no databases; the kernels are WebAssembly, compiled before the
// import is done, so that everything after is the same code as in Node.

import { prepareKernels } from '#platform'

await prepareKernels()

export * from './library.js'
