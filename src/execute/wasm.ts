// The WebAssembly executor: the same C++ kernels, one thread, one linear memory. Variables live in
// that memory; inputs and results are copied in and out through one staging block that all programs
// share, since they run one at a time. Views are made afresh whenever the memory has grown.

import { availableMemory, env, wasmModule } from '#platform'
import { type DType, dtypes, type TypedArray } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import { formatBytes } from '../base/format-bytes.js'
import type { Program } from '../compile/program.js'
import type { WasmVariant } from '../platform/kernel-files.js'
import { encodeProgram, slotBytes } from './encode.js'
import type { Binding, Executor, LoadedProgram, Storage } from './executor.js'
import { HostStorage } from './host-storage.js'
import { checkPlannedMemory } from './limits.js'
import type { JobArguments, OpenJob } from './open-job.js'
import { checkStatus } from './status.js'
import { giveTurn, isTurnDue } from './turns.js'
import { WasmJobs } from './wasm-jobs.js'

interface KernelExports {
  readonly memory: WebAssembly.Memory
  readonly athanor_program_create: (words: number, count: bigint) => number
  readonly athanor_program_run: (program: number, slots: number, count: number) => number
  readonly athanor_program_free: (program: number) => void
  readonly athanor_program_bytes: (program: number) => bigint
  readonly athanor_allocate: (bytes: number) => number
  readonly athanor_release: (pointer: number) => void
  readonly athanor_poison: (on: number) => void
  readonly _initialize?: () => void
}

/** 32-bit addresses, less a reserve for the stack and the allocator. */
const addressable = 2 ** 32 - 2 ** 26

export class WasmExecutor implements Executor {
  readonly name = 'wasm'
  readonly threads = 1
  private readonly memory: LinearMemory
  private readonly jobs: WasmJobs

  /** Throws EXECUTOR when the kernels are missing or the engine cannot compile them. */
  constructor(readonly isa: WasmVariant) {
    const module = wasmModule(isa)
    this.jobs = new WasmJobs(module)
    const instance = new WebAssembly.Instance(module, {})
    const kernels = instance.exports as unknown as KernelExports
    kernels._initialize?.()
    if (env('ATHANOR_POISON')) kernels.athanor_poison(1)
    this.memory = new LinearMemory(kernels)
  }

  /** Size of the linear memory; it grows and never shrinks. */
  get memoryBytes(): number {
    return this.memory.bytes.length
  }

  load(program: Program): LoadedProgram {
    checkPlannedMemory(program, () => Math.min(addressable, availableMemory()))
    return new WasmProgram(this.memory, program)
  }

  createStorage(dtype: DType, values: TypedArray): Storage {
    const storage = new WasmStorage(this.memory, dtype, values.length)
    storage.write(values)
    return storage
  }

  openJob(job: JobArguments): OpenJob | undefined {
    return this.jobs.open(job)
  }
}

/** Allocation in the module's memory, and a byte view that is never stale. */
class LinearMemory {
  private heap: Uint8Array
  private staging = 0
  private stagingBytes = 0
  private readonly wanted = new Map<object, number>()
  /** The last resort for what nobody disposed of. */
  private readonly forgotten = new FinalizationRegistry<() => void>(release => release())

  constructor(readonly kernels: KernelExports) {
    this.heap = new Uint8Array(kernels.memory.buffer)
  }

  get bytes(): Uint8Array {
    const { buffer } = this.kernels.memory
    if (this.heap.buffer !== buffer) this.heap = new Uint8Array(buffer)
    return this.heap
  }

  allocate(bytes: number): number {
    const pointer = this.kernels.athanor_allocate(bytes) >>> 0
    if (pointer === 0)
      throw new AthanorError('MEMORY', {
        operation: 'allocate',
        expected: 'room in WebAssembly memory',
        received: `a request for ${formatBytes(bytes)}`,
        fix: 'Dispose of what is not needed, or use a smaller batch or model',
      })
    return pointer
  }

  view(dtype: DType, pointer: number, length: number): TypedArray {
    return new dtypes[dtype].array(this.bytes.buffer as ArrayBuffer, pointer, length)
  }

  /** Where inputs and results pass; at least as large as any loaded program asked for. */
  stage(): number {
    if (this.staging === 0) {
      const most = Math.max(0, ...this.wanted.values())
      this.staging = this.allocate(most)
      this.stagingBytes = most
    }
    return this.staging
  }

  reserveStaging(owner: object, bytes: number): void {
    this.wanted.set(owner, bytes)
    if (bytes > this.stagingBytes) this.dropStaging()
  }

  releaseStaging(owner: object): void {
    this.wanted.delete(owner)
    const most = Math.max(0, ...this.wanted.values())
    if (this.stagingBytes > 2 * most) this.dropStaging()
  }

  private dropStaging(): void {
    if (this.staging !== 0) this.kernels.athanor_release(this.staging)
    this.staging = 0
    this.stagingBytes = 0
  }

  watch(owner: object, release: () => void): void {
    this.forgotten.register(owner, release, owner)
  }

  unwatch(owner: object): void {
    this.forgotten.unregister(owner)
  }
}

class WasmStorage implements Storage {
  private pointer: number

  constructor(
    readonly memory: LinearMemory,
    readonly dtype: DType,
    readonly length: number,
  ) {
    const pointer = memory.allocate(length * dtypes[dtype].bytes)
    this.pointer = pointer
    memory.watch(this, () => memory.kernels.athanor_release(pointer))
  }

  get address(): number {
    if (this.pointer === 0)
      throw new AthanorError('STATE', {
        operation: 'read',
        expected: 'values',
        received: 'a disposed tensor',
      })
    return this.pointer
  }

  read(): TypedArray {
    return this.memory.view(this.dtype, this.address, this.length).slice()
  }

  write(values: TypedArray): void {
    this.memory.view(this.dtype, this.address, this.length).set(values)
  }

  dispose(): void {
    if (this.pointer === 0) return
    this.memory.unwatch(this)
    this.memory.kernels.athanor_release(this.pointer)
    this.pointer = 0
  }
}

class WasmProgram implements LoadedProgram {
  readonly bytes: number
  private handle: number
  /** Bytes of each slot, and its place in the staging block (after the table of addresses). */
  private readonly slotBytes: readonly number[]
  private readonly places: readonly number[]
  /** Stands for this program where it must not be kept alive. */
  private readonly token = {}

  constructor(
    private readonly memory: LinearMemory,
    readonly program: Program,
  ) {
    const { kernels } = memory
    const words = encodeProgram(program)
    const pointer = memory.allocate(words.byteLength)
    memory.bytes.set(new Uint8Array(words.buffer), pointer)
    const handle = kernels.athanor_program_create(pointer, BigInt(words.length))
    kernels.athanor_release(pointer)
    if (handle === 0)
      throw new AthanorError('INTERNAL', { operation: 'load', received: 'a malformed program' })
    this.handle = handle

    this.slotBytes = program.slots.map(slotBytes)
    const places: number[] = []
    let end = align(program.slots.length * 4)
    for (const bytes of this.slotBytes) {
      places.push(end)
      end += align(bytes)
    }
    this.places = places
    const { token } = this
    memory.reserveStaging(token, end)
    memory.watch(this, () => {
      kernels.athanor_program_free(handle)
      memory.releaseStaging(token)
    })
    this.bytes = Number(kernels.athanor_program_bytes(handle)) + program.arenaBytes
  }

  run(bindings: readonly Binding[]): void {
    const { memory, program } = this
    const { slots } = program
    this.check(bindings)
    const stage = memory.stage()
    let heap = memory.bytes
    const table = new Uint32Array(heap.buffer, stage, slots.length)
    for (let k = 0; k < slots.length; k++) {
      const binding = bindings[k]
      if (binding instanceof WasmStorage && binding.memory === memory) {
        table[k] = binding.address
        continue
      }
      table[k] = stage + this.places[k]
      if (slots[k].kind !== 'outputs') heap.set(bytesOf(binding, this.slotBytes[k]), table[k])
    }
    const status = memory.kernels.athanor_program_run(this.handle, stage, slots.length)
    heap = memory.bytes
    for (let k = 0; k < slots.length; k++) {
      if (slots[k].kind !== 'outputs') continue
      const from = stage + this.places[k]
      const bytes = this.slotBytes[k]
      bytesOf(bindings[k], bytes).set(heap.subarray(from, from + bytes))
    }
    checkStatus(status, program)
  }

  async runAsync(bindings: readonly Binding[]): Promise<void> {
    this.run(bindings)
    if (isTurnDue()) await giveTurn()
  }

  dispose(): void {
    if (this.handle === 0) return
    this.memory.unwatch(this)
    this.memory.kernels.athanor_program_free(this.handle)
    this.memory.releaseStaging(this.token)
    this.handle = 0
  }

  private check(bindings: readonly Binding[]): void {
    if (this.handle === 0)
      throw new AthanorError('STATE', { operation: 'run', received: 'a disposed program' })
    const { slots } = this.program
    let fits = bindings.length === slots.length
    for (let k = 0; fits && k < slots.length; k++) {
      const binding = bindings[k]
      if (binding instanceof WasmStorage)
        fits = binding.memory === this.memory && binding.length >= slots[k].length
      else fits = slots[k].kind !== 'state'
    }
    if (!fits)
      throw new AthanorError('INTERNAL', {
        operation: 'run',
        expected: `bindings of this executor for ${slots.length} slots`,
        received: `${bindings.length}, or one that does not fit`,
      })
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64
}

/** The first `bytes` bytes of a host binding. */
function bytesOf(binding: Binding, bytes: number): Uint8Array {
  const host = binding instanceof HostStorage ? binding.values : binding
  const isView = ArrayBuffer.isView(host)
  const room = isView || host instanceof ArrayBuffer ? host.byteLength : -1
  if (room < bytes)
    throw new AthanorError('INTERNAL', {
      operation: 'run',
      expected: `${bytes} bytes`,
      received: `${Math.max(room, 0)}`,
    })
  return isView
    ? new Uint8Array(host.buffer as ArrayBuffer, host.byteOffset, bytes)
    : new Uint8Array(host as ArrayBuffer, 0, bytes)
}
