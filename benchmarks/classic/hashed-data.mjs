// The same data in JavaScript and Python (hashed_data.py): numbers from a hash of their place.

/** Integers below 2³² from a hash (the finalizer of MurmurHash3) of place and seed. */
export function hash(place, seed) {
  let h = (Math.imul(place, 0x9e3779b9) + seed) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Nearly normal numbers of variance 1: the sum of four uniform ones. */
export function normals(count, seed) {
  const out = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let k = 0; k < 4; k++) sum += hash(4 * i + k, seed)
    out[i] = (sum / 4294967296 - 2) * Math.sqrt(3)
  }
  return out
}

/** `rows` points around `clusters` centres, row-major. */
export function blobs(rows, width, clusters, seed) {
  const centers = normals(clusters * width, seed)
  const x = normals(rows * width, seed + 1)
  for (let r = 0; r < rows; r++) {
    const c = hash(r, seed + 2) % clusters
    for (let k = 0; k < width; k++) x[r * width + k] += 2 * centers[c * width + k]
  }
  return x
}

/** Correlated columns: normal numbers times a square matrix of them. */
export function correlated(rows, width, seed) {
  const mix = normals(width * width, seed)
  const z = normals(rows * width, seed + 1)
  const x = new Float64Array(rows * width)
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < width; k++) {
      const factor = z[r * width + k]
      for (let j = 0; j < width; j++) x[r * width + j] += factor * mix[k * width + j]
    }
  return x
}
