// Every kind of job, once: its name here, its number, and the function that makes it. The numbers are
// those of src/execute/job-kinds.ts; a test compares the two.
#pragma once

#define ATHANOR_JOBS(JOB) \
  JOB(centerDistances, 62)    \
  JOB(components, 63)         \
  JOB(kMeans, 60)             \
  JOB(nearestCenters, 61)     \
  JOB(sumOfSquares, 0)        \
  JOB(symmetricEigen, 64)

namespace athanor {

enum class JobKind : int {
#define ATHANOR_JOB(name, number) name = number,
  ATHANOR_JOBS(ATHANOR_JOB)
#undef ATHANOR_JOB
};

}  // namespace athanor
