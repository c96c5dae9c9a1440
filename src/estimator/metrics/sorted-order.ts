// The order that sorts numbers: radix sort by the upper half of their bits, eleven at a time, then the few
// rows that are alike so far by comparison (a comparison sort of all takes ten times as long).

/** Below this many numbers comparing is quicker. */
const fewest = 1024

/** Rows alike in the upper half that are still sorted by inserting. */
const inserted = 24

/** Row numbers in the order of ascending values; rows of equal values stay in their order. */
export function sortedOrder(values: ArrayLike<number>): Uint32Array {
  const rows = values.length
  const order = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) order[i] = i
  const byValue = (a: number, b: number) => values[a] - values[b] || a - b
  if (rows < fewest) return order.sort(byValue)
  const keys = upperBits(values)
  let from: Dealt = { order, keys }
  let to: Dealt = { order: new Uint32Array(rows), keys: new Uint32Array(rows) }
  for (const shift of [0, 11, 22]) if (deal(shift, from, to)) [from, to] = [to, from]
  for (let start = 0; start < rows; ) {
    let end = start + 1
    while (end < rows && from.keys[end] === from.keys[start]) end++
    if (end - start > inserted && !ascends(values, from.order, start, end))
      from.order.subarray(start, end).sort(byValue)
    else insertionSort(values, from.order, start, end)
    start = end
  }
  return from.order
}

interface Dealt {
  readonly order: Uint32Array
  readonly keys: Uint32Array
}

/** The upper 32 bits of float64, negatives turned round, so that they sort as whole numbers. */
function upperBits(values: ArrayLike<number>): Uint32Array {
  const keys = new Uint32Array(values.length)
  const number = new Float64Array(1)
  const bits = new Uint32Array(number.buffer)
  for (let i = 0; i < keys.length; i++) {
    number[0] = values[i] + 0 // −0 becomes 0
    keys[i] = bits[1] >>> 31 === 1 ? ~bits[1] : bits[1] ^ 0x80000000
  }
  return keys
}

/** Rows dealt out by eleven bits of their keys, as they come; false where all are alike. */
function deal(shift: number, from: Dealt, to: Dealt): boolean {
  const { order, keys } = from
  const starts = new Uint32Array(2049)
  for (let i = 0; i < keys.length; i++) starts[((keys[i] >>> shift) & 2047) + 1]++
  if (starts[((keys[0] >>> shift) & 2047) + 1] === keys.length) return false
  for (let k = 1; k < starts.length; k++) starts[k] += starts[k - 1]
  for (let i = 0; i < keys.length; i++) {
    const at = starts[(keys[i] >>> shift) & 2047]++
    to.keys[at] = keys[i]
    to.order[at] = order[i]
  }
  return true
}

function ascends(values: ArrayLike<number>, order: Uint32Array, start: number, end: number) {
  for (let i = start + 1; i < end; i++) if (values[order[i]] < values[order[i - 1]]) return false
  return true
}

function insertionSort(values: ArrayLike<number>, order: Uint32Array, start: number, end: number) {
  for (let i = start + 1; i < end; i++) {
    const row = order[i]
    let at = i
    while (at > start && values[order[at - 1]] > values[row]) {
      order[at] = order[at - 1]
      at--
    }
    order[at] = row
  }
}
