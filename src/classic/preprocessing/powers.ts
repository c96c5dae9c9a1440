// The power transforms of Box & Cox (1964) and of Yeo & Johnson (2000, eq. 2.1) and their inverses, by
// expm1 and log1p so that small values and small powers keep their digits.

/** (xᶫ − 1) ÷ λ for x > 0; log x for λ = 0. */
export function boxCox(x: number, lambda: number): number {
  const log = Math.log(x)
  return lambda === 0 ? log : Math.expm1(lambda * log) / lambda
}

/** NaN where no x is mapped to y. */
export function inverseBoxCox(y: number, lambda: number): number {
  return Math.exp(lambda === 0 ? y : Math.log1p(lambda * y) / lambda)
}

/** Box-Cox of 1 + x for x ≥ 0; of 1 − x with the power 2 − λ, negated, for x < 0. */
export function yeoJohnson(x: number, lambda: number): number {
  if (x >= 0) {
    const log = Math.log1p(x)
    return lambda === 0 ? log : Math.expm1(lambda * log) / lambda
  }
  const log = Math.log1p(-x)
  const power = 2 - lambda
  return power === 0 ? -log : -Math.expm1(power * log) / power
}

/** NaN where no x is mapped to y. */
export function inverseYeoJohnson(y: number, lambda: number): number {
  if (y >= 0) return Math.expm1(lambda === 0 ? y : Math.log1p(lambda * y) / lambda)
  const power = 2 - lambda
  return -Math.expm1(power === 0 ? -y : Math.log1p(-power * y) / power)
}
