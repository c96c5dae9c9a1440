// The kinds of jobs, with their numbers in kernels/learn/kinds.h.

export const jobKinds = {
  growTrees: 30,
  isolationForest: 31,
  histGradientBoosting: 10,
  predictTrees: 11,
  sumOfSquares: 0,
  linearObjective: 20,
  linearScores: 21,
  saga: 22,
  sgd: 23,
  leastSquares: 24,
  coordinateDescent: 25,
  classScatter: 26,
  svmFit: 40,
  svmScores: 41,
  kMeans: 60,
  nearestCenters: 61,
  centerDistances: 62,
  knnImpute: 70,
} as const

export type JobKind = keyof typeof jobKinds
