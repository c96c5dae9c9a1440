// Aligned memory for the arena and for scratch.
#include "memory.h"

#include <cstdint>
#include <cstdlib>

#if defined(_WIN32)
#include <malloc.h>
#elif defined(__linux__)
#include <sys/mman.h>
#endif

namespace athanor {

namespace {
constexpr size_t cacheLine = 64;
constexpr size_t hugePage = size_t(2) << 20;
[[maybe_unused]] constexpr size_t hugeFrom = size_t(4) << 20;
}  // namespace

void* allocateAligned(size_t bytes) {
  if (bytes == 0) bytes = cacheLine;
  if (bytes > SIZE_MAX - hugePage) return nullptr;
#if defined(_WIN32)
  return _aligned_malloc(bytes, cacheLine);
#else
#if defined(__linux__)
  const size_t alignment = bytes >= hugeFrom ? hugePage : cacheLine;
#else
  const size_t alignment = cacheLine;
#endif
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment, bytes) != 0) return nullptr;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (alignment == hugePage) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
#endif
}

void releaseAligned(void* memory) {
#if defined(_WIN32)
  _aligned_free(memory);
#else
  free(memory);
#endif
}

void* Block::ensure(size_t wanted) {
  if (data != nullptr && bytes >= wanted) return data;
  release();
  data = allocateAligned(wanted);
  bytes = data == nullptr ? 0 : wanted;
  return data;
}

void Block::release() {
  if (data != nullptr) releaseAligned(data);
  data = nullptr;
  bytes = 0;
}

}  // namespace athanor
