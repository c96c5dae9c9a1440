// Browsers: the same interface as node.ts. Kernels are WebAssembly, fetched and compiled once while
// this module loads, so that all code above is the same as in Node; files belong to the page, so
// reading and writing them throws.

import { AthanorError } from '../base/errors.js'
import { knowsRelaxedSimd, type NativeKernels, type WasmVariant } from './kernel-files.js'

export const platformName: 'node' | 'browser' = 'browser'

/** Settings that Node takes from the environment come from `globalThis.ATHANOR_ENV` here. */
export function env(name: string): string | undefined {
  const settings = (globalThis as { ATHANOR_ENV?: Record<string, string> }).ATHANOR_ENV
  return settings?.[name] || undefined
}

export function nowMs(): number {
  return performance.now()
}

/** Kernels run on one thread here. */
export function processors(): number {
  return 1
}

/** What 32-bit WebAssembly can address, less a reserve. */
export function availableMemory(): number {
  return 3.5 * 2 ** 30
}

export function fileExists(_path: string): boolean {
  return false
}

export function readFile(path: string): Uint8Array {
  throw noFiles(`read ${path}`)
}

export function writeFileAtomically(path: string, _data: Uint8Array | string): void {
  throw noFiles(`write ${path}`)
}

function noFiles(operation: string): AthanorError {
  return new AthanorError('FILE', {
    operation,
    received: 'a browser, which has no file paths',
    fix: 'Pass the bytes instead: fetch them, or read a File that the user chose',
  })
}

export function nativeKernels(): NativeKernels {
  throw new AthanorError('EXECUTOR', { operation: 'native kernels', received: 'a browser' })
}

let prepared: { variant: WasmVariant; module: WebAssembly.Module } | undefined
let failure: unknown
let preparing: Promise<void> | undefined

/**
 * Fetches and compiles the kernels that this browser can run; await it once, before anything runs.
 * Never rejects: a page whose policy forbids WebAssembly goes on without, and `diagnose()` says why.
 */
export function prepareKernels(): Promise<void> {
  preparing ??= prepare().catch(error => {
    failure = error
  })
  return preparing
}

/** One by one, never computed: bundlers leave a computed import in a dependency as it is. */
const kernelModules: Readonly<Record<WasmVariant, () => Promise<{ default: string }>>> = {
  relaxed: () => import('../kernels/athanor-relaxed.wasm.js'),
  simd128: () => import('../kernels/athanor-simd128.wasm.js'),
}

async function prepare(): Promise<void> {
  const wanted = env('ATHANOR_ISA') === 'simd128' ? 'simd128' : undefined
  const variant = wanted ?? (knowsRelaxedSimd() ? 'relaxed' : 'simd128')
  const { default: base64 } = await kernelModules[variant]()
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
  prepared = { variant, module: await WebAssembly.compile(bytes) }
}

/** Compiled, not yet instantiated. Throws EXECUTOR when `prepareKernels` has not brought it. */
export function wasmModule(variant: WasmVariant): WebAssembly.Module {
  if (prepared?.variant === variant) return prepared.module
  const reason = failure instanceof Error ? failure.message : 'kernels that are not loaded yet'
  throw new AthanorError('EXECUTOR', {
    operation: `wasm kernels (${variant})`,
    received: prepared ? `kernels for ${prepared.variant}` : reason,
    cause: failure,
  })
}

export function yieldToEvents(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

export { decodePicture, encodePng } from './browser-pictures.js'

// Whoever imports any part of the library that computes waits here for the kernels.
await prepareKernels()
