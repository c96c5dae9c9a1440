// The package in a browser: no files, no databases; the kernels are WebAssembly, compiled before the
// import is done (platform/browser.ts), so that everything after is the same code as in Node.

export * from './library.js'
