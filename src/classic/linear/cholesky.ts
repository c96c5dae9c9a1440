// Solves A·x = b for a symmetric positive definite A: Cholesky's factorisation A = L·Lᵀ
// (Golub & Van Loan 2013, algorithm 4.2.1), in place.

/**
 * Factors the lower triangle of `a` (`n × n`, row-major) in place. False where A isn't positive
 * definite to working precision.
 */
export function choleskyFactor(a: Float64Array, n: number): boolean {
  let scale = 0
  for (let i = 0; i < n; i++) scale = Math.max(scale, a[i * n + i])
  const least = scale * n * Number.EPSILON
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j < i; j++) {
      const other = j * n
      let sum = a[row + j]
      for (let k = 0; k < j; k++) sum -= a[row + k] * a[other + k]
      a[row + j] = sum / a[other + j]
    }
    let sum = a[row + i]
    for (let k = 0; k < i; k++) sum -= a[row + k] * a[row + k]
    if (!(sum > least)) return false
    a[row + i] = Math.sqrt(sum)
  }
  return true
}

/** Solves L·Lᵀ·x = b in place, with the factor of `choleskyFactor`. */
export function choleskySolve(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * b[k]
    b[i] = sum / factor[i * n + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    b[i] /= factor[i * n + i]
    for (let k = 0; k < i; k++) b[k] -= factor[i * n + k] * b[i]
  }
}
