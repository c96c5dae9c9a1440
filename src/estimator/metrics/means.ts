// Weighted means over columns, in plain loops: a function called for each row costs ten times as much.

import type { Values } from './input.js'

/** Σ w·value ÷ Σ w. */
export function meanOf(values: Values, weights: Values | undefined): number {
  let sum = 0
  if (weights === undefined) {
    for (let i = 0; i < values.length; i++) sum += values[i]
    return sum / values.length
  }
  let total = 0
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i]
    total += weights[i]
  }
  return sum / total
}

/** Σ w·(value − centre)² ÷ Σ w. */
export function meanSquare(values: Values, centre: number, weights: Values | undefined): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const w = weights === undefined ? 1 : weights[i]
    const away = values[i] - centre
    sum += w * away * away
    total += w
  }
  return sum / total
}

/** Prediction − truth of each row. */
export function differences(yTrue: Values, yPred: Values): Float64Array {
  const out = new Float64Array(yTrue.length)
  for (let i = 0; i < out.length; i++) out[i] = yPred[i] - yTrue[i]
  return out
}

/** |prediction − truth| of each row. */
export function absoluteErrors(yTrue: Values, yPred: Values): Float64Array {
  const out = differences(yTrue, yPred)
  for (let i = 0; i < out.length; i++) out[i] = Math.abs(out[i])
  return out
}
