// Which executor runs: the best that loads, unless ATHANOR_EXECUTOR, ATHANOR_ISA or ATHANOR_THREADS
// says otherwise; and why the others were passed over.

import { env, processors } from '#platform'
import { AthanorError } from '../base/errors.js'
import { knowsRelaxedSimd, type WasmVariant, wasmVariants } from '../platform/kernel-files.js'
import type { Executor, ExecutorName } from './executor.js'
import { NativeExecutor } from './native.js'
import { ReferenceExecutor } from './reference.js'
import { WasmExecutor } from './wasm.js'

export interface PassedOver {
  readonly name: string
  readonly reason: string
}

/** Which executor runs here, and why others were passed over. */
export interface Diagnosis {
  readonly chosen: ExecutorName
  readonly isa: string
  readonly threads: number
  readonly passedOver: readonly PassedOver[]
}

export interface ExecutorOptions {
  /** By default the best that loads. */
  readonly name?: ExecutorName
  /** Instruction set: `avx512`, `avx2`, `sse2`, `neon`, `relaxed`, `simd128`. */
  readonly isa?: string
  /** By default all processors. */
  readonly threads?: number
}

/** More threads than this have not been seen to help. */
const mostThreads = 64

const ranking: readonly ExecutorName[] = ['native', 'wasm', 'reference']

const openers: {
  readonly [K in ExecutorName]: (isa: string | undefined, threads: number) => Executor
} = {
  native: (isa, threads) => new NativeExecutor({ isa, threads }),
  wasm: isa => new WasmExecutor(wasmVariant(isa)),
  reference: isa => {
    if (isa !== undefined && isa !== 'typescript') throw noSuchIsa('reference', 'typescript', isa)
    return new ReferenceExecutor()
  },
}

function wasmVariant(isa: string | undefined): WasmVariant {
  if (isa === undefined) return knowsRelaxedSimd() ? 'relaxed' : 'simd128'
  const variant = wasmVariants.find(name => name === isa)
  if (variant === undefined) throw noSuchIsa('wasm', wasmVariants.join(' or '), isa)
  return variant
}

function noSuchIsa(name: string, expected: string, received: string): AthanorError {
  return new AthanorError('EXECUTOR', { operation: `${name} executor`, expected, received })
}

interface Selection {
  readonly executor: Executor
  readonly passedOver: readonly PassedOver[]
}

let selection: Selection | undefined

/** The executor that everything uses; opened on first call. Throws EXECUTOR when none can be. */
export function defaultExecutor(): Executor {
  selection ??= select({})
  return selection.executor
}

/** Opens an executor. Without options, the environment decides as for `defaultExecutor`. */
export function openExecutor(options: ExecutorOptions = {}): Executor {
  return select(options).executor
}

/** What runs here and why not something faster. Opens the default executor if need be. */
export function diagnose(): Diagnosis {
  const { isa, name, threads } = defaultExecutor()
  return { chosen: name, isa, threads, passedOver: selection?.passedOver ?? [] }
}

function select(options: ExecutorOptions): Selection {
  const wanted = options.name ?? nameFromEnvironment()
  const isa = options.isa ?? env('ATHANOR_ISA')
  const threads = options.threads ?? threadsFromEnvironment()
  const passedOver: PassedOver[] = []
  for (const name of wanted ? [wanted] : ranking) {
    try {
      return { executor: openers[name](isa, threads), passedOver }
    } catch (error) {
      if (wanted) throw error
      passedOver.push({ name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  throw new AthanorError('EXECUTOR', {
    operation: 'select',
    expected: 'an executor that loads',
    received: passedOver.map(({ name, reason }) => `${name} (${reason})`).join('; '),
  })
}

function nameFromEnvironment(): ExecutorName | undefined {
  const value = env('ATHANOR_EXECUTOR')
  if (value === undefined) return undefined
  const name = ranking.find(candidate => candidate === value)
  if (name !== undefined) return name
  throw new AthanorError('EXECUTOR', {
    operation: 'ATHANOR_EXECUTOR',
    expected: ranking.join(', '),
    received: value,
  })
}

function threadsFromEnvironment(): number {
  const value = env('ATHANOR_THREADS')
  if (value === undefined) return Math.min(processors(), mostThreads)
  const threads = Number(value)
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads
  throw new AthanorError('EXECUTOR', {
    operation: 'ATHANOR_THREADS',
    expected: 'a whole number from 1 to 256',
    received: value,
  })
}
