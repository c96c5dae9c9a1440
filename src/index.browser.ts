// The package in a browser: no files, no databases; the kernels are WebAssembly.

export * from './library.js'
