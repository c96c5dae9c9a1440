// The time that a comparison may take, and how much of the data and how many folds fit into a share of it.

export class Clock {
  private readonly began = performance.now()

  constructor(
    /** Seconds in all. */
    readonly budget: number,
    /** Seconds that were used before, in a run that goes on. */
    private readonly before = 0,
  ) {}

  get seconds(): number {
    return this.before + (performance.now() - this.began) / 1000
  }

  get left(): number {
    return this.budget - this.seconds
  }
}

export interface Plan {
  readonly rows: number
  readonly folds: number
}

/** Rows of a first, short fit that tells how long a whole one takes. */
export const probeRows = 2000

/**
 * The most rows and folds whose predicted time fits: all rows in all folds, then in three, then half of the
 * rows, and so on. undefined where not even the shortest fits.
 *
 * @example
 * ```ts
 * planFor({ rows: 8000, folds: 5, seconds: rows => rows / 1000, share: 15 }) // { rows: 4000, folds: 3 }
 * ```
 */
export function planFor(of: {
  readonly rows: number
  readonly folds: number
  /** Predicted seconds of one fold of so many rows. */
  readonly seconds: (rows: number) => number
  readonly share: number
}): Plan | undefined {
  const { rows, folds, seconds, share } = of
  const few = Math.min(3, folds)
  const options: Plan[] = [{ rows, folds }]
  for (let part = rows; part >= probeRows || part === rows; part = Math.ceil(part / 2))
    options.push({ rows: part, folds: few })
  const least = Math.min(rows, probeRows)
  options.push({ rows: least, folds: few }, { rows: least, folds: Math.min(2, folds) })
  return options.find(option => option.folds * seconds(option.rows) <= share)
}
