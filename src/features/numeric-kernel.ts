// Numeric columns of a block of rows in WebAssembly with SIMD (numeric-kernel.c): the same bits as the
// plain code of NumericFeatures. Memory is shared by all preprocessors: `transform` is synchronous.

import { base64 } from './numeric-kernel-wasm.js'

/** What a column's cells become; see NumericFeatures. */
export interface NumericParameters {
  readonly lower: number
  readonly upper: number
  readonly unit: number
  readonly center: number
  readonly inverse: number
  readonly fill: number
  readonly height: number
  /** Place of the indicator among the column's features, or -1. */
  readonly indicator: number
  /** Edges of the bins and one over their widths; none: no bins. */
  readonly edges: ArrayLike<number>
  readonly inverses: ArrayLike<number>
}

/** More bins than this are left to the plain code. */
export const mostKernelBins = 16

type Write = (column: number, values: number, rows: number, out: number, width: number) => number

/** The stack of the module lies below. */
const firstFree = 65_536
const pageBytes = 65_536
/** What lies before a matrix of a memory of its own: stack, columns, a block's cells. */
const spacePages = 64
/** Bytes that a column takes in the kernel's memory. */
const columnBytes = 400

export class NumericKernel {
  /** The whole memory; made anew when it grows. */
  floats!: Float32Array
  private doubles!: Float64Array
  private top = firstFree
  private input = 0

  private constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly write: Write,
  ) {
    this.view()
  }

  private static module: WebAssembly.Module | null | undefined
  private static shared: NumericKernel | undefined
  /** Kernels whose memory holds a matrix that was given away. */
  private static readonly owners = new WeakMap<object, NumericKernel>()

  /** Undefined where WebAssembly or its vectors are missing or forbidden. */
  static get(): NumericKernel | undefined {
    NumericKernel.shared ??= NumericKernel.make(8)
    return NumericKernel.shared
  }

  /** A matrix in the memory of a kernel of its own, which writes there without a copy. */
  static matrix(cells: number): Float32Array {
    const pages = Math.ceil((cells * 4) / pageBytes)
    const kernel = NumericKernel.make(spacePages + pages)
    if (kernel === undefined) return new Float32Array(cells)
    NumericKernel.owners.set(kernel.memory.buffer, kernel)
    return new Float32Array(kernel.memory.buffer, spacePages * pageBytes, cells)
  }

  /** The kernel in whose memory the array lies. */
  static of(matrix: Float32Array): NumericKernel | undefined {
    return NumericKernel.owners.get(matrix.buffer)
  }

  private static make(pages: number): NumericKernel | undefined {
    if (NumericKernel.module === null) return undefined
    try {
      NumericKernel.module ??= new WebAssembly.Module(bytesOf(base64))
      const memory = new WebAssembly.Memory({ initial: pages })
      const { exports } = new WebAssembly.Instance(NumericKernel.module, { env: { memory } })
      return new NumericKernel(memory, exports.write as Write)
    } catch {
      NumericKernel.module ??= null
      return undefined
    }
  }

  /** Forgets all columns; `rows` is the most that a block will have. */
  begin(rows: number): void {
    this.top = firstFree
    this.input = this.room(rows * 8)
  }

  /** Whether so many columns fit before a matrix that was given away. */
  static fits(columns: number, rows: number): boolean {
    return firstFree + rows * 8 + columns * columnBytes <= spacePages * pageBytes
  }

  /** Takes a column in; the result is its number for `column`. */
  place(parameters: Uint8Array): number {
    const at = this.room(parameters.length)
    new Uint8Array(this.memory.buffer).set(parameters, at)
    return at
  }

  /** Room for a block's matrix: its index in `floats`. Nothing may be placed afterwards. */
  matrix(cells: number): number {
    return this.room(cells * 4) / 4
  }

  /**
   * Writes the features of rows [from, to) at `floats[at]`, rows `width` apart. Missing cells, plus
   * 65,536 times the clipped ones.
   */
  column(
    placed: number,
    values: Float64Array,
    rowIds: Uint32Array | undefined,
    from: number,
    to: number,
    at: number,
    width: number,
  ): number {
    const { doubles, input } = this
    const rows = to - from
    const first = input / 8
    if (rowIds === undefined) for (let i = 0; i < rows; i++) doubles[first + i] = values[from + i]
    else for (let i = 0; i < rows; i++) doubles[first + i] = values[rowIds[from + i]]
    return this.write(placed, input, rows, at * 4, width)
  }

  private room(bytes: number): number {
    const at = this.top
    this.top += (bytes + 15) & -16
    const lacking = this.top - this.memory.buffer.byteLength
    if (lacking > 0) {
      this.memory.grow(Math.ceil(lacking / pageBytes))
      this.view()
    }
    return at
  }

  private view(): void {
    this.floats = new Float32Array(this.memory.buffer)
    this.doubles = new Float64Array(this.memory.buffer)
  }
}

/** The struct Column of numeric-kernel.c. */
export function packParameters(p: NumericParameters): Uint8Array {
  const bins = p.inverses.length
  const view = new DataView(new ArrayBuffer(columnBytes))
  const head = [p.lower, p.upper, p.unit, p.center, p.inverse, p.fill, p.height]
  for (let i = 0; i < head.length; i++) view.setFloat64(8 * i, head[i], true)
  view.setInt32(56, bins, true)
  view.setInt32(60, p.indicator, true)
  const edge = (i: number) => (i < p.edges.length ? p.edges[i] : Number.POSITIVE_INFINITY)
  for (let i = 0; i < mostKernelBins; i++) view.setFloat32(64 + 4 * i, edge(i + 1), true)
  for (let i = 0; i < mostKernelBins + 2; i++) view.setFloat64(128 + 8 * i, edge(i), true)
  for (let i = 0; i < bins; i++) view.setFloat64(272 + 8 * i, p.inverses[i], true)
  return new Uint8Array(view.buffer)
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}
