// Runs a job to its end in slices: off the event loop where the executor can, with progress and
// cancellation between them.

import { nowMs } from '#platform'
import { AthanorError } from '../base/errors.js'
import { outOfMemory } from './faults.js'
import { type JobArguments, jobReading, jobStep, type OpenJob } from './open-job.js'
import { defaultExecutor } from './select.js'

export interface JobProgress {
  /** From 0 to 1. */
  readonly fraction: number
  /** Iterations, trees or the like so far. */
  readonly iteration: number
  /** The training loss, for jobs that have one; else 0. */
  readonly loss: number
}

export interface JobCall extends JobArguments {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: JobProgress) => void
}

/** Operations of the first slice, on the calling thread: small jobs end there. About a millisecond. */
const firstWork = 1e6
/** Milliseconds of a slice: what cancellation and progress may have to wait. */
const sliceMs = 40

/**
 * The job's results, in the order in which the job gives them.
 *
 * @throws AthanorError INTERRUPTED after `signal`; MEMORY; NOT_FINITE where the job met such values;
 * INTERNAL for arguments that don't fit together.
 */
export async function runJob(operation: string, call: JobCall): Promise<ArrayBuffer[]> {
  const { signal, onProgress } = call
  throwIfAborted(operation, signal)
  const job = defaultExecutor().openJob(call)
  if (job === undefined) throw faultOf(operation, jobStep.invalid)
  try {
    let step = job.advance(firstWork)
    let work = 20 * firstWork
    while (step === jobStep.more) {
      onProgress?.(progressOf(job))
      const began = nowMs()
      step = await job.advanceAsync(work)
      const took = Math.max(0.1, nowMs() - began)
      work = Math.min(1e12, Math.max(firstWork, work * Math.min(4, sliceMs / took)))
      throwIfAborted(operation, signal)
    }
    if (step !== jobStep.done) throw faultOf(operation, step)
    onProgress?.(progressOf(job))
    return job.results()
  } finally {
    job.dispose()
  }
}

function progressOf(job: OpenJob): JobProgress {
  return {
    fraction: job.reading(jobReading.progress),
    iteration: job.reading(jobReading.iteration),
    loss: job.reading(jobReading.loss),
  }
}

/** Throws INTERRUPTED once the signal has been given. */
export function throwIfAborted(operation: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new AthanorError('INTERRUPTED', {
      operation,
      received: 'an abort signal',
      cause: signal.reason,
    })
}

function faultOf(operation: string, step: number): AthanorError {
  if (step === jobStep.outOfMemory) return outOfMemory(operation)
  if (step === jobStep.notFinite)
    return new AthanorError('NOT_FINITE', {
      operation,
      expected: 'finite values on the way',
      received: 'others',
      fix: 'Scale the features, or lower the rate',
    })
  return new AthanorError('INTERNAL', { operation, received: 'arguments that do not fit together' })
}
