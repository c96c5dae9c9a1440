// Random numbers one after the other from one (seed, stream): the same as `Random` of
// src/base/philox.ts, word for word (Philox4x32-10, Salmon et al., SC 2011).
#pragma once
#include <cmath>
#include <cstdint>

namespace athanor {

class RandomStream {
 public:
  RandomStream(uint64_t seed, uint32_t stream) : seed_(seed), stream_(stream) {}

  uint32_t bits() {
    if (position_ == 4) {
      block(counter_++);
      position_ = 0;
    }
    return words_[position_++];
  }

  /// In [0, 1), 53 random bits.
  double uniform() {
    const uint32_t high = bits() >> 5;
    return (static_cast<double>(high) * 67108864.0 + static_cast<double>(bits() >> 6)) * 0x1p-53;
  }

  /// A whole number in [0, limit), each equally likely.
  uint32_t below(uint32_t limit) {
    const uint64_t accepted = 4294967296u - (4294967296u % limit);
    uint64_t word = bits();
    while (word >= accepted) word = bits();
    return static_cast<uint32_t>(word % limit);
  }

  /// Standard normal (Box & Muller 1958), two a pair of uniforms.
  double normal() {
    if (hasSpare_) {
      hasSpare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    const double angle = 6.283185307179586 * uniform();
    spare_ = radius * std::sin(angle);
    hasSpare_ = true;
    return radius * std::cos(angle);
  }

  /// Fisher–Yates, in place.
  template <typename T>
  void shuffle(T* items, int64_t count) {
    for (int64_t i = count - 1; i > 0; i--) {
      const int64_t j = below(static_cast<uint32_t>(i + 1));
      const T held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
  }

 private:
  void block(uint64_t counter) {
    uint32_t c0 = static_cast<uint32_t>(counter);
    uint32_t c1 = static_cast<uint32_t>(counter >> 32);
    uint32_t c2 = 0;
    uint32_t c3 = stream_;
    uint32_t k0 = static_cast<uint32_t>(seed_);
    uint32_t k1 = static_cast<uint32_t>(seed_ >> 32);
    for (int round = 0; round < 10; round++) {
      const uint64_t p0 = uint64_t(0xD2511F53u) * c0;
      const uint64_t p1 = uint64_t(0xCD9E8D57u) * c2;
      c0 = static_cast<uint32_t>(p1 >> 32) ^ c1 ^ k0;
      c1 = static_cast<uint32_t>(p1);
      c2 = static_cast<uint32_t>(p0 >> 32) ^ c3 ^ k1;
      c3 = static_cast<uint32_t>(p0);
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    words_[0] = c0;
    words_[1] = c1;
    words_[2] = c2;
    words_[3] = c3;
  }

  uint64_t seed_;
  uint32_t stream_;
  uint64_t counter_ = 0;
  uint32_t words_[4] = {0, 0, 0, 0};
  int position_ = 4;
  double spare_ = 0;
  bool hasSpare_ = false;
};

}  // namespace athanor
