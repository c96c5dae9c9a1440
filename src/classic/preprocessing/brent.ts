// The minimum of a function of one variable between two bounds (Brent 1973, "Algorithms for minimization
// without derivatives", ch. 5: golden sections and parabolas).

import type { MaybePromise } from '../../estimator/contract.js'

const golden = (3 - Math.sqrt(5)) / 2
const rootEpsilon = Math.sqrt(Number.EPSILON)

/** Where `f` is least in [low, high], to `tolerance`; f may be infinite, not NaN. */
export async function minimumBetween(
  f: (x: number) => MaybePromise<number>,
  low: number,
  high: number,
  tolerance = 1.48e-8,
): Promise<number> {
  let a = low
  let b = high
  let x = a + golden * (b - a)
  let w = x
  let v = x
  let fx = await f(x)
  let fw = fx
  let fv = fx
  let step = 0
  let before = 0
  for (let i = 0; i < 500; i++) {
    const middle = (a + b) / 2
    const near = rootEpsilon * Math.abs(x) + tolerance / 3
    if (Math.abs(x - middle) <= 2 * near - (b - a) / 2) break
    const parabola = parabolicStep(x, w, v, fx, fw, fv)
    const useful =
      Math.abs(before) > near &&
      Number.isFinite(parabola) &&
      Math.abs(parabola) < Math.abs(before) / 2 &&
      x + parabola > a &&
      x + parabola < b
    if (useful) {
      before = step
      step = parabola
      if (x + step - a < 2 * near || b - x - step < 2 * near) step = x < middle ? near : -near
    } else {
      before = x < middle ? b - x : a - x
      step = golden * before
    }
    const u = x + (Math.abs(step) >= near ? step : step > 0 ? near : -near)
    const fu = await f(u)
    if (fu <= fx) {
      if (u < x) b = x
      else a = x
      v = w
      fv = fw
      w = x
      fw = fx
      x = u
      fx = fu
      continue
    }
    if (u < x) a = u
    else b = u
    if (fu <= fw || w === x) {
      v = w
      fv = fw
      w = u
      fw = fu
    } else if (fu <= fv || v === x || v === w) {
      v = u
      fv = fu
    }
  }
  return x
}

/** From x to the lowest point of the parabola through three points. */
function parabolicStep(x: number, w: number, v: number, fx: number, fw: number, fv: number) {
  const r = (x - w) * (fx - fv)
  const q = (x - v) * (fx - fw)
  return -((x - v) * q - (x - w) * r) / (2 * (q - r))
}
