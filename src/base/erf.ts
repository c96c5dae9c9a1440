// The error function and its complement: a series below 2.5, the continued fraction of erfc above
// (Abramowitz & Stegun 7.1.6 and 7.1.14).

/** erf x, to about 15 digits. */
export function erf(x: number): number {
  const a = Math.abs(x)
  if (Number.isNaN(a)) return a
  if (a > 6) return Math.sign(x)
  return Math.sign(x) * (a < 2.5 ? series(a) : 1 - tail(a))
}

/** 1 − erf x, with all its digits where x is large. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x
  if (x < 2.5) return 1 - erf(x)
  return x > 28 ? 0 : tail(x)
}

function series(a: number): number {
  let term = a
  let sum = a
  for (let n = 1; n < 80; n++) {
    term *= (2 * a * a) / (2 * n + 1)
    sum += term
    if (term < sum * 1e-17) break
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a) * sum
}

function tail(a: number): number {
  let fraction = a
  for (let n = 60; n >= 1; n--) fraction = a + n / 2 / fraction
  return Math.exp(-a * a) / Math.sqrt(Math.PI) / fraction
}
