// Platt's calibration: the probability 1 / (1 + exp(a·score + b)) of the greatest likelihood, its targets
// drawn in a little by the class counts (Platt 1999), found by Newton's method (Lin, Lin & Weng 2007).

export interface Sigmoid {
  readonly a: number
  readonly b: number
}

/** From scores and labels (1 for the positive class, else 0). */
export function fitSigmoid(
  scores: Float64Array,
  positive: Uint8Array,
  weights: ArrayLike<number> | undefined,
): Sigmoid {
  // Large scores are scaled down, so that one Newton step fits all.
  let size = 0
  for (const score of scores) size = Math.max(size, Math.abs(score))
  const scale = size > 30 ? 30 / size : 1
  let above = 0
  let below = 0
  for (let i = 0; i < positive.length; i++) {
    const weight = weights?.[i] ?? 1
    if (positive[i]) above += weight
    else below += weight
  }
  const high = (above + 1) / (above + 2)
  const low = 1 / (below + 2)
  const loss = (a: number, b: number) => {
    let sum = 0
    for (let i = 0; i < scores.length; i++) {
      const z = a * scores[i] * scale + b
      const target = positive[i] ? high : low
      const softplus = z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))
      sum += (weights?.[i] ?? 1) * (softplus - (1 - target) * z)
    }
    return sum
  }
  let a = 0
  let b = Math.log((below + 1) / (above + 1))
  let value = loss(a, b)
  for (let iteration = 0; iteration < 100; iteration++) {
    let ga = 0
    let gb = 0
    let haa = 1e-12
    let hbb = 1e-12
    let hab = 0
    for (let i = 0; i < scores.length; i++) {
      const weight = weights?.[i] ?? 1
      const score = scores[i] * scale
      const p = 1 / (1 + Math.exp(a * score + b))
      const difference = weight * ((positive[i] ? high : low) - p)
      ga += difference * score
      gb += difference
      const curve = weight * p * (1 - p)
      haa += curve * score * score
      hab += curve * score
      hbb += curve
    }
    if (Math.max(Math.abs(ga), Math.abs(gb)) < 1e-10 * (above + below)) break
    const determinant = haa * hbb - hab * hab
    if (!(determinant > 0)) break
    const da = -(hbb * ga - hab * gb) / determinant
    const db = -(haa * gb - hab * ga) / determinant
    let step = 1
    let next = loss(a + da, b + db)
    while (next > value + 1e-4 * step * (ga * da + gb * db) && step > 1e-10) {
      step /= 2
      next = loss(a + step * da, b + step * db)
    }
    if (!(next < value)) break
    a += step * da
    b += step * db
    value = next
  }
  return { a: a * scale, b }
}

export function sigmoidValue({ a, b }: Sigmoid, score: number): number {
  const z = a * score + b
  return z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z))
}
