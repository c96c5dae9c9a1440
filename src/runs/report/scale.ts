// From values to places on a chart, and round numbers for its axes (Heckbert 1990, "Nice numbers for
// graph labels").

export interface Scale {
  (value: number): number
  readonly low: number
  readonly high: number
}

export function linearScale(low: number, high: number, from: number, to: number): Scale {
  const width = high - low || 1
  const scale = (value: number) => from + ((value - low) / width) * (to - from)
  return Object.assign(scale, { low, high })
}

/** About `count` round values that cover [low, high] from within. */
export function niceTicks(low: number, high: number, count = 5): number[] {
  if (!(high > low)) return [low]
  const step = niceStep((high - low) / count)
  const ticks: number[] = []
  const first = Math.ceil(low / step - 1e-9)
  for (let i = first; i * step <= high + step * 1e-9; i++) ticks.push(tidy(i * step))
  return ticks
}

/** [low, high] widened to round values. */
export function niceRange(low: number, high: number, count = 5): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1]
  if (low === high) return [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2]
  const step = niceStep((high - low) / count)
  return [tidy(Math.floor(low / step) * step), tidy(Math.ceil(high / step) * step)]
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const fraction = rough / power
  return power * (fraction < 1.5 ? 1 : fraction < 3.5 ? 2 : fraction < 7.5 ? 5 : 10)
}

/** 0.30000000000000004 → 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12))
}
