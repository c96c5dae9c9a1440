// Node: environment, memory, files, and where the kernels lie. Nothing else in the library opens a
// file or loads an addon, data sources and runs aside. Everything happens on first use.

import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AthanorError } from '../base/errors.js'
import type { NativeAddon, NativeKernels, WasmVariant } from './kernel-files.js'

export const platformName: 'node' | 'browser' = 'node'

/** An environment variable; an empty one counts as absent. */
export function env(name: string): string | undefined {
  return process.env[name] || undefined
}

/** Milliseconds from a fixed moment, with fractions. */
export function nowMs(): number {
  return performance.now()
}

/** Threads that can run at once: processors, or the share of them that the container may use. */
export function processors(): number {
  const quota = readText('/sys/fs/cgroup/cpu.max')?.split(' ').map(Number)
  const share = quota && quota[0] > 0 && quota[1] > 0 ? Math.ceil(quota[0] / quota[1]) : Infinity
  return Math.max(1, Math.min(availableParallelism(), share))
}

/** Bytes that could still be allocated: what the machine has free, or what the cgroup leaves. */
export function availableMemory(): number {
  const free = systemAvailable()
  const limit =
    readNumber('/sys/fs/cgroup/memory.max') ??
    readNumber('/sys/fs/cgroup/memory/memory.limit_in_bytes')
  if (limit === undefined || limit >= totalmem()) return free
  const used =
    readNumber('/sys/fs/cgroup/memory.current') ??
    readNumber('/sys/fs/cgroup/memory/memory.usage_in_bytes') ??
    0
  const cache = Number(
    /^inactive_file (\d+)$/m.exec(readText('/sys/fs/cgroup/memory.stat') ?? '')?.[1] ?? 0,
  )
  return Math.max(0, Math.min(free, limit - used + cache))
}

function systemAvailable(): number {
  const line = /^MemAvailable:\s+(\d+) kB$/m.exec(readText('/proc/meminfo') ?? '')
  return line ? Number(line[1]) * 1024 : freemem()
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function readNumber(path: string): number | undefined {
  const value = Number.parseInt(readText(path) ?? '', 10)
  return Number.isFinite(value) ? value : undefined
}

export function fileExists(path: string): boolean {
  return existsSync(path)
}

/** The whole file. Throws FILE. */
export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new AthanorError('FILE', { operation: `read ${path}`, received: reasonOf(cause), cause })
  }
}

/**
 * Writes so that after a crash there is either the old file or the new one, whole: a temporary in
 * the same folder, flushed, renamed, and the folder flushed. Throws FILE.
 */
export function writeFileAtomically(path: string, data: Uint8Array | string): void {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${temporaries++}.tmp`)
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  try {
    const file = openSync(temporary, 'wx')
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
    flushFolder(folder)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw new AthanorError('FILE', { operation: `write ${path}`, received: reasonOf(cause), cause })
  }
}

let temporaries = 0

function flushFolder(folder: string): void {
  if (process.platform === 'win32') return // folders cannot be flushed there
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** The folder that the build fills: beside the built library, or in dist/ when run from source. */
function kernelsFolder(): string {
  const chosen = env('ATHANOR_KERNELS')
  if (chosen) return chosen
  const beside = fileURLToPath(new URL('../kernels/', import.meta.url))
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../dist/kernels/', import.meta.url))
}

/** The addon and its libraries for this machine. Throws EXECUTOR when they are not there. */
export function nativeKernels(): NativeKernels {
  const folder = join(kernelsFolder(), `${process.platform}-${process.arch}`)
  const path = join(folder, 'athanor.node')
  if (!existsSync(path))
    throw new AthanorError('EXECUTOR', {
      operation: 'native kernels',
      received: `no addon built for ${process.platform}-${process.arch}`,
    })
  const libraries: Record<string, string> = {}
  for (const name of readdirSync(folder)) {
    const isa = /^athanor-(\w+)\.so$/.exec(name)?.[1]
    if (isa) libraries[isa] = join(folder, name)
  }
  try {
    return { addon: createRequire(import.meta.url)(path) as NativeAddon, libraries }
  } catch (cause) {
    throw new AthanorError('EXECUTOR', {
      operation: 'native kernels',
      received: reasonOf(cause),
      cause,
    })
  }
}

const compiled = new Map<WasmVariant, WebAssembly.Module>()

/** Compiled, not yet instantiated. Throws EXECUTOR when the file is missing or not for this engine. */
export function wasmModule(variant: WasmVariant): WebAssembly.Module {
  const known = compiled.get(variant)
  if (known) return known
  const path = join(kernelsFolder(), `athanor-${variant}.wasm`)
  try {
    const module = new WebAssembly.Module(readFileSync(path))
    compiled.set(variant, module)
    return module
  } catch (cause) {
    throw new AthanorError('EXECUTOR', {
      operation: `wasm kernels (${variant})`,
      received: reasonOf(cause),
      cause,
    })
  }
}

/** In a browser the kernels must be fetched before anything can run; in Node there is nothing to do. */
export async function prepareKernels(): Promise<void> {}

/** Lets timers, input and signals be handled before going on. */
export function yieldToEvents(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

export { decodePicture, encodePng } from './node-pictures.js'
