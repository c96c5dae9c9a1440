// The Node-API addon: finds out what the processor can do, opens the kernel library that suits it,
// and runs programs over typed arrays. One call a run; longer runs on libuv's threads.
//
//   supported(): string[]                     instruction sets of this processor, best first
//   open(path): library                       throws if it cannot be loaded
//   isa(library): string
//   setThreads(library, n): number
//   load(library, words, table): program      table: Float64Array, one address per slot, 0 = in hosts
//   bytes(program): number
//   free(program): void                       waits for nothing; a run under way keeps it
//   address(array): number                    of a typed array or an ArrayBuffer
//   run(program, hosts): number               status; hosts[k] is used where table[k] is 0
//   runAsync(program, hosts, keep): Promise<number>    keep: held until the run is over
//   jobCreate(library, kind, numbers, arrays): job | undefined     undefined: arguments don't fit
//   jobAdvance(job, work): number                      a Step of learn/job.h
//   jobAdvanceAsync(job, work): Promise<number>        one at a time
//   jobReading(job, which): number
//   jobResults(job): ArrayBuffer[]                     copies; after Step::done
//   jobFree(job): void                                 waits for nothing; a slice under way keeps it
#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include <cstdlib>
#include <cstring>
#include <vector>

#include "addon/addon.h"

namespace athanor {

napi_value fail(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

napi_value number(napi_env env, double value) {
  napi_value out = nullptr;
  napi_create_double(env, value, &out);
  return out;
}

napi_value integer(napi_env env, int32_t value) {
  napi_value out = nullptr;
  napi_create_int32(env, value, &out);
  return out;
}

/// Address and bytes of a typed array or an ArrayBuffer.
bool memoryOf(napi_env env, napi_value value, void** data, size_t* bytes) {
  napi_typedarray_type type;
  size_t length = 0;
  if (napi_get_typedarray_info(env, value, &type, &length, data, nullptr, nullptr) == napi_ok) {
    switch (type) {
      case napi_float64_array:
      case napi_bigint64_array:
      case napi_biguint64_array:
        *bytes = length * 8;
        return true;
      case napi_float32_array:
      case napi_int32_array:
      case napi_uint32_array:
        *bytes = length * 4;
        return true;
      case napi_int16_array:
      case napi_uint16_array:
        *bytes = length * 2;
        return true;
      default:
        *bytes = length;
        return true;
    }
  }
  return napi_get_arraybuffer_info(env, value, data, bytes) == napi_ok;
}

void begin(Environment* environment) {
  const std::lock_guard<std::mutex> lock(environment->mutex);
  environment->running++;
}

void finish(Environment* environment) {
  const std::lock_guard<std::mutex> lock(environment->mutex);
  environment->running--;
  environment->done.notify_all();
}

namespace {

napi_value supported(napi_env env, napi_callback_info) {
  const char* names[3];
  uint32_t count = 0;
#if defined(__x86_64__) || defined(_M_X64)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("fma"))
    names[count++] = "avx512";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) names[count++] = "avx2";
  names[count++] = "sse2";
#elif defined(__aarch64__)
  names[count++] = "neon";
#endif
  napi_value list;
  napi_create_array_with_length(env, count, &list);
  for (uint32_t i = 0; i < count; i++) {
    napi_value name;
    napi_create_string_utf8(env, names[i], NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, list, i, name);
  }
  return list;
}

#if defined(_WIN32)
void* openFile(const char* path) { return reinterpret_cast<void*>(LoadLibraryA(path)); }
void* symbol(void* file, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(file), name));
}
const char* openError() { return "the kernel library could not be loaded"; }
#else
void* openFile(const char* path) { return dlopen(path, RTLD_NOW | RTLD_LOCAL); }
void* symbol(void* file, const char* name) { return dlsym(file, name); }
const char* openError() { return dlerror(); }
#endif

template <typename F>
bool find(void* file, const char* name, F& function) {
  void* const address = symbol(file, name);
  memcpy(&function, &address, sizeof address);
  return address != nullptr;
}

/// The library stays open for good: its threads may still be asleep in it.
napi_value open(napi_env env, napi_callback_info info) {
  napi_value values[1];
  char path[4096];
  size_t length = 0;
  if (!arguments(env, info, values) ||
      napi_get_value_string_utf8(env, values[0], path, sizeof path, &length) != napi_ok ||
      length + 1 >= sizeof path)
    return fail(env, "open: expected a path");
  void* const file = openFile(path);
  if (file == nullptr) return fail(env, openError());
  Library library{};
  if (!find(file, "athanor_program_create", library.create) ||
      !find(file, "athanor_program_run", library.run) ||
      !find(file, "athanor_program_free", library.free) ||
      !find(file, "athanor_program_slots", library.slots) ||
      !find(file, "athanor_program_slot_bytes", library.slotBytes) ||
      !find(file, "athanor_program_bytes", library.bytes) ||
      !find(file, "athanor_set_threads", library.setThreads) ||
      !find(file, "athanor_rest", library.rest) ||
      !find(file, "athanor_poison", library.poison) ||
      !find(file, "athanor_isa", library.isa) ||
      !find(file, "athanor_job_create", library.jobCreate) ||
      !find(file, "athanor_job_advance", library.jobAdvance) ||
      !find(file, "athanor_job_reading", library.jobReading) ||
      !find(file, "athanor_job_results", library.jobResults) ||
      !find(file, "athanor_job_result", library.jobResult) ||
      !find(file, "athanor_job_result_bytes", library.jobResultBytes) ||
      !find(file, "athanor_job_free", library.jobFree))
    return fail(env, "the kernel library is of another version");
  const char* const poison = getenv("ATHANOR_POISON");
  if (poison != nullptr && *poison != 0) library.poison(1);
  napi_value out = nullptr;
  napi_create_external(
      env, new Library(library),
      [](napi_env, void* data, void*) { delete static_cast<Library*>(data); }, nullptr, &out);
  return out;
}

napi_value isa(napi_env env, napi_callback_info info) {
  napi_value values[1];
  if (!arguments(env, info, values)) return fail(env, "isa: expected a library");
  const Library* const library = external<Library>(env, values[0]);
  if (library == nullptr) return fail(env, "isa: expected a library");
  napi_value out = nullptr;
  napi_create_string_utf8(env, library->isa(), NAPI_AUTO_LENGTH, &out);
  return out;
}

napi_value setThreads(napi_env env, napi_callback_info info) {
  napi_value values[2];
  int32_t threads = 1;
  if (!arguments(env, info, values) || napi_get_value_int32(env, values[1], &threads) != napi_ok)
    return fail(env, "setThreads: expected a library and a number");
  const Library* const library = external<Library>(env, values[0]);
  if (library == nullptr) return fail(env, "setThreads: expected a library");
  return integer(env, library->setThreads(threads));
}

napi_value address(napi_env env, napi_callback_info info) {
  napi_value values[1];
  void* data = nullptr;
  size_t bytes = 0;
  if (!arguments(env, info, values) || !memoryOf(env, values[0], &data, &bytes))
    return fail(env, "address: expected a typed array");
  return number(env, static_cast<double>(reinterpret_cast<uintptr_t>(data)));
}

/// The environment (a worker thread, or the process) ends: no run may outlive its arrays.
void waitForRuns(void* data) {
  Environment* const environment = static_cast<Environment*>(data);
  std::unique_lock<std::mutex> lock(environment->mutex);
  environment->done.wait(lock, [&] { return environment->running == 0; });
}

napi_value initialize(napi_env env, napi_value exports) {
  // Not freed: the completion of a run may still come after the environment's last hook.
  Environment* const environment = new Environment();
  napi_add_env_cleanup_hook(env, waitForRuns, environment);
  const struct {
    const char* name;
    napi_callback callback;
  } functions[] = {{"supported", supported}, {"open", open},         {"isa", isa},
                   {"setThreads", setThreads}, {"load", load},       {"bytes", bytes},
                   {"free", freeProgram},      {"address", address}, {"run", run},
                   {"runAsync", runAsync},     {"jobCreate", jobCreate},
                   {"jobAdvance", jobAdvance}, {"jobAdvanceAsync", jobAdvanceAsync},
                   {"jobReading", jobReading}, {"jobResults", jobResults},
                   {"jobFree", jobFree}};
  for (const auto& function : functions) {
    napi_value value;
    napi_create_function(env, function.name, NAPI_AUTO_LENGTH, function.callback, environment,
                         &value);
    napi_set_named_property(env, exports, function.name, value);
  }
  return exports;
}

}  // namespace

}  // namespace athanor

NAPI_MODULE(athanor, athanor::initialize)
