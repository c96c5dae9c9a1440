// Terms counted text by text into sparse rows: the places of one text are gathered, sorted and written when it
// ends.

import { AthanorError } from '../../base/errors.js'
import { SparseMatrix } from '../../estimator/sparse.js'

/** Different terms of one text at most: with a place below 2³¹ they make a whole number below 2⁵³. */
const positions = 2 ** 22

/** From this place on slots are kept in a map. */
const farPlace = 2 ** 22

/** Counts within a row are kept by place; places are below `limit`, which may grow. */
export class TermRows {
  private indices = new Int32Array(1024)
  private values = new Float64Array(1024)
  private readonly ends: number[] = [0]
  private count = 0
  /** For each place, where in the arrays its count of the present row stands. */
  private slots = new Int32Array(1024).fill(-1)
  /** The same of places too large for an array, of the present row alone. */
  private readonly farSlots = new Map<number, number>()

  constructor(
    /** Whether each place counts once a row. */
    private readonly once = false,
  ) {}

  /** Adds to the count of a place in the present row. */
  add(place: number, value = 1): void {
    const isFar = place >= farPlace
    if (!isFar && place >= this.slots.length) this.growSlots(place)
    let slot = isFar ? (this.farSlots.get(place) ?? -1) : this.slots[place]
    if (slot < this.ends[this.ends.length - 1]) {
      if (this.count === this.indices.length) this.grow()
      slot = this.count++
      if (isFar) this.farSlots.set(place, slot)
      else this.slots[place] = slot
      this.indices[slot] = place
      this.values[slot] = 0
    }
    if (!this.once || this.values[slot] === 0) this.values[slot] += value
  }

  /** Errors: DATA for a text of more different terms than fit into one key. */
  endRow(): void {
    if (this.count - this.ends[this.ends.length - 1] >= positions)
      throw new AthanorError('DATA', {
        operation: 'counting terms',
        expected: `at most ${positions} different terms in a text`,
        received: `more in text ${this.rows}`,
        fix: 'Cut it, or shorten ngramRange',
      })
    this.ends.push(this.count)
    this.farSlots.clear()
  }

  get rows(): number {
    return this.ends.length - 1
  }

  /** In how many rows each place was counted, and how often in all. */
  totals(width: number): { rows: Int32Array; sums: Float64Array } {
    const rows = new Int32Array(width)
    const sums = new Float64Array(width)
    for (let n = 0; n < this.count; n++) {
      rows[this.indices[n]]++
      sums[this.indices[n]] += this.values[n]
    }
    return { rows, sums }
  }

  /** The rows as a matrix; `newPlace` says what a place becomes, -1 that it is left out. */
  toMatrix(width: number, newPlace?: Int32Array): SparseMatrix {
    const { ends, rows } = this
    const indptr = new Int32Array(rows + 1)
    const keys = new Float64Array(longestRow(ends))
    const indices = new Int32Array(this.count)
    const values = new Float64Array(this.count)
    let count = 0
    for (let row = 0; row < rows; row++) {
      const from = ends[row]
      let kept = 0
      for (let n = from; n < ends[row + 1]; n++) {
        const place = newPlace === undefined ? this.indices[n] : newPlace[this.indices[n]]
        // Place and position in one number, for one sort.
        if (place >= 0) keys[kept++] = place * positions + (n - from)
      }
      const sorted = keys.subarray(0, kept).sort()
      for (let k = 0; k < kept; k++) {
        const place = Math.floor(sorted[k] / positions)
        indices[count] = place
        values[count++] = this.values[from + sorted[k] - place * positions]
      }
      indptr[row + 1] = count
    }
    return new SparseMatrix({
      rows,
      width,
      indptr,
      indices: count === indices.length ? indices : indices.slice(0, count),
      values: count === values.length ? values : values.slice(0, count),
    })
  }

  private grow(): void {
    const size = 2 * this.indices.length
    const indices = new Int32Array(size)
    const values = new Float64Array(size)
    indices.set(this.indices)
    values.set(this.values)
    this.indices = indices
    this.values = values
  }

  private growSlots(place: number): void {
    const slots = new Int32Array(Math.max(place + 1, 2 * this.slots.length)).fill(-1)
    slots.set(this.slots)
    this.slots = slots
  }
}

function longestRow(ends: readonly number[]): number {
  let longest = 0
  for (let row = 1; row < ends.length; row++) longest = Math.max(longest, ends[row] - ends[row - 1])
  return longest
}
