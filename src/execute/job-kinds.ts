// The kinds of jobs, with their numbers in kernels/learn/kinds.h.

export const jobKinds = {
  centerDistances: 62,
  kMeans: 60,
  nearestCenters: 61,
  sumOfSquares: 0,
} as const

export type JobKind = keyof typeof jobKinds
