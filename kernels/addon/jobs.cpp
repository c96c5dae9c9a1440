// Jobs of the kernel library as JavaScript holds them; a slice runs on libuv's threads.
#include <cstring>
#include <memory>
#include <vector>

#include "addon/addon.h"

namespace athanor {

namespace {

/// A job of the kernel library, and the arrays that it reads; shared with the slice under way.
struct OpenJob {
  const Library* library = nullptr;
  Job* job = nullptr;

  ~OpenJob() {
    if (job != nullptr) library->jobFree(job);
  }
};

struct JobHandle {
  std::shared_ptr<OpenJob> open;
  napi_ref arrays = nullptr;

  void free(napi_env env) {
    if (open == nullptr) return;
    open.reset();
    napi_delete_reference(env, arrays);
  }
};

struct Slice {
  Environment* environment;
  std::shared_ptr<OpenJob> open;
  double work;
  int32_t step;
  napi_deferred deferred;
  napi_ref keep;
  napi_async_work asyncWork;
};

constexpr int32_t invalidStep = 2;  // Step::invalid of learn/job.h

/// The handle of a job that has not been freed, or nullptr.
JobHandle* livingJob(napi_env env, napi_value value) {
  JobHandle* const handle = external<JobHandle>(env, value);
  return handle != nullptr && handle->open != nullptr ? handle : nullptr;
}

}  // namespace

napi_value jobCreate(napi_env env, napi_callback_info info) {
  napi_value values[4];
  int32_t kind = 0;
  void* numbers = nullptr;
  size_t numberBytes = 0;
  uint32_t count = 0;
  if (!arguments(env, info, values) || napi_get_value_int32(env, values[1], &kind) != napi_ok ||
      !memoryOf(env, values[2], &numbers, &numberBytes) ||
      napi_get_array_length(env, values[3], &count) != napi_ok)
    return fail(env, "jobCreate: expected a library, a kind, numbers and arrays");
  const Library* const library = external<Library>(env, values[0]);
  if (library == nullptr) return fail(env, "jobCreate: expected a library");
  std::vector<void*> pointers(count + 1);
  std::vector<int64_t> sizes(count + 1);
  for (uint32_t i = 0; i < count; i++) {
    napi_value array;
    size_t size = 0;
    if (napi_get_element(env, values[3], i, &array) != napi_ok ||
        !memoryOf(env, array, &pointers[i], &size))
      return fail(env, "jobCreate: expected typed arrays");
    sizes[i] = static_cast<int64_t>(size);
  }
  auto open = std::make_shared<OpenJob>();
  open->library = library;
  open->job = library->jobCreate(kind, static_cast<const double*>(numbers),
                                 static_cast<int32_t>(numberBytes / 8), pointers.data(),
                                 sizes.data(), static_cast<int32_t>(count));
  if (open->job == nullptr) return nullptr;
  JobHandle* const handle = new JobHandle();
  handle->open = open;
  napi_create_reference(env, values[3], 1, &handle->arrays);
  napi_value out = nullptr;
  napi_create_external(
      env, handle,
      [](napi_env finalEnv, void* data, void*) {
        JobHandle* const dead = static_cast<JobHandle*>(data);
        dead->free(finalEnv);
        delete dead;
      },
      nullptr, &out);
  return out;
}

napi_value jobAdvance(napi_env env, napi_callback_info info) {
  napi_value values[2];
  double work = 0;
  if (!arguments(env, info, values) || napi_get_value_double(env, values[1], &work) != napi_ok)
    return fail(env, "jobAdvance: expected a job and an amount of work");
  JobHandle* const handle = livingJob(env, values[0]);
  if (handle == nullptr) return integer(env, invalidStep);
  return integer(env, handle->open->library->jobAdvance(handle->open->job, work));
}

napi_value jobAdvanceAsync(napi_env env, napi_callback_info info) {
  napi_value values[2];
  void* data = nullptr;
  double work = 0;
  if (!arguments(env, info, values, &data) ||
      napi_get_value_double(env, values[1], &work) != napi_ok)
    return fail(env, "jobAdvanceAsync: expected a job and an amount of work");
  JobHandle* const handle = livingJob(env, values[0]);
  napi_value promise = nullptr;
  napi_deferred deferred;
  if (napi_create_promise(env, &deferred, &promise) != napi_ok) return nullptr;
  if (handle == nullptr) {
    napi_resolve_deferred(env, deferred, integer(env, invalidStep));
    return promise;
  }
  napi_value arrays;
  napi_get_reference_value(env, handle->arrays, &arrays);
  Slice* const slice = new Slice{};
  slice->environment = static_cast<Environment*>(data);
  slice->open = handle->open;
  slice->work = work;
  slice->deferred = deferred;
  napi_create_reference(env, arrays, 1, &slice->keep);
  begin(slice->environment);
  napi_value name;
  napi_create_string_utf8(env, "athanor", NAPI_AUTO_LENGTH, &name);
  napi_create_async_work(
      env, nullptr, name,
      [](napi_env, void* context) {
        Slice* const own = static_cast<Slice*>(context);
        own->step = own->open->library->jobAdvance(own->open->job, own->work);
        own->open->library->rest();
        finish(own->environment);
      },
      [](napi_env completeEnv, napi_status status, void* context) {
        Slice* const own = static_cast<Slice*>(context);
        if (status == napi_cancelled) finish(own->environment);
        napi_value result = nullptr;
        if (napi_create_int32(completeEnv, status == napi_ok ? own->step : invalidStep, &result) ==
            napi_ok)
          napi_resolve_deferred(completeEnv, own->deferred, result);
        napi_delete_reference(completeEnv, own->keep);
        napi_delete_async_work(completeEnv, own->asyncWork);
        delete own;
      },
      slice, &slice->asyncWork);
  napi_queue_async_work(env, slice->asyncWork);
  return promise;
}

napi_value jobReading(napi_env env, napi_callback_info info) {
  napi_value values[2];
  int32_t which = 0;
  if (!arguments(env, info, values) || napi_get_value_int32(env, values[1], &which) != napi_ok)
    return fail(env, "jobReading: expected a job and a number");
  JobHandle* const handle = livingJob(env, values[0]);
  return number(env, handle == nullptr
                         ? 0
                         : handle->open->library->jobReading(handle->open->job, which));
}

napi_value jobResults(napi_env env, napi_callback_info info) {
  napi_value values[1];
  if (!arguments(env, info, values)) return fail(env, "jobResults: expected a job");
  JobHandle* const handle = livingJob(env, values[0]);
  if (handle == nullptr) return fail(env, "jobResults: expected a job");
  const Library& library = *handle->open->library;
  Job* const job = handle->open->job;
  const int32_t count = library.jobResults(job);
  napi_value list;
  napi_create_array_with_length(env, static_cast<size_t>(count), &list);
  for (int32_t i = 0; i < count; i++) {
    const size_t size = static_cast<size_t>(library.jobResultBytes(job, i));
    void* data = nullptr;
    napi_value buffer;
    if (napi_create_arraybuffer(env, size, &data, &buffer) != napi_ok)
      return fail(env, "jobResults: no memory for the results");
    if (size > 0) memcpy(data, library.jobResult(job, i), size);
    napi_set_element(env, list, static_cast<uint32_t>(i), buffer);
  }
  return list;
}

napi_value jobFree(napi_env env, napi_callback_info info) {
  napi_value values[1];
  if (!arguments(env, info, values)) return fail(env, "jobFree: expected a job");
  JobHandle* const handle = livingJob(env, values[0]);
  if (handle != nullptr) handle->free(env);
  return nullptr;
}

}  // namespace athanor
