// What preprocessing gives and estimators take: features as one row-major float32 matrix.

/** `rows × width` features; row r, feature j at `x[r * width + j]`. */
export interface FeatureMatrix {
  readonly x: Float32Array
  readonly rows: number
  readonly width: number
}
