// Aligned memory, and the block of scratch that each worker keeps.
#pragma once
#include <cstddef>

namespace athanor {

/// 64-byte aligned; from 4 MiB on, in huge pages where the system has them. nullptr when out.
void* allocateAligned(size_t bytes);
void releaseAligned(void* memory);

/// From now on new memory begins with infinities: for tests, that what it holds must not matter.
void poisonMemory(bool on);

/// A block that only grows; its contents do not survive growth.
struct Block {
  void* data = nullptr;
  size_t bytes = 0;

  /// At least `wanted` bytes (never nullptr for 0), or nullptr when memory is out.
  void* ensure(size_t wanted);
  void release();
};

}  // namespace athanor
