// Programs of the kernel library as JavaScript holds them; longer runs on libuv's threads.
#include <memory>
#include <utility>
#include <vector>

#include "addon/addon.h"
#include "opcodes.h"

namespace athanor {

namespace {

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

constexpr int32_t badProgram = static_cast<int32_t>(Status::badProgram);

/// The handle of a program that has not been freed, or nullptr.
Handle* living(napi_env env, napi_value value) {
  Handle* const handle = external<Handle>(env, value);
  return handle != nullptr && handle->loaded != nullptr ? handle : nullptr;
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

}  // namespace

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

napi_value run(napi_env env, napi_callback_info info) {
  napi_value values[2];
  if (!arguments(env, info, values)) return fail(env, "run: expected a program and its arrays");
  Handle* const handle = living(env, values[0]);
  if (handle == nullptr || !resolve(env, handle, values[1], handle->pointers.data()))
    return integer(env, badProgram);
  return integer(env, handle->loaded->run(handle->pointers.data()));
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
  begin(work->environment);
  napi_create_async_work(env, nullptr, name, execute, complete, work, &work->work);
  napi_queue_async_work(env, work->work);
  return promise;
}

}  // namespace athanor
