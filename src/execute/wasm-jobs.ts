// Jobs in WebAssembly. Each has an instance to itself, with its arrays copied in: memory never shrinks,
// so what a large job took goes with its instance, and a trap (memory is out) hurts nobody else. A
// small instance is kept for the next job.

import { env } from '#platform'
import { AthanorError } from '../base/errors.js'
import { formatBytes } from '../base/format-bytes.js'
import { jobKinds } from './job-kinds.js'
import { type JobArguments, jobStep, type OpenJob } from './open-job.js'
import { giveTurn, isTurnDue } from './turns.js'

interface JobExports {
  readonly memory: WebAssembly.Memory
  readonly athanor_allocate: (bytes: number) => number
  readonly athanor_release: (pointer: number) => void
  readonly athanor_poison: (on: number) => void
  readonly athanor_job_create: (
    kind: number,
    numbers: number,
    numberCount: number,
    arrays: number,
    arrayBytes: number,
    arrayCount: number,
  ) => number
  readonly athanor_job_advance: (job: number, work: number) => number
  readonly athanor_job_reading: (job: number, which: number) => number
  readonly athanor_job_results: (job: number) => number
  readonly athanor_job_result: (job: number, index: number) => number
  readonly athanor_job_result_bytes: (job: number, index: number) => bigint
  readonly athanor_job_free: (job: number) => void
  readonly _initialize?: () => void
}

/** An instance whose memory grew beyond this is not kept. */
const keepBelow = 64 * 2 ** 20

export class WasmJobs {
  private readonly idle: JobExports[] = []

  constructor(private readonly module: WebAssembly.Module) {}

  /** undefined where the arguments don't fit together. Throws MEMORY when the arrays find no room. */
  open(call: JobArguments): OpenJob | undefined {
    const kernels = this.idle.pop() ?? this.instantiate()
    const pointers: number[] = []
    const put = (bytes: Uint8Array): number => {
      const pointer = kernels.athanor_allocate(bytes.length) >>> 0
      if (pointer === 0) throw noRoom(call, bytes.length)
      pointers.push(pointer)
      new Uint8Array(kernels.memory.buffer).set(bytes, pointer)
      return pointer
    }
    const { arrays } = call
    const addresses = Uint32Array.from(arrays, array => put(bytesOf(array)))
    const sizes = BigInt64Array.from(arrays, array => BigInt(array.byteLength))
    const numbers = Float64Array.from(call.numbers)
    let job = 0
    try {
      job = kernels.athanor_job_create(
        jobKinds[call.kind],
        put(bytesOf(numbers)),
        numbers.length,
        put(bytesOf(addresses)),
        put(bytesOf(sizes)),
        arrays.length,
      )
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error
      throw noRoom(call, 0)
    }
    const end = () => {
      if (job !== 0) kernels.athanor_job_free(job)
      for (const pointer of pointers) kernels.athanor_release(pointer)
      if (kernels.memory.buffer.byteLength <= keepBelow) this.idle.push(kernels)
    }
    if (job !== 0) return new WasmJob(kernels, job, end)
    end()
    return undefined
  }

  private instantiate(): JobExports {
    const kernels = new WebAssembly.Instance(this.module, {}).exports as unknown as JobExports
    kernels._initialize?.()
    if (env('ATHANOR_POISON')) kernels.athanor_poison(1)
    return kernels
  }
}

class WasmJob implements OpenJob {
  private trapped = false
  private open = true

  constructor(
    private readonly kernels: JobExports,
    private readonly job: number,
    private readonly end: () => void,
  ) {}

  advance(work: number): number {
    try {
      return this.kernels.athanor_job_advance(this.job, work)
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error
      this.trapped = true
      return jobStep.outOfMemory
    }
  }

  async advanceAsync(work: number): Promise<number> {
    const step = this.advance(work)
    if (isTurnDue()) await giveTurn()
    return step
  }

  reading(which: number): number {
    return this.kernels.athanor_job_reading(this.job, which)
  }

  results(): ArrayBuffer[] {
    const { kernels, job } = this
    return Array.from({ length: kernels.athanor_job_results(job) }, (_, i) => {
      const at = kernels.athanor_job_result(job, i) >>> 0
      return kernels.memory.buffer.slice(
        at,
        at + Number(kernels.athanor_job_result_bytes(job, i)),
      ) as ArrayBuffer
    })
  }

  dispose(): void {
    if (this.open && !this.trapped) this.end()
    this.open = false
  }
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function noRoom({ kind }: JobArguments, bytes: number): AthanorError {
  return new AthanorError('MEMORY', {
    operation: kind,
    expected: 'room in WebAssembly memory',
    received: bytes === 0 ? 'a request for more' : `a request for ${formatBytes(bytes)}`,
    fix: 'Use fewer rows, or the native kernels (npm run build)',
  })
}
