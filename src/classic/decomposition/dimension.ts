// How many components a spectrum has: the most likely number under the probabilistic model (Minka,
// "Automatic choice of dimensionality for PCA", NIPS 2000), as scikit-learn computes it.

/** The number of components, from 0 to one less than there are variances (descending). */
export function mostLikelyDimension(variances: Float64Array, rows: number): number {
  let best = 0
  let most = -Infinity
  for (let rank = 1; rank < variances.length; rank++) {
    const likelihood = logLikelihood(variances, rank, rows)
    if (likelihood > most) {
      most = likelihood
      best = rank
    }
  }
  return best
}

const least = 1e-15

function logLikelihood(variances: Float64Array, rank: number, rows: number): number {
  const n = variances.length
  if (variances[rank - 1] < least) return -Infinity
  let likelihood = -rank * Math.LN2
  for (let i = 1; i <= rank; i++)
    likelihood += logGammaOfHalf(n - i + 1) - (Math.log(Math.PI) * (n - i + 1)) / 2
  for (let i = 0; i < rank; i++) likelihood -= (Math.log(variances[i]) * rows) / 2
  let rest = 0
  for (let i = rank; i < n; i++) rest += variances[i]
  const noise = Math.max(least, rest / (n - rank))
  likelihood -= (Math.log(noise) * rows * (n - rank)) / 2
  const m = n * rank - (rank * (rank + 1)) / 2
  likelihood += (Math.log(2 * Math.PI) * (m + rank)) / 2
  const smoothed = (i: number) => (i < rank ? variances[i] : noise)
  let curvature = 0
  for (let i = 0; i < rank; i++)
    for (let j = i + 1; j < n; j++)
      curvature +=
        Math.log((variances[i] - variances[j]) * (1 / smoothed(j) - 1 / smoothed(i))) +
        Math.log(rows)
  return likelihood - curvature / 2 - (rank * Math.log(rows)) / 2
}

/** log Γ(k / 2) for a whole k ≥ 1. */
function logGammaOfHalf(k: number): number {
  let value = k % 2 === 1 ? Math.log(Math.PI) / 2 : 0
  for (let i = k - 2; i > 0; i -= 2) value += Math.log(i / 2)
  return value
}
