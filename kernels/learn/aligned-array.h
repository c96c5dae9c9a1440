// An array of numbers on a cache line of its own, so that no vector load straddles two lines.
#pragma once
#include <cstdint>
#include <cstring>

#include "memory.h"

namespace athanor {

template <typename T>
class AlignedArray {
 public:
  AlignedArray() = default;
  ~AlignedArray() { releaseAligned(data_); }
  AlignedArray(const AlignedArray&) = delete;
  AlignedArray& operator=(const AlignedArray&) = delete;

  /// At least `count` elements of undefined contents; false where memory is out.
  bool resize(int64_t count) {
    if (count <= count_) return true;
    releaseAligned(data_);
    data_ = count < (int64_t(1) << 58) / static_cast<int64_t>(sizeof(T)) &&
                    static_cast<uint64_t>(count) <= SIZE_MAX / sizeof(T)
                ? allocateAligned(static_cast<size_t>(count) * sizeof(T))
                : nullptr;
    count_ = data_ == nullptr ? 0 : count;
    return data_ != nullptr;
  }
  /// The same, all of them `value`.
  bool fill(int64_t count, T value) {
    if (!resize(count)) return false;
    for (int64_t i = 0; i < count; i++) data()[i] = value;
    return true;
  }
  void release() {
    releaseAligned(data_);
    data_ = nullptr;
    count_ = 0;
  }

  T* data() { return static_cast<T*>(data_); }
  const T* data() const { return static_cast<const T*>(data_); }
  T& operator[](int64_t i) { return data()[i]; }
  const T& operator[](int64_t i) const { return data()[i]; }

 private:
  void* data_ = nullptr;
  int64_t count_ = 0;
};

}  // namespace athanor
