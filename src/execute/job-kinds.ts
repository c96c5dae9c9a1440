// The kinds of jobs, with their numbers in kernels/learn/kinds.h.

export const jobKinds = {
  sumOfSquares: 0,
  linearObjective: 20,
  svmFit: 40,
  svmScores: 41,
  kMeans: 60,
  nearestCenters: 61,
  centerDistances: 62,
} as const

export type JobKind = keyof typeof jobKinds
