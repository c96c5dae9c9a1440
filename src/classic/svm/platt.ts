// Probabilities from decision values: a sigmoid by maximum likelihood (Platt 1999; the safe Newton steps
// of Lin, Lin & Weng 2007), and pairs of classes coupled (Wu, Lin & Weng 2004, the second method).

/** P(first class) = 1 / (1 + e^(a·decision + b)). */
export interface Sigmoid {
  readonly a: number
  readonly b: number
}

/** The sigmoid that explains best which decisions belong to the first class (`isFirst`). */
export function fitSigmoid(decisions: ArrayLike<number>, isFirst: ArrayLike<boolean>): Sigmoid {
  const count = decisions.length
  let first = 0
  for (let i = 0; i < count; i++) if (isFirst[i]) first++
  const high = (first + 1) / (first + 2)
  const low = 1 / (count - first + 2)
  const target = (i: number) => (isFirst[i] ? high : low)
  const loss = (a: number, b: number) => {
    let sum = 0
    for (let i = 0; i < count; i++) {
      const z = decisions[i] * a + b
      sum +=
        z >= 0
          ? target(i) * z + Math.log1p(Math.exp(-z))
          : (target(i) - 1) * z + Math.log1p(Math.exp(z))
    }
    return sum
  }
  let a = 0
  let b = Math.log((count - first + 1) / (first + 1))
  let value = loss(a, b)
  for (let iteration = 0; iteration < 100; iteration++) {
    // The Hessian with a small ridge, and the gradient.
    let haa = 1e-12
    let hbb = 1e-12
    let hab = 0
    let ga = 0
    let gb = 0
    for (let i = 0; i < count; i++) {
      const p = probabilityOf(decisions[i], { a, b })
      const curvature = p * (1 - p)
      haa += decisions[i] * decisions[i] * curvature
      hbb += curvature
      hab += decisions[i] * curvature
      const slope = target(i) - p
      ga += decisions[i] * slope
      gb += slope
    }
    if (Math.abs(ga) < 1e-5 && Math.abs(gb) < 1e-5) break
    const determinant = haa * hbb - hab * hab
    const da = -(hbb * ga - hab * gb) / determinant
    const db = -(haa * gb - hab * ga) / determinant
    const descent = ga * da + gb * db
    let step = 1
    for (; step >= 1e-10; step /= 2) {
      const next = loss(a + step * da, b + step * db)
      if (!(next < value + 1e-4 * step * descent)) continue
      a += step * da
      b += step * db
      value = next
      break
    }
    if (step < 1e-10) break
  }
  return { a, b }
}

/** P(first class) of a decision value. */
export function probabilityOf(decision: number, { a, b }: Sigmoid): number {
  const z = decision * a + b
  return z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z))
}

/**
 * Probabilities of `classes` classes from those of each pair: `pairwise[i · classes + j]` is that of i
 * where it is i or j. Into `out` from `at` on.
 */
export function coupleProbabilities(
  pairwise: Float64Array,
  classes: number,
  out: Float64Array,
  at: number,
): void {
  if (classes === 2) {
    out[at] = pairwise[1]
    out[at + 1] = pairwise[2]
    return
  }
  const q = new Float64Array(classes * classes)
  for (let t = 0; t < classes; t++)
    for (let j = 0; j < classes; j++) {
      if (j === t) continue
      const ours = pairwise[t * classes + j]
      const theirs = pairwise[j * classes + t]
      q[t * classes + t] += theirs * theirs
      q[t * classes + j] = -theirs * ours
    }
  const p = new Float64Array(classes).fill(1 / classes)
  const qp = new Float64Array(classes)
  for (let iteration = 0; iteration < Math.max(100, classes); iteration++) {
    let pqp = 0
    for (let t = 0; t < classes; t++) {
      qp[t] = 0
      for (let j = 0; j < classes; j++) qp[t] += q[t * classes + j] * p[j]
      pqp += p[t] * qp[t]
    }
    let worst = 0
    for (let t = 0; t < classes; t++) worst = Math.max(worst, Math.abs(qp[t] - pqp))
    if (worst < 0.005 / classes) break
    for (let t = 0; t < classes; t++) {
      const diff = (pqp - qp[t]) / q[t * classes + t]
      p[t] += diff
      pqp = (pqp + diff * (diff * q[t * classes + t] + 2 * qp[t])) / (1 + diff) / (1 + diff)
      for (let j = 0; j < classes; j++) {
        qp[j] = (qp[j] + diff * q[t * classes + j]) / (1 + diff)
        p[j] /= 1 + diff
      }
    }
  }
  out.set(p, at)
}
