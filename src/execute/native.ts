// The native executor: kernels in C++ behind a Node-API addon. Variables lie in arrays that
// JavaScript owns and whose addresses are looked up once; a run is one call.

import { availableMemory, nativeKernels } from '#platform'
import { type DType, dtypes, type TypedArray } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import type { Program } from '../compile/program.js'
import type {
  NativeAddon,
  NativeHandle,
  NativeJob,
  NativeLibrary,
} from '../platform/kernel-files.js'
import { encodeProgram } from './encode.js'
import type { Binding, Executor, LoadedProgram, Storage } from './executor.js'
import { HostStorage } from './host-storage.js'
import { jobKinds } from './job-kinds.js'
import { checkPlannedMemory, isSmall } from './limits.js'
import { type JobArguments, jobStep, type OpenJob } from './open-job.js'
import { checkStatus } from './status.js'
import { giveTurn, isTurnDue } from './turns.js'

export interface NativeOptions {
  /** Instruction set; by default the best that the processor has and that was built. */
  readonly isa?: string
  /** Threads of the process's pool; by default all processors. */
  readonly threads: number
}

/** Instruction sets that this processor has and that were built, best first. */
export function nativeIsas(): string[] {
  const { addon, libraries } = nativeKernels()
  return addon.supported().filter(isa => isa in libraries)
}

export class NativeExecutor implements Executor {
  readonly name = 'native'
  readonly isa: string
  readonly threads: number
  private readonly addon: NativeAddon
  private readonly library: NativeLibrary

  /** Throws EXECUTOR when nothing is built for this machine or the instruction set is unknown to it. */
  constructor(options: NativeOptions) {
    const { addon, libraries } = nativeKernels()
    const usable = addon.supported().filter(isa => isa in libraries)
    const isa = options.isa ?? usable[0]
    if (isa === undefined || !usable.includes(isa))
      throw new AthanorError('EXECUTOR', {
        operation: 'native kernels',
        expected: `an instruction set of this machine (${usable.join(', ') || 'none was built'})`,
        received: isa ?? 'none',
      })
    this.addon = addon
    this.library = openLibrary(addon, libraries[isa])
    this.isa = addon.isa(this.library)
    this.threads = addon.setThreads(this.library, options.threads)
  }

  load(program: Program): LoadedProgram {
    checkPlannedMemory(program, availableMemory)
    return new NativeProgram(this.addon, this.library, program)
  }

  createStorage(dtype: DType, values: TypedArray): Storage {
    const copy = new dtypes[dtype].array(values)
    return new NativeStorage(dtype, copy, this.addon.address(copy))
  }

  openJob({ kind, numbers, arrays }: JobArguments): OpenJob | undefined {
    const { addon, library } = this
    const words = Float64Array.from(numbers)
    const handle = addon.jobCreate(library, jobKinds[kind], words, [...arrays])
    return handle === undefined ? undefined : new NativeOpenJob(addon, handle)
  }
}

class NativeOpenJob implements OpenJob {
  private running = false

  constructor(
    private readonly addon: NativeAddon,
    private readonly handle: NativeJob,
  ) {}

  advance(work: number): number {
    return this.running ? jobStep.invalid : this.addon.jobAdvance(this.handle, work)
  }

  async advanceAsync(work: number): Promise<number> {
    if (this.running) return jobStep.invalid
    this.running = true
    try {
      return await this.addon.jobAdvanceAsync(this.handle, work)
    } finally {
      this.running = false
    }
  }

  reading(which: number): number {
    return this.addon.jobReading(this.handle, which)
  }

  results(): ArrayBuffer[] {
    return this.addon.jobResults(this.handle)
  }

  dispose(): void {
    this.addon.jobFree(this.handle)
  }
}

function openLibrary(addon: NativeAddon, path: string): NativeLibrary {
  try {
    return addon.open(path)
  } catch (cause) {
    throw new AthanorError('EXECUTOR', {
      operation: 'native kernels',
      received: cause instanceof Error ? cause.message : String(cause),
      cause,
    })
  }
}

class NativeStorage extends HostStorage {
  constructor(
    dtype: DType,
    values: TypedArray,
    readonly address: number,
  ) {
    super(dtype, values)
  }
}

class NativeProgram implements LoadedProgram {
  readonly bytes: number
  /** One address per slot; 0 sends the addon to `hosts`. */
  private readonly table: Float64Array
  private readonly hosts: unknown[]
  private handle: NativeHandle | undefined
  private readonly isSmall: boolean

  constructor(
    private readonly addon: NativeAddon,
    library: NativeLibrary,
    readonly program: Program,
  ) {
    this.table = new Float64Array(program.slots.length)
    this.hosts = new Array<unknown>(program.slots.length).fill(undefined)
    this.handle = addon.load(library, encodeProgram(program), this.table)
    if (this.handle === undefined)
      throw new AthanorError('INTERNAL', { operation: 'load', received: 'a malformed program' })
    this.bytes = addon.bytes(this.handle) + program.arenaBytes
    this.isSmall = isSmall(program)
  }

  run(bindings: readonly Binding[]): void {
    const handle = this.bind(bindings)
    const status = this.addon.run(handle, this.hosts)
    this.hosts.fill(undefined)
    if (status !== 0) checkStatus(status, this.program)
  }

  async runAsync(bindings: readonly Binding[]): Promise<void> {
    if (this.isSmall) {
      this.run(bindings)
      if (isTurnDue()) await giveTurn()
      return
    }
    const handle = this.bind(bindings)
    const pending = this.addon.runAsync(handle, this.hosts, bindings.map(hold))
    this.hosts.fill(undefined)
    checkStatus(await pending, this.program)
  }

  dispose(): void {
    if (this.handle !== undefined) this.addon.free(this.handle)
    this.handle = undefined
  }

  private bind(bindings: readonly Binding[]): NativeHandle {
    const { handle, table, hosts } = this
    if (handle === undefined || bindings.length !== table.length) throw this.unfit(bindings)
    for (let k = 0; k < table.length; k++) {
      const binding = bindings[k]
      if (binding instanceof NativeStorage) {
        if (binding.values.length < this.program.slots[k].length) throw this.unfit(bindings)
        table[k] = binding.address
      } else {
        table[k] = 0
        hosts[k] = binding instanceof HostStorage ? binding.values : binding
      }
    }
    return handle
  }

  private unfit(bindings: readonly Binding[]): AthanorError {
    return this.handle === undefined
      ? new AthanorError('STATE', { operation: 'run', received: 'a disposed program' })
      : new AthanorError('INTERNAL', {
          operation: 'run',
          expected: `bindings for ${this.table.length} slots`,
          received: `${bindings.length}, or one too short`,
        })
  }
}

/** What has to stay alive while a run on another thread uses it. */
function hold(binding: Binding): unknown {
  return binding instanceof HostStorage ? binding.values : binding
}
