// What every executor offers: it keeps values, and it runs Programs over them.

import type { DType, TypedArray } from '../base/dtype.js'
import type { Program } from '../compile/program.js'
import type { JobArguments, OpenJob } from './open-job.js'

export type ExecutorName = 'native' | 'wasm' | 'reference'

/**
 * A block of values that outlives a Program: a Variable's or a finished result's. `host` values lie
 * in a typed array that JavaScript owns; others lie in the executor's own memory.
 */
export interface Storage {
  readonly dtype: DType
  readonly length: number
  /** A fresh copy of the values. */
  read(): TypedArray
  write(values: TypedArray): void
  /** Frees at once; reading afterwards throws. */
  dispose(): void
}

/**
 * What a run gets for one slot. Inputs: a typed array (host) or a Storage; state: a Storage that this
 * executor made; scalars: a Float64Array-sized block of bytes; outputs: an ArrayBuffer to fill.
 */
export type Binding = Storage | TypedArray | ArrayBuffer

export interface LoadedProgram {
  readonly program: Program
  /** Bytes that it keeps while loaded (its words, its share of the arena). */
  readonly bytes: number
  /** Runs now, on the calling thread. Throws AthanorError INDEX etc. with the instruction's label. */
  run(bindings: readonly Binding[]): void
  /** Runs where the event loop stays free, if the executor can; bindings must not change meanwhile. */
  runAsync(bindings: readonly Binding[]): Promise<void>
  dispose(): void
}

export interface Executor {
  readonly name: ExecutorName
  /** Instruction set: `avx512`, `avx2`, `neon`, `sse2`, `simd128`, `relaxed`, `typescript`. */
  readonly isa: string
  readonly threads: number
  load(program: Program): LoadedProgram
  /** Room for a Variable, filled with `values` (copied). */
  createStorage(dtype: DType, values: TypedArray): Storage
  /** undefined where the arguments don't fit together. */
  openJob(job: JobArguments): OpenJob | undefined
}
