// The order that sorts numbers: radix sort over the bits of float64, 16 at a time (a comparison sort of
// row numbers takes ten times as long).

/** Below this many numbers comparing is quicker. */
const fewest = 2048

/** Row numbers in the order of ascending values; rows of equal values stay in their order. */
export function sortedOrder(values: ArrayLike<number>): Uint32Array {
  const rows = values.length
  const order = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) order[i] = i
  if (rows < fewest) return order.sort((a, b) => values[a] - values[b] || a - b)
  const { low, high } = sortableBits(values)
  let from = order
  let to = new Uint32Array(rows)
  for (const [words, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const)
    if (deal(words, shift, from, to)) [from, to] = [to, from]
  return from
}

/** Bits of the numbers such that they sort as unsigned whole numbers: negatives turned round. */
function sortableBits(values: ArrayLike<number>): { low: Uint32Array; high: Uint32Array } {
  const rows = values.length
  const low = new Uint32Array(rows)
  const high = new Uint32Array(rows)
  const number = new Float64Array(1)
  const bits = new Uint32Array(number.buffer)
  for (let i = 0; i < rows; i++) {
    number[0] = values[i] + 0 // −0 becomes 0
    const negative = bits[1] >>> 31 === 1
    low[i] = negative ? ~bits[0] : bits[0]
    high[i] = negative ? ~bits[1] : bits[1] ^ 0x80000000
  }
  return { low, high }
}

/** Rows dealt out by 16 of their bits, in the order in which they come; false where all are alike. */
function deal(words: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): boolean {
  const starts = new Uint32Array(65537)
  for (let i = 0; i < words.length; i++) starts[((words[i] >>> shift) & 0xffff) + 1]++
  if (starts[((words[0] >>> shift) & 0xffff) + 1] === words.length) return false
  for (let k = 1; k < starts.length; k++) starts[k] += starts[k - 1]
  for (let i = 0; i < from.length; i++) {
    const row = from[i]
    to[starts[(words[row] >>> shift) & 0xffff]++] = row
  }
  return true
}
