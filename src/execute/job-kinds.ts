// The kinds of jobs, with their numbers in kernels/learn/kinds.h.

export const jobKinds = {
  centerDistances: 62,
  components: 63,
  kMeans: 60,
  nearestCenters: 61,
  sumOfSquares: 0,
  symmetricEigen: 64,
} as const

export type JobKind = keyof typeof jobKinds
