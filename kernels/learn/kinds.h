// Every kind of job, once: its name here, its number, and the function that makes it. The numbers are
// those of src/execute/job-kinds.ts; a test compares the two.
#pragma once

#define ATHANOR_JOBS(JOB) \
  JOB(sumOfSquares, 0) \
  JOB(histGradientBoosting, 10) \
  JOB(predictTrees, 11) \
  JOB(linearObjective, 20) \
  JOB(linearScores, 21) \
  JOB(saga, 22) \
  JOB(sgd, 23) \
  JOB(leastSquares, 24) \
  JOB(coordinateDescent, 25) \
  JOB(classScatter, 26) \
  JOB(growTrees, 30) \
  JOB(isolationForest, 31) \
  JOB(svmFit, 40) \
  JOB(svmScores, 41) \
  JOB(linearSvmFit, 42) \
  JOB(kdTree, 50) \
  JOB(nearestNeighbours, 51) \
  JOB(radiusNeighbours, 52) \
  JOB(kMeans, 60) \
  JOB(nearestCenters, 61) \
  JOB(centerDistances, 62) \
  JOB(components, 63) \
  JOB(symmetricEigen, 64) \
  JOB(projections, 65) \
  JOB(gaussianMixture, 66) \
  JOB(gaussianScores, 67) \
  JOB(kMeansSeeds, 68) \
  JOB(dbscan, 69) \
  JOB(knnImpute, 70)

namespace athanor {

enum class JobKind : int {
#define ATHANOR_JOB(name, number) name = number,
  ATHANOR_JOBS(ATHANOR_JOB)
#undef ATHANOR_JOB
};

}  // namespace athanor
