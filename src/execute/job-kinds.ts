// The kinds of jobs, with their numbers in kernels/learn/kinds.h.

export const jobKinds = {
  linearSvmFit: 42,
  growTrees: 30,
  isolationForest: 31,
  histGradientBoosting: 10,
  predictTrees: 11,
  sumOfSquares: 0,
  linearObjective: 20,
  svmFit: 40,
  svmScores: 41,
  kdTree: 50,
  nearestNeighbours: 51,
  radiusNeighbours: 52,
  kMeans: 60,
  nearestCenters: 61,
  centerDistances: 62,
  knnImpute: 70,
} as const

export type JobKind = keyof typeof jobKinds
