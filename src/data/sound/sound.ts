// A recording in memory.

/** One channel of sound. */
export interface Sound {
  /** Air pressure over time, full scale from −1 to 1. */
  readonly samples: Float32Array
  /** Samples a second. */
  readonly sampleRate: number
}

/** A recording's length in seconds. */
export function secondsOf({ samples, sampleRate }: Sound): number {
  return samples.length / sampleRate
}
