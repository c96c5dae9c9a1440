// The kinds of jobs, with their numbers in kernels/learn/kinds.h.

export const jobKinds = {
  sumOfSquares: 0,
  histGradientBoosting: 10,
  predictTrees: 11,
  linearObjective: 20,
  linearScores: 21,
  saga: 22,
  sgd: 23,
  leastSquares: 24,
  coordinateDescent: 25,
  classScatter: 26,
  growTrees: 30,
  isolationForest: 31,
  svmFit: 40,
  svmScores: 41,
  linearSvmFit: 42,
  kdTree: 50,
  nearestNeighbours: 51,
  radiusNeighbours: 52,
  kMeans: 60,
  nearestCenters: 61,
  centerDistances: 62,
  components: 63,
  symmetricEigen: 64,
  projections: 65,
  knnImpute: 70,
} as const

export type JobKind = keyof typeof jobKinds
