// A matrix of features prepared for many products with it in float64: dense, or, where most entries
// are 0 (one-hot), as the non-zero entries of each row.

import type { Matrix } from '../../estimator/matrix.js'

export interface DesignMatrix {
  readonly rows: number
  readonly width: number
  /** `out[row, k] = Σ_j x[row, j] · coefficients[k, j]`, for `outputs` rows of coefficients. */
  multiply(coefficients: Float64Array, outputs: number, out: Float64Array): void
  /** `out[k, j] += Σ_row residuals[row, k] · x[row, j]`. */
  accumulate(residuals: Float64Array, outputs: number, out: Float64Array): void
  /**
   * The lower triangle of `Σ_row weight · (x[row] − means)·(x[row] − means)ᵀ` into `out`
   * (`width × width`, zeros before); `means` are the weighted means, or zeros.
   */
  gram(weights: Float64Array, means: Float64Array, out: Float64Array): void
}

export function designMatrix(matrix: Matrix): DesignMatrix {
  let nonZero = 0
  for (let i = 0; i < matrix.x.length; i++) if (matrix.x[i] !== 0) nonZero++
  return nonZero < 0.3 * matrix.x.length ? new Sparse(matrix, nonZero) : new Dense(matrix)
}

class Dense implements DesignMatrix {
  readonly rows: number
  readonly width: number
  private readonly x: Float32Array | Float64Array

  constructor(matrix: Matrix) {
    this.rows = matrix.rows
    this.width = matrix.width
    this.x = matrix.x
  }

  multiply(coefficients: Float64Array, outputs: number, out: Float64Array): void {
    const { rows, width, x } = this
    for (let row = 0; row < rows; row++) {
      const at = row * width
      let k = 0
      // Two outputs at a time share each feature's load.
      for (; k + 1 < outputs; k += 2) {
        const first = k * width
        const second = first + width
        let a = 0
        let b = 0
        for (let j = 0; j < width; j++) {
          const value = x[at + j]
          a += value * coefficients[first + j]
          b += value * coefficients[second + j]
        }
        out[row * outputs + k] = a
        out[row * outputs + k + 1] = b
      }
      if (k === outputs) continue
      let a = 0
      for (let j = 0; j < width; j++) a += x[at + j] * coefficients[k * width + j]
      out[row * outputs + k] = a
    }
  }

  accumulate(residuals: Float64Array, outputs: number, out: Float64Array): void {
    const { rows, width, x } = this
    let row = 0
    // Four rows at a time: one pass over the sums for four.
    for (; row + 3 < rows; row += 4) {
      const at = row * width
      for (let k = 0; k < outputs; k++) {
        const r0 = residuals[row * outputs + k]
        const r1 = residuals[(row + 1) * outputs + k]
        const r2 = residuals[(row + 2) * outputs + k]
        const r3 = residuals[(row + 3) * outputs + k]
        const into = k * width
        for (let j = 0; j < width; j++) {
          const i = at + j
          out[into + j] +=
            r0 * x[i] + r1 * x[i + width] + r2 * x[i + 2 * width] + r3 * x[i + 3 * width]
        }
      }
    }
    for (; row < rows; row++)
      for (let k = 0; k < outputs; k++) {
        const r = residuals[row * outputs + k]
        for (let j = 0; j < width; j++) out[k * width + j] += r * x[row * width + j]
      }
  }

  gram(weights: Float64Array, means: Float64Array, out: Float64Array): void {
    const { rows, width, x } = this
    // Four centred rows at a time: one pass over the triangle for four.
    const block = new Float64Array(4 * width)
    const root = new Float64Array(4)
    for (let from = 0; from < rows; from += 4) {
      for (let b = 0; b < 4; b++) {
        const row = from + b
        root[b] = row < rows ? Math.sqrt(weights[row]) : 0
        for (let j = 0; j < width; j++)
          block[b * width + j] = row < rows ? root[b] * (x[row * width + j] - means[j]) : 0
      }
      for (let i = 0; i < width; i++) {
        const a0 = block[i]
        const a1 = block[width + i]
        const a2 = block[2 * width + i]
        const a3 = block[3 * width + i]
        const into = i * width
        for (let j = 0; j <= i; j++)
          out[into + j] +=
            a0 * block[j] +
            a1 * block[width + j] +
            a2 * block[2 * width + j] +
            a3 * block[3 * width + j]
      }
    }
  }
}

class Sparse implements DesignMatrix {
  readonly rows: number
  readonly width: number
  private readonly starts: Uint32Array
  private readonly columns: Uint32Array
  private readonly values: Float64Array

  constructor({ x, rows, width }: Matrix, nonZero: number) {
    this.rows = rows
    this.width = width
    this.starts = new Uint32Array(rows + 1)
    this.columns = new Uint32Array(nonZero)
    this.values = new Float64Array(nonZero)
    let n = 0
    for (let row = 0; row < rows; row++) {
      this.starts[row] = n
      for (let j = 0; j < width; j++) {
        const value = x[row * width + j]
        if (value === 0) continue
        this.columns[n] = j
        this.values[n++] = value
      }
    }
    this.starts[rows] = n
  }

  multiply(coefficients: Float64Array, outputs: number, out: Float64Array): void {
    const { rows, width, starts, columns, values } = this
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < outputs; k++) {
        let sum = 0
        const from = k * width
        for (let n = starts[row]; n < starts[row + 1]; n++)
          sum += values[n] * coefficients[from + columns[n]]
        out[row * outputs + k] = sum
      }
  }

  accumulate(residuals: Float64Array, outputs: number, out: Float64Array): void {
    const { rows, width, starts, columns, values } = this
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < outputs; k++) {
        const r = residuals[row * outputs + k]
        const into = k * width
        for (let n = starts[row]; n < starts[row + 1]; n++) out[into + columns[n]] += r * values[n]
      }
  }

  gram(weights: Float64Array, means: Float64Array, out: Float64Array): void {
    const { rows, width, starts, columns, values } = this
    let total = 0
    for (let row = 0; row < rows; row++) {
      const weight = weights[row]
      total += weight
      for (let a = starts[row]; a < starts[row + 1]; a++) {
        const scaled = weight * values[a]
        const into = columns[a] * width
        for (let b = starts[row]; b <= a; b++) out[into + columns[b]] += scaled * values[b]
      }
    }
    // Σ w·(x − m)(x − m)ᵀ = Σ w·x·xᵀ − (Σ w)·m·mᵀ; mostly zeros, so that little cancels.
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) out[i * width + j] -= total * means[i] * means[j]
  }
}
