// From a job's number to the function that makes it, and the calls of the C interface.
#include "learn/jobs.h"

#include <new>

#include "denormals.h"
#include "pool.h"
#include "run-lock.h"

namespace athanor {

#define ATHANOR_JOB(name, number) Job* name##Job(Arguments& arguments);
ATHANOR_JOBS(ATHANOR_JOB)
#undef ATHANOR_JOB

namespace {

MakeJob makerOf(int32_t kind) {
  switch (static_cast<JobKind>(kind)) {
#define ATHANOR_JOB(name, number) \
  case JobKind::name:             \
    return name##Job;
    ATHANOR_JOBS(ATHANOR_JOB)
#undef ATHANOR_JOB
  }
  return nullptr;
}

/// Runs `body`; memory that is out gives `otherwise`.
template <typename Result, typename F>
Result guarded(Result otherwise, F body) {
#if defined(__cpp_exceptions)
  try {
    return body();
  } catch (...) {
    return otherwise;
  }
#else
  (void)otherwise;
  return body();
#endif
}

}  // namespace

}  // namespace athanor

using namespace athanor;

Job* athanor_job_create(int32_t kind, const double* numbers, int32_t numberCount,
                        const void* const* arrays, const int64_t* arrayBytes, int32_t arrayCount) {
  const MakeJob make = makerOf(kind);
  if (make == nullptr || sharedRuntime() == nullptr) return nullptr;
  return guarded<Job*>(nullptr, [&] {
    std::vector<Input> inputs(static_cast<size_t>(arrayCount));
    for (size_t i = 0; i < inputs.size(); i++) inputs[i] = {arrays[i], arrayBytes[i]};
    Arguments arguments(numbers, numberCount, inputs.data(), arrayCount);
    return make(arguments);
  });
}

int32_t athanor_job_advance(Job* job, double work) {
  const Lock lock(runMutex());
  const FlushDenormals flush;
  return guarded(static_cast<int32_t>(Step::outOfMemory), [&] {
    const double until = job->work + work;
    Step step = Step::more;
    while (step == Step::more && job->work < until) step = job->step(*sharedRuntime());
    return static_cast<int32_t>(step);
  });
}

double athanor_job_reading(const Job* job, int32_t which) {
  return which >= 0 && which < readings ? job->reading[which] : 0;
}

int32_t athanor_job_results(const Job* job) { return job->results(); }

const void* athanor_job_result(const Job* job, int32_t index) {
  int64_t bytes = 0;
  return job->result(index, &bytes);
}

int64_t athanor_job_result_bytes(const Job* job, int32_t index) {
  int64_t bytes = 0;
  job->result(index, &bytes);
  return bytes;
}

void athanor_job_free(Job* job) { delete job; }
