// The kernels as a platform hands them over. The types say what kernels/addon/addon.cpp and
// kernels/program.h offer; nothing here knows what a Program is.

/** A library of kernels for one instruction set, opened by the addon. */
export type NativeLibrary = { readonly __library: unique symbol }
/** A Program decoded by a native library. */
export type NativeHandle = { readonly __handle: unique symbol }

/** A job made by a native library. */
export type NativeJob = { readonly __job: unique symbol }

/** What the Node-API addon exports; kernels/addon/addon.cpp describes each. */
export interface NativeAddon {
  supported(): string[]
  open(path: string): NativeLibrary
  isa(library: NativeLibrary): string
  setThreads(library: NativeLibrary, threads: number): number
  load(library: NativeLibrary, words: Int32Array, table: Float64Array): NativeHandle | undefined
  bytes(program: NativeHandle): number
  free(program: NativeHandle): void
  address(array: ArrayBufferView | ArrayBuffer): number
  run(program: NativeHandle, hosts: readonly unknown[]): number
  runAsync(program: NativeHandle, hosts: readonly unknown[], keep: object): Promise<number>
  jobCreate(
    library: NativeLibrary,
    kind: number,
    numbers: Float64Array,
    arrays: readonly ArrayBufferView[],
  ): NativeJob | undefined
  jobAdvance(job: NativeJob, work: number): number
  jobAdvanceAsync(job: NativeJob, work: number): Promise<number>
  jobReading(job: NativeJob, which: number): number
  jobResults(job: NativeJob): ArrayBuffer[]
  jobFree(job: NativeJob): void
}

export interface NativeKernels {
  readonly addon: NativeAddon
  /** Path of the library of each instruction set that has been built. */
  readonly libraries: Readonly<Record<string, string>>
}

export const wasmVariants = ['relaxed', 'simd128'] as const
export type WasmVariant = (typeof wasmVariants)[number]

/** A module with one relaxed-SIMD instruction: valid only where the engine knows it. */
const relaxedProbe = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0],
  ...[65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11],
])

export function knowsRelaxedSimd(): boolean {
  return WebAssembly.validate(relaxedProbe)
}
