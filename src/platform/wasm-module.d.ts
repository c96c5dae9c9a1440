// The kernels that the build writes beside the compiled code, as base64 in a module that any bundler
// and any browser can load.

declare module '*.wasm.js' {
  const base64: string
  export default base64
}
