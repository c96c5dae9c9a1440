// What the files of the Node-API addon share: the kernel library's functions, the runs under way, and
// reading and making values.
#pragma once
#include <node_api.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace athanor {
// The kernel library's.
struct Program;
struct Job;

struct Library {
  Program* (*create)(const int32_t* words, int64_t count);
  int32_t (*run)(Program* program, void* const* slots, int32_t count);
  void (*free)(Program* program);
  int32_t (*slots)(const Program* program);
  int64_t (*slotBytes)(const Program* program, int32_t slot);
  int64_t (*bytes)(const Program* program);
  int32_t (*setThreads)(int32_t threads);
  void (*rest)();
  const char* (*isa)();
  void (*poison)(int on);
  Job* (*jobCreate)(int32_t kind, const double* numbers, int32_t numberCount,
                    const void* const* arrays, const int64_t* arrayBytes, int32_t arrayCount);
  int32_t (*jobAdvance)(Job* job, double work);
  double (*jobReading)(const Job* job, int32_t which);
  int32_t (*jobResults)(const Job* job);
  const void* (*jobResult)(const Job* job, int32_t index);
  int64_t (*jobResultBytes)(const Job* job, int32_t index);
  void (*jobFree)(Job* job);
};

/// Runs on other threads that this environment has under way; its end waits for them.
struct Environment {
  std::mutex mutex;
  std::condition_variable done;
  int running = 0;
};

napi_value fail(napi_env env, const char* message);
napi_value number(napi_env env, double value);
napi_value integer(napi_env env, int32_t value);

/// Address and bytes of a typed array or an ArrayBuffer.
bool memoryOf(napi_env env, napi_value value, void** data, size_t* bytes);

/// A run on another thread begins, or ends.
void begin(Environment* environment);
void finish(Environment* environment);

template <size_t count>
bool arguments(napi_env env, napi_callback_info info, napi_value (&values)[count],
               void** data = nullptr) {
  size_t given = count;
  return napi_get_cb_info(env, info, &given, values, nullptr, data) == napi_ok && given >= count;
}

template <typename T>
T* external(napi_env env, napi_value value) {
  void* data = nullptr;
  return napi_get_value_external(env, value, &data) == napi_ok ? static_cast<T*>(data) : nullptr;
}

// programs.cpp
napi_value load(napi_env env, napi_callback_info info);
napi_value bytes(napi_env env, napi_callback_info info);
napi_value freeProgram(napi_env env, napi_callback_info info);
napi_value run(napi_env env, napi_callback_info info);
napi_value runAsync(napi_env env, napi_callback_info info);

// jobs.cpp
napi_value jobCreate(napi_env env, napi_callback_info info);
napi_value jobAdvance(napi_env env, napi_callback_info info);
napi_value jobAdvanceAsync(napi_env env, napi_callback_info info);
napi_value jobReading(napi_env env, napi_callback_info info);
napi_value jobResults(napi_env env, napi_callback_info info);
napi_value jobFree(napi_env env, napi_callback_info info);

}  // namespace athanor
