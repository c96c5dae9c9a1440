// Minimises a smooth function of many numbers: limited-memory BFGS (Nocedal & Wright 2006, algorithms
// 7.4 and 7.5) with a line search for the strong Wolfe conditions (3.5 and 3.6).

export interface LbfgsOptions {
  readonly maxIter: number
  /** Stops when no component of the gradient is larger. */
  readonly tolerance: number
  /** Called after each iteration; true stops. */
  readonly shouldStop?: () => boolean
}

export interface LbfgsResult {
  readonly value: number
  readonly iterations: number
  readonly converged: boolean
}

/** Returns the value at `x` and writes the gradient there. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number

const memory = 10

/** Works on `x` in place. */
export function lbfgs(objective: Objective, x: Float64Array, options: LbfgsOptions): LbfgsResult {
  const n = x.length
  const gradient = new Float64Array(n)
  let value = objective(x, gradient)
  const steps: Float64Array[] = []
  const changes: Float64Array[] = []
  let iterations = 0
  while (largest(gradient) > options.tolerance) {
    if (iterations >= options.maxIter || options.shouldStop?.())
      return { value, iterations, converged: false }
    const direction = twoLoop(gradient, steps, changes)
    if (dot(direction, gradient) >= 0) {
      // Rounding has spoilt the curvature; start again from steepest descent.
      steps.length = 0
      changes.length = 0
      for (let i = 0; i < n; i++) direction[i] = -gradient[i]
    }
    const first = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1
    const found = wolfeStep(objective, x, value, gradient, direction, first)
    if (found === undefined) return { value, iterations, converged: false }
    const step = new Float64Array(n)
    const change = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      step[i] = found.x[i] - x[i]
      change[i] = found.gradient[i] - gradient[i]
    }
    x.set(found.x)
    gradient.set(found.gradient)
    const lowered = value - found.value
    value = found.value
    iterations++
    if (dot(step, change) > 1e-12 * dot(change, change)) {
      steps.push(step)
      changes.push(change)
      if (steps.length > memory) {
        steps.shift()
        changes.shift()
      }
    }
    // Nothing more to be had in float64.
    if (lowered <= 4 * Number.EPSILON * Math.abs(value))
      return { value, iterations, converged: true }
  }
  return { value, iterations, converged: true }
}

/** −H·gradient, H the inverse Hessian that the last steps suggest. */
function twoLoop(gradient: Float64Array, steps: Float64Array[], changes: Float64Array[]) {
  const q = gradient.slice()
  const alphas: number[] = []
  for (let i = steps.length - 1; i >= 0; i--) {
    alphas[i] = dot(steps[i], q) / dot(steps[i], changes[i])
    addScaled(q, -alphas[i], changes[i])
  }
  const last = steps.length - 1
  if (last >= 0) scale(q, dot(steps[last], changes[last]) / dot(changes[last], changes[last]))
  for (let i = 0; i < steps.length; i++) {
    const beta = dot(changes[i], q) / dot(steps[i], changes[i])
    addScaled(q, alphas[i] - beta, steps[i])
  }
  return scale(q, -1)
}

interface Point {
  readonly x: Float64Array
  readonly gradient: Float64Array
  readonly value: number
}

const decrease = 1e-4
const curvature = 0.9

function wolfeStep(
  objective: Objective,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  first: number,
): Point | undefined {
  const slope = dot(gradient, direction)
  const at = (t: number) => {
    const moved = x.slice()
    addScaled(moved, t, direction)
    const g = new Float64Array(x.length)
    const v = objective(moved, g)
    return { x: moved, gradient: g, value: v, slope: dot(g, direction), t }
  }
  type Trial = ReturnType<typeof at>
  // Near the minimum differences of values are rounding; there the slope alone decides.
  const slack = 8 * Number.EPSILON * Math.abs(value)
  const tooHigh = (p: Trial) =>
    !Number.isFinite(p.value) || p.value > value + decrease * p.t * slope + slack
  const flat = (p: Trial) => Math.abs(p.slope) <= -curvature * slope
  let low = { x, gradient, value, slope, t: 0 }
  let high: Trial | undefined
  let t = first
  for (let trials = 0; trials < 40; trials++) {
    const p = at(t)
    if (tooHigh(p) || (low.t > 0 && p.value > low.value + slack)) high = p
    else if (flat(p)) return p
    else if (p.slope > 0) high = p
    else low = p
    if (high === undefined) t *= 2
    else {
      const inner = minimumOfCubic(low, high)
      const [a, b] = low.t < high.t ? [low.t, high.t] : [high.t, low.t]
      const margin = 0.1 * (b - a)
      t = inner > a + margin && inner < b - margin ? inner : (a + b) / 2
      if (b - a < 1e-14 * Math.max(1, b)) break
    }
  }
  return low.t > 0 ? low : undefined
}

function minimumOfCubic(
  a: { t: number; value: number; slope: number },
  b: { t: number; value: number; slope: number },
): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.t - b.t)
  const d2 = Math.sign(b.t - a.t) * Math.sqrt(d1 * d1 - a.slope * b.slope)
  return b.t - ((b.t - a.t) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function addScaled(to: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * from[i]
}

function scale(values: Float64Array, factor: number): Float64Array {
  for (let i = 0; i < values.length; i++) values[i] *= factor
  return values
}

function largest(values: Float64Array): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]))
  return most
}
