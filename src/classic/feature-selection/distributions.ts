// Tails of the F and χ² distributions by the incomplete beta and gamma functions (continued fractions by Lentz's
// method; Press et al., "Numerical recipes", 6.2 and 6.4), and the digamma function.

const tiny = 1e-300
const enough = 3e-16

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** log Γ(x) for x > 0 (Lanczos 1964; Stirling's series from 100 on). */
export function logGamma(x: number): number {
  if (x >= 100)
    return (
      (x - 0.5) * Math.log(x) -
      x +
      Math.log(2 * Math.PI) / 2 +
      (1 / 12 - (1 / 360 - 1 / (1260 * x * x)) / (x * x)) / x
    )
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  let sum = 0.99999999999980993
  lanczos.forEach((c, i) => {
    sum += c / (x + i)
  })
  const t = x + lanczos.length - 1.5
  return Math.log(2 * Math.PI) / 2 + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

/** ψ(x) for x > 0: shifted up to 10, then its asymptotic series. */
export function digamma(x: number): number {
  let shift = 0
  let z = x
  for (; z < 10; z++) shift -= 1 / z
  const u = 1 / (z * z)
  const series = u * (1 / 12 - u * (1 / 120 - u * (1 / 252 - u * (1 / 240 - u / 132))))
  return shift + Math.log(z) - 0.5 / z - series
}

/** P(F > f) with d1 and d2 degrees of freedom. */
export function fTail(f: number, d1: number, d2: number): number {
  if (Number.isNaN(f) || d2 <= 0 || d1 <= 0) return Number.NaN
  if (f <= 0) return 1
  if (f === Number.POSITIVE_INFINITY) return 0
  return incompleteBeta(d2 / (d2 + d1 * f), (d1 * f) / (d2 + d1 * f), d2 / 2, d1 / 2)
}

/** I_x(a, b), with y = 1 − x. */
function incompleteBeta(x: number, y: number, a: number, b: number): number {
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y),
  )
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(y, b, a)) / b
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    h *= d * c
    if (Math.abs(d * c - 1) < enough) break
  }
  return h
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value
}

/** P(χ² > x) with k degrees of freedom. */
export function chi2Tail(x: number, k: number): number {
  if (Number.isNaN(x) || k <= 0) return Number.NaN
  if (x <= 0) return 1
  const a = k / 2
  const z = x / 2
  if (z === Number.POSITIVE_INFINITY) return 0
  const front = Math.exp(a * Math.log(z) - z - logGamma(a))
  return z < a + 1 ? 1 - front * gammaSeries(z, a) : front * gammaFraction(z, a)
}

function gammaSeries(z: number, a: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < 100_000; n++) {
    term *= z / (a + n)
    sum += term
    if (term < sum * enough) break
  }
  return sum
}

function gammaFraction(z: number, a: number): number {
  let b = z + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let i = 1; i < 100_000; i++) {
    const step = -i * (i - a)
    b += 2
    d = 1 / nonZero(step * d + b)
    c = nonZero(b + step / c)
    h *= d * c
    if (Math.abs(d * c - 1) < enough) break
  }
  return h
}
