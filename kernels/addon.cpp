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
#include <node_api.h>

#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include "opcodes.h"

namespace {

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

/// A program of the kernel library: shared by its JavaScript handle and by the runs under way.
struct Loaded {
  const Library* library = nullptr;
  Program* program = nullptr;
  int32_t slots = 0;
  std::vector<size_t> slotBytes;

  ~Loaded() {
    if (program != nullptr) library->free(program);
  }
  int32_t run(void** pointers) const { return library->run(program, pointers, slots); }
};

/// What JavaScript holds; `loaded` is empty once it has been freed.
struct Handle {
  std::shared_ptr<Loaded> loaded;
  const double* table = nullptr;
  napi_ref tableReference = nullptr;
  std::vector<void*> pointers;

  void free(napi_env env) {
    if (loaded == nullptr) return;
    loaded.reset();
    napi_delete_reference(env, tableReference);
  }
};

struct Work {
  Environment* environment;
  std::shared_ptr<Loaded> loaded;
  std::vector<void*> pointers;
  int32_t status;
  napi_deferred deferred;
  napi_ref keep;
  napi_async_work work;
};

constexpr int32_t badProgram = static_cast<int32_t>(athanor::Status::badProgram);

napi_value fail(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

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
      !find(file, "athanor_isa", library.isa) ||
      !find(file, "athanor_job_create", library.jobCreate) ||
      !find(file, "athanor_job_advance", library.jobAdvance) ||
      !find(file, "athanor_job_reading", library.jobReading) ||
      !find(file, "athanor_job_results", library.jobResults) ||
      !find(file, "athanor_job_result", library.jobResult) ||
      !find(file, "athanor_job_result_bytes", library.jobResultBytes) ||
      !find(file, "athanor_job_free", library.jobFree))
    return fail(env, "the kernel library is of another version");
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

napi_value address(napi_env env, napi_callback_info info) {
  napi_value values[1];
  void* data = nullptr;
  size_t bytes = 0;
  if (!arguments(env, info, values) || !memoryOf(env, values[0], &data, &bytes))
    return fail(env, "address: expected a typed array");
  return number(env, static_cast<double>(reinterpret_cast<uintptr_t>(data)));
}

napi_value load(napi_env env, napi_callback_info info) {
  napi_value values[3];
  if (!arguments(env, info, values)) return fail(env, "load: expected library, words and table");
  const Library* const library = external<Library>(env, values[0]);
  void* words = nullptr;
  void* table = nullptr;
  size_t wordBytes = 0;
  size_t tableBytes = 0;
  if (library == nullptr || !memoryOf(env, values[1], &words, &wordBytes) ||
      !memoryOf(env, values[2], &table, &tableBytes))
    return fail(env, "load: expected library, words and table");

  auto loaded = std::make_shared<Loaded>();
  loaded->library = library;
  loaded->program =
      library->create(static_cast<const int32_t*>(words), static_cast<int64_t>(wordBytes / 4));
  if (loaded->program == nullptr) return nullptr;  // undefined: malformed, or memory is out
  loaded->slots = library->slots(loaded->program);
  const size_t slots = static_cast<size_t>(loaded->slots);
  if (tableBytes < slots * sizeof(double))
    return fail(env, "load: expected a table with one number per slot");
  for (int32_t s = 0; s < loaded->slots; s++)
    loaded->slotBytes.push_back(static_cast<size_t>(library->slotBytes(loaded->program, s)));

  Handle* const handle = new Handle();
  handle->loaded = loaded;
  handle->pointers.resize(slots + 1);
  handle->table = static_cast<const double*>(table);
  napi_create_reference(env, values[2], 1, &handle->tableReference);
  napi_value out = nullptr;
  napi_create_external(
      env, handle,
      [](napi_env finalEnv, void* data, void*) {
        Handle* const dead = static_cast<Handle*>(data);
        dead->free(finalEnv);
        delete dead;
      },
      nullptr, &out);
  return out;
}

/// The handle of a program that has not been freed, or nullptr.
Handle* living(napi_env env, napi_value value) {
  Handle* const handle = external<Handle>(env, value);
  return handle != nullptr && handle->loaded != nullptr ? handle : nullptr;
}

napi_value bytes(napi_env env, napi_callback_info info) {
  napi_value values[1];
  Handle* handle = nullptr;
  if (!arguments(env, info, values) || (handle = living(env, values[0])) == nullptr)
    return fail(env, "bytes: expected a program");
  const Loaded& loaded = *handle->loaded;
  return number(env, static_cast<double>(loaded.library->bytes(loaded.program)));
}

napi_value freeProgram(napi_env env, napi_callback_info info) {
  napi_value values[1];
  if (!arguments(env, info, values)) return fail(env, "free: expected a program");
  Handle* const handle = living(env, values[0]);
  if (handle != nullptr) handle->free(env);
  return nullptr;
}

bool resolve(napi_env env, const Handle* handle, napi_value hosts, void** pointers) {
  const Loaded& loaded = *handle->loaded;
  for (int32_t s = 0; s < loaded.slots; s++) {
    const double known = handle->table[s];
    if (known != 0) {
      pointers[s] = reinterpret_cast<void*>(static_cast<uintptr_t>(known));
      continue;
    }
    napi_value host;
    size_t length = 0;
    if (napi_get_element(env, hosts, static_cast<uint32_t>(s), &host) != napi_ok ||
        !memoryOf(env, host, &pointers[s], &length) ||
        length < loaded.slotBytes[static_cast<size_t>(s)])
      return false;
  }
  return true;
}

napi_value run(napi_env env, napi_callback_info info) {
  napi_value values[2];
  if (!arguments(env, info, values)) return fail(env, "run: expected a program and its arrays");
  Handle* const handle = living(env, values[0]);
  if (handle == nullptr || !resolve(env, handle, values[1], handle->pointers.data()))
    return integer(env, badProgram);
  return integer(env, handle->loaded->run(handle->pointers.data()));
}

void finish(Environment* environment) {
  const std::lock_guard<std::mutex> lock(environment->mutex);
  environment->running--;
  environment->done.notify_all();
}

void execute(napi_env, void* data) {
  Work* const work = static_cast<Work*>(data);
  work->status = work->loaded->run(work->pointers.data());
  work->loaded->library->rest();
  finish(work->environment);
}

void complete(napi_env env, napi_status status, void* data) {
  Work* const work = static_cast<Work*>(data);
  if (status == napi_cancelled) finish(work->environment);
  napi_value result = nullptr;
  if (napi_create_int32(env, status == napi_ok ? work->status : badProgram, &result) == napi_ok)
    napi_resolve_deferred(env, work->deferred, result);
  napi_delete_reference(env, work->keep);
  napi_delete_async_work(env, work->work);
  delete work;
}

napi_value runAsync(napi_env env, napi_callback_info info) {
  napi_value values[3];
  void* data = nullptr;
  if (!arguments(env, info, values, &data))
    return fail(env, "runAsync: expected a program, its arrays and what to keep");
  Handle* const handle = living(env, values[0]);
  napi_value promise = nullptr;
  napi_deferred deferred;
  if (napi_create_promise(env, &deferred, &promise) != napi_ok) return nullptr;
  std::vector<void*> pointers(handle == nullptr ? 0 : handle->pointers.size());
  if (handle == nullptr || !resolve(env, handle, values[1], pointers.data())) {
    napi_resolve_deferred(env, deferred, integer(env, badProgram));
    return promise;
  }
  Work* const work = new Work{};
  work->environment = static_cast<Environment*>(data);
  work->loaded = handle->loaded;
  work->pointers = std::move(pointers);
  work->deferred = deferred;
  napi_value name;
  napi_create_string_utf8(env, "athanor", NAPI_AUTO_LENGTH, &name);
  napi_create_reference(env, values[2], 1, &work->keep);
  {
    const std::lock_guard<std::mutex> lock(work->environment->mutex);
    work->environment->running++;
  }
  napi_create_async_work(env, nullptr, name, execute, complete, work, &work->work);
  napi_queue_async_work(env, work->work);
  return promise;
}

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

/// The handle of a job that has not been freed, or nullptr.
JobHandle* livingJob(napi_env env, napi_value value) {
  JobHandle* const handle = external<JobHandle>(env, value);
  return handle != nullptr && handle->open != nullptr ? handle : nullptr;
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
  {
    const std::lock_guard<std::mutex> lock(slice->environment->mutex);
    slice->environment->running++;
  }
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

NAPI_MODULE(athanor, initialize)
