// A 64-byte aligned array of plain values, not initialised; large ones lie in huge pages.
#pragma once
#include <cstdint>
#include <new>
#include <utility>

#include "memory.h"

namespace athanor {

template <typename T>
class AlignedArray {
 public:
  AlignedArray() = default;
  explicit AlignedArray(int64_t count) { resize(count); }
  ~AlignedArray() { release(); }
  AlignedArray(AlignedArray&& other) noexcept { swap(other); }
  AlignedArray& operator=(AlignedArray&& other) noexcept {
    swap(other);
    return *this;
  }
  AlignedArray(const AlignedArray&) = delete;
  AlignedArray& operator=(const AlignedArray&) = delete;

  /// What was in it is lost.
  void resize(int64_t count) {
    release();
    data_ = static_cast<T*>(allocateAligned(static_cast<size_t>(count) * sizeof(T)));
    count_ = count;
    if (data_ == nullptr) {
#if defined(__cpp_exceptions)
      throw std::bad_alloc();
#else
      __builtin_trap();
#endif
    }
  }
  void release() {
    if (data_ != nullptr) releaseAligned(data_);
    data_ = nullptr;
    count_ = 0;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  int64_t size() const { return count_; }
  T& operator[](int64_t i) { return data_[i]; }
  const T& operator[](int64_t i) const { return data_[i]; }

 private:
  void swap(AlignedArray& other) {
    std::swap(data_, other.data_);
    std::swap(count_, other.count_);
  }

  T* data_ = nullptr;
  int64_t count_ = 0;
};

}  // namespace athanor
