// The C interface of jobs. Nothing here throws.
#pragma once
#include "program.h"
#include "learn/job.h"

/// nullptr: unknown kind, arguments that don't fit, or memory is out. Arrays are not copied: they stay
/// valid and unchanged until the job is freed.
ATHANOR_EXPORT athanor::Job* athanor_job_create(int32_t kind, const double* numbers,
                                                int32_t numberCount, const void* const* arrays,
                                                const int64_t* arrayBytes, int32_t arrayCount);

/// Steps until `work` operations are done, or the job is. Returns a Step.
ATHANOR_EXPORT int32_t athanor_job_advance(athanor::Job* job, double work);

ATHANOR_EXPORT double athanor_job_reading(const athanor::Job* job, int32_t which);

/// Results are there when a slice returned Step::done, and live as long as the job.
ATHANOR_EXPORT int32_t athanor_job_results(const athanor::Job* job);
ATHANOR_EXPORT const void* athanor_job_result(const athanor::Job* job, int32_t index);
ATHANOR_EXPORT int64_t athanor_job_result_bytes(const athanor::Job* job, int32_t index);

ATHANOR_EXPORT void athanor_job_free(athanor::Job* job);
