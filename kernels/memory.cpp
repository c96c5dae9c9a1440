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
constexpr size_t mostPoisoned = size_t(1) << 20;

bool poisons = false;

/// Lines of infinities in turn: as float, as double, as negative double.
void* poisoned(void* memory, size_t bytes) {
  if (!poisons || memory == nullptr) return memory;
  constexpr uint64_t lines[] = {0x7f8000007f800000, 0x7ff0000000000000, 0xfff0000000000000};
  const size_t words = (bytes < mostPoisoned ? bytes : mostPoisoned) / sizeof(uint64_t);
  for (size_t i = 0; i < words; i++) static_cast<uint64_t*>(memory)[i] = lines[i / 8 % 3];
  return memory;
}

void* allocated(size_t bytes) {
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
}  // namespace

void poisonMemory(bool on) { poisons = on; }

void* allocateAligned(size_t bytes) {
  if (bytes == 0) bytes = cacheLine;
  if (bytes > SIZE_MAX - hugePage) return nullptr;
  return poisoned(allocated(bytes), bytes);
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
