// A job as an executor opens it: kernels/learn/job.h, behind the same face in native and WebAssembly.

import type { JobKind } from './job-kinds.js'

/** What a job says after a slice; the numbers of `Step` in kernels/learn/job.h. */
export const jobStep = { more: 0, done: 1, invalid: 2, outOfMemory: 3, notFinite: 4 } as const

/** The numbers of `Reading` in kernels/learn/job.h. */
export const jobReading = { progress: 0, iteration: 1, loss: 2 } as const

export interface JobArguments {
  readonly kind: JobKind
  readonly numbers: readonly number[]
  /** Not copied by native kernels: they must not change before the job ends. */
  readonly arrays: readonly ArrayBufferView[]
}

export interface OpenJob {
  /** Steps until `work` operations are done, on the calling thread. A `jobStep`. */
  advance(work: number): number
  /** The same where the event loop stays free, if the executor can. */
  advanceAsync(work: number): Promise<number>
  reading(which: number): number
  /** Copies; after `jobStep.done`. */
  results(): ArrayBuffer[]
  dispose(): void
}
