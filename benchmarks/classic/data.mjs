// Made-up tables of the classic jobs, written once as raw files that both sides read: x.f32 (row-major),
// y.f64; x-test, y-test; sparse ones as indptr.i32, indices.i32, values.f64.

import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** mulberry32: the speed of making data is not what is measured. */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function normals(random) {
  let spare
  return () => {
    if (spare !== undefined) {
      const held = spare
      spare = undefined
      return held
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    const angle = 2 * Math.PI * random()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

/** Classes from a curved score of some of the features, a tenth of them noise. */
function classification({ width, classes = 2, curved = true }, random) {
  const normal = normals(random)
  const weights = Array.from({ length: classes }, () => Array.from({ length: width }, normal))
  const fill = (x, y, rows) => {
    for (let r = 0; r < rows; r++) {
      const at = r * width
      for (let j = 0; j < width; j++) x[at + j] = normal()
      const score = k => {
        let sum = 0
        for (let j = 0; j < width; j += 2) sum += weights[k][j] * x[at + j]
        if (curved)
          for (let j = 1; j + 2 < width; j += 4)
            sum += 1.5 * weights[k][j] * Math.sin(x[at + j]) * x[at + j + 2]
        return sum / Math.sqrt(width)
      }
      if (classes === 2) y[r] = score(0) + 0.5 * normal() > 0 ? 1 : 0
      else {
        let best = 0
        let most = -Infinity
        for (let k = 0; k < classes; k++) {
          const value = score(k) + 0.3 * normal()
          if (value > most) [most, best] = [value, k]
        }
        y[r] = best
      }
    }
  }
  return fill
}

function regression({ width }, random) {
  const normal = normals(random)
  const weights = Array.from({ length: width }, normal)
  return (x, y, rows) => {
    for (let r = 0; r < rows; r++) {
      const at = r * width
      let sum = 0
      for (let j = 0; j < width; j++) {
        x[at + j] = normal()
        sum += weights[j] * (j % 3 === 0 ? Math.sin(2 * x[at + j]) : x[at + j])
      }
      y[r] = sum + 0.5 * normal()
    }
  }
}

/** Clouds around `centres` places. */
function clouds({ width, centres }, random) {
  const normal = normals(random)
  const places = Array.from({ length: centres * width }, () => 6 * random() - 3)
  return (x, y, rows) => {
    for (let r = 0; r < rows; r++) {
      const own = Math.floor(random() * centres)
      y[r] = own
      for (let j = 0; j < width; j++) x[r * width + j] = places[own * width + j] + normal()
    }
  }
}

/** Features of which the first few directions hold most of the variance. */
function correlated({ width }, random) {
  const normal = normals(random)
  const mixing = Array.from({ length: 10 * width }, normal)
  return (x, y, rows) => {
    const hidden = new Float64Array(10)
    for (let r = 0; r < rows; r++) {
      for (let k = 0; k < 10; k++) hidden[k] = normal() * (10 - k)
      for (let j = 0; j < width; j++) {
        let sum = normal()
        for (let k = 0; k < 10; k++) sum += hidden[k] * mixing[k * width + j]
        x[r * width + j] = sum
      }
      y[r] = 0
    }
  }
}

const kinds = { classification, regression, clouds, correlated }

/** Texts as counts of words: frequent words more often, classes by the words that they prefer. */
function sparse({ rows, width, perRow }, folder) {
  const random = generator(11)
  const indptr = new Int32Array(rows + 1)
  const indices = []
  const values = []
  const y = new Float64Array(rows)
  for (let r = 0; r < rows; r++) {
    y[r] = random() < 0.5 ? 0 : 1
    const words = new Map()
    for (let i = 0; i < perRow; i++) {
      let word = Math.floor(width * random() ** 3)
      // Every seventh word belongs to one class, and appears in the other half as often.
      if (word % 7 === 0 && (word / 7) % 2 !== y[r] && random() < 0.5) word = (word + 1) % width
      words.set(word, (words.get(word) ?? 0) + 1)
    }
    let square = 0
    for (const count of words.values()) square += (1 + Math.log(count)) ** 2
    for (const word of [...words.keys()].sort((a, b) => a - b)) {
      indices.push(word)
      values.push((1 + Math.log(words.get(word))) / Math.sqrt(square))
    }
    indptr[r + 1] = indices.length
  }
  const write = (name, data) =>
    writeFileSync(path.join(folder, name), new Uint8Array(data.buffer, 0, data.byteLength))
  write('indptr.i32', indptr)
  write('indices.i32', Int32Array.from(indices))
  write('values.f64', Float64Array.from(values))
  write('y.f64', y)
}

/** The folder with the job's files; made if it isn't there. */
export function dataFolder(name, spec) {
  const folder = path.join(tmpdir(), 'athanor-classic-benchmarks', `${name}-${spec.rows}`)
  if (existsSync(folder)) return folder
  const making = `${folder}.${process.pid}`
  mkdirSync(making, { recursive: true })
  if (spec.kind === 'sparse') sparse(spec, making)
  else {
    const { rows, width, test = Math.min(rows, 100_000) } = spec
    const fill = kinds[spec.kind](spec, generator(7))
    for (const [part, count] of [
      ['', rows],
      ['-test', test],
    ]) {
      const x = new Float32Array(count * width)
      const y = new Float64Array(count)
      fill(x, y, count)
      writeFileSync(path.join(making, `x${part}.f32`), new Uint8Array(x.buffer))
      writeFileSync(path.join(making, `y${part}.f64`), new Uint8Array(y.buffer))
    }
  }
  renameSync(making, folder)
  return folder
}
