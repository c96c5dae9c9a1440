// What is heard frame by frame: rows of numbers, one for each short stretch of a recording.

/** Features of one recording: `frames` rows of `size` numbers, row-major. */
export interface Frames {
  readonly frames: number
  readonly size: number
  readonly values: Float32Array
}
