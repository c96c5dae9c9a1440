// Memory that is handed out piece by piece and given back all at once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace athanor {

class Pile {
 public:
  Pile() = default;
  Pile(const Pile&) = delete;
  Pile& operator=(const Pile&) = delete;
  ~Pile() {
    while (last_ != nullptr) {
      Chunk* const previous = last_->previous;
      free(last_);
      last_ = previous;
    }
  }

  /// Zeroed room for `count` values of T (plain data), or nullptr when memory is out.
  template <typename T>
  T* take(int64_t count) {
    if (count < 0 || static_cast<uint64_t>(count) > (SIZE_MAX / 4) / sizeof(T)) return nullptr;
    const size_t wanted = (static_cast<size_t>(count) * sizeof(T) + 15) & ~size_t(15);
    if (last_ == nullptr || last_->room < wanted) {
      const size_t room = wanted > chunkBytes ? wanted : chunkBytes;
      Chunk* const chunk = static_cast<Chunk*>(calloc(1, sizeof(Chunk) + room));
      if (chunk == nullptr) return nullptr;
      chunk->previous = last_;
      chunk->room = room;
      chunk->used = 0;
      last_ = chunk;
      bytes_ += sizeof(Chunk) + room;
    }
    char* const place = reinterpret_cast<char*>(last_ + 1) + last_->used;
    last_->used += wanted;
    last_->room -= wanted;
    return reinterpret_cast<T*>(place);
  }

  size_t bytes() const { return bytes_; }

 private:
  struct alignas(16) Chunk {
    Chunk* previous;
    size_t room;
    size_t used;
  };
  static constexpr size_t chunkBytes = 4096;
  Chunk* last_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace athanor
