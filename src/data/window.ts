// One window of an epoch: the rows of a few blocks in the order in which the epoch visits them. Made
// column by column, so that one column at a time is in the cache, in the narrow arrays of the store,
// and in small steps, so that the next window can be made while the batches of this one are used.

import type { BlockStore } from './block-store.js'
import {
  type CodeCells,
  type NumberCells,
  type PackedCells,
  unpackCells,
  unpackCodes,
  unpackNumbers,
} from './cell-encoding.js'
import { type Column, columnKinds, takeColumn } from './column.js'
import type { EpochWindow } from './epoch-order.js'
import { joinColumns } from './join.js'
import { type ColumnHead, numberTypes, typedColumn } from './schema.js'
import { hasFewTexts, localRows, sliceColumn } from './slices.js'
import { Table } from './table.js'

/** A column of the store and what is to be made of it. */
export interface WantedColumn extends ColumnHead {
  readonly index: number
  readonly kind: 'number' | 'code'
}

/** Rows that are moved in one step. */
const stepRows = 65_536

/** One column of a finished window. */
type WindowColumn = (from: number, to: number) => Column

/** A finished window. Valid until the window after the next one is begun. */
export class Window {
  constructor(
    readonly rows: number,
    private readonly columns: readonly WindowColumn[],
  ) {}

  /** Neighbouring rows; the arrays are the caller's. */
  table(from: number, to: number): Table {
    return new Table(
      this.columns.map(column => column(from, to)),
      to - from,
    )
  }
}

/** Makes windows one after the other; two live at a time, in arrays that are used again. */
export class WindowReader {
  private readonly arrays: Reused[]
  /** Blocks end to end, before their rows are picked. */
  private readonly joined = new Reused()
  private made = 0

  constructor(
    private readonly store: BlockStore,
    private readonly wanted: readonly WantedColumn[],
  ) {
    this.arrays = wanted.flatMap(() => [new Reused(), new Reused()])
  }

  /** Begins to load; call `finish` to have the window. */
  begin(window: EpochWindow): PendingWindow {
    const parity = this.made++ & 1
    const targets = this.wanted.map((_, i) => this.arrays[2 * i + parity])
    return new PendingWindow(this.store, this.wanted, window, targets, this.joined)
  }
}

export class PendingWindow {
  /** Settles when the blocks are there. */
  readonly loaded: Promise<void>
  /** Steps that there are at most. */
  readonly steps: number
  private readonly blocks: (readonly PackedCells[])[] = []
  private readonly columns: WindowColumn[] = []
  private work: Generator<void, void, undefined> | undefined

  constructor(
    private readonly store: BlockStore,
    private readonly wanted: readonly WantedColumn[],
    private readonly window: EpochWindow,
    private readonly targets: readonly Reused[],
    private readonly joined: Reused,
  ) {
    this.steps = 1 + wanted.length * (1 + Math.ceil(window.rowIds.length / stepRows))
    this.loaded = this.load()
    // Met when `finish` is awaited, not before.
    this.loaded.catch(() => {})
  }

  /** Does some steps of the work, if the blocks are there. */
  advance(steps: number): void {
    if (this.work === undefined) return
    for (let i = 0; i < steps; i++) if (this.work.next().done) return
  }

  async finish(): Promise<Window> {
    await this.loaded
    this.advance(Number.POSITIVE_INFINITY)
    return new Window(this.window.rowIds.length, this.columns)
  }

  private async load(): Promise<void> {
    const indices = this.wanted.map(column => column.index)
    for (const block of this.window.blocks)
      this.blocks.push(await this.store.packed(block, indices))
    this.work = this.makeColumns()
  }

  private *makeColumns(): Generator<void, void, undefined> {
    const { blocks, rowIds } = this.window
    const places = localRows(rowIds, blocks, this.store.blockRows)
    yield
    for (let i = 0; i < this.wanted.length; i++) {
      const column = this.wanted[i]
      const parts = this.blocks.map(block => block[i])
      const cells = alikeCells(column, parts)
      if (cells === undefined) this.columns.push(convertedColumn(column, parts, places))
      else {
        const source = cells.length === 1 ? cells[0] : this.joined.joinOf(cells)
        const target = this.targets[i].array(source, places.length)
        for (let from = 0; from < places.length; from += stepRows) {
          pick(source, places, target, from, Math.min(places.length, from + stepRows))
          yield
        }
        this.columns.push(storedColumn(column, parts[0], target))
      }
      yield
    }
    this.blocks.length = 0
  }
}

/** The cells of all parts, where they have one layout and need no conversion. */
function alikeCells(column: WantedColumn, parts: readonly PackedCells[]): Cells[] | undefined {
  const [first] = parts
  const asStored =
    first.kind === 'number' ? numberTypes.has(column.type) : columnKinds[column.type] === 'code'
  const alike = (part: PackedCells) =>
    part.cells.constructor === first.cells.constructor &&
    (part.kind === 'number'
      ? part.exact === undefined
      : part.kind === first.kind && !part.ownTexts && part.categories === first.categories)
  return asStored && parts.every(alike) ? parts.map(part => part.cells) : undefined
}

function storedColumn(head: WantedColumn, first: PackedCells, cells: Cells): WindowColumn {
  if (first.kind === 'number') {
    const numbers = cells as NumberCells
    return (from, to) => {
      const part = numbers.subarray(from, to)
      const values = part instanceof Float64Array ? part.slice() : unpackNumbers(part)
      return typedColumn({ kind: 'number', values }, head)
    }
  }
  const codes = cells as CodeCells
  const { categories } = first
  return (from, to) => {
    const part = codes.subarray(from, to)
    const own = part instanceof Int32Array ? part.slice() : unpackCodes(part)
    return sliceColumn(typedColumn({ kind: 'code', codes: own, categories }, head), 0, to - from)
  }
}

/** The general way: each part as a column of its type, then one of them all. */
function convertedColumn(
  head: WantedColumn,
  packed: readonly PackedCells[],
  places: Uint32Array,
): WindowColumn {
  const parts = packed.map(part => typedColumn(unpackCells(part), head))
  const column = takeColumn(joinColumns(parts, parts.some(hasFewTexts)), places)
  return (from, to) => sliceColumn(column, from, to)
}

type Cells = NumberCells | CodeCells

/** An array that is made anew only where the one at hand is too short or of another kind. */
class Reused {
  private held: Cells | undefined

  /** Room for `length` cells of the kind of `like`. */
  array(like: Cells, length: number): Cells {
    if (this.held?.constructor !== like.constructor || this.held.length < length)
      this.held = new (like.constructor as new (length: number) => Cells)(length)
    return this.held.subarray(0, length)
  }

  joinOf(parts: readonly Cells[]): Cells {
    const whole = this.array(
      parts[0],
      parts.reduce((sum, part) => sum + part.length, 0),
    )
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }
}

/** `into[i] = source[places[i]]` for i in [from, to); both arrays are of one kind. */
function pick(source: Cells, places: Uint32Array, into: Cells, from: number, to: number): void {
  const { buffer, byteOffset, length, BYTES_PER_ELEMENT } = source
  const target = [into.buffer, into.byteOffset, into.length] as const
  if (BYTES_PER_ELEMENT === 8) pick8(source as Float64Array, places, into as Float64Array, from, to)
  else if (BYTES_PER_ELEMENT === 4)
    pick4(new Int32Array(buffer, byteOffset, length), places, new Int32Array(...target), from, to)
  else if (BYTES_PER_ELEMENT === 2)
    pick2(new Uint16Array(buffer, byteOffset, length), places, new Uint16Array(...target), from, to)
  else
    pick1(new Uint8Array(buffer, byteOffset, length), places, new Uint8Array(...target), from, to)
}

// One function for each width, whatever the bits mean: it then sees one kind of array only, and runs
// several times as fast. Four reads at a time: the processor waits for four places in memory at once.

function pick8(s: Float64Array, places: Uint32Array, into: Float64Array, from: number, to: number) {
  let i = from
  for (; i + 3 < to; i += 4) {
    const a = s[places[i]]
    const b = s[places[i + 1]]
    const c = s[places[i + 2]]
    const d = s[places[i + 3]]
    into[i] = a
    into[i + 1] = b
    into[i + 2] = c
    into[i + 3] = d
  }
  for (; i < to; i++) into[i] = s[places[i]]
}

function pick4(s: Int32Array, places: Uint32Array, into: Int32Array, from: number, to: number) {
  let i = from
  for (; i + 3 < to; i += 4) {
    const a = s[places[i]]
    const b = s[places[i + 1]]
    const c = s[places[i + 2]]
    const d = s[places[i + 3]]
    into[i] = a
    into[i + 1] = b
    into[i + 2] = c
    into[i + 3] = d
  }
  for (; i < to; i++) into[i] = s[places[i]]
}

function pick2(s: Uint16Array, places: Uint32Array, into: Uint16Array, from: number, to: number) {
  let i = from
  for (; i + 3 < to; i += 4) {
    const a = s[places[i]]
    const b = s[places[i + 1]]
    const c = s[places[i + 2]]
    const d = s[places[i + 3]]
    into[i] = a
    into[i + 1] = b
    into[i + 2] = c
    into[i + 3] = d
  }
  for (; i < to; i++) into[i] = s[places[i]]
}

function pick1(s: Uint8Array, places: Uint32Array, into: Uint8Array, from: number, to: number) {
  let i = from
  for (; i + 3 < to; i += 4) {
    const a = s[places[i]]
    const b = s[places[i + 1]]
    const c = s[places[i + 2]]
    const d = s[places[i + 3]]
    into[i] = a
    into[i + 1] = b
    into[i + 2] = c
    into[i + 3] = d
  }
  for (; i < to; i++) into[i] = s[places[i]]
}
