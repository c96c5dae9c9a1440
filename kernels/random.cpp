// Philox4x32-10: counter-based random numbers, a pure function of (seed, stream, counter, position).
// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#include "instructions.h"
#include "ranges.h"

namespace athanor {

namespace {

/// Blocks of four words worked out side by side.
constexpr int lanes = 16;

struct Words {
  uint32_t word[4][lanes];
};

void philox(const RandomArguments& a, uint64_t counter, uint64_t block, Words& out) {
  uint32_t* const c0 = out.word[0];
  uint32_t* const c1 = out.word[1];
  uint32_t* const c2 = out.word[2];
  uint32_t* const c3 = out.word[3];
  for (int i = 0; i < lanes; i++) {
    c0[i] = static_cast<uint32_t>(block + static_cast<uint64_t>(i));
    c1[i] = static_cast<uint32_t>(counter);
    c2[i] = static_cast<uint32_t>(counter >> 32);
    c3[i] = a.stream;
  }
  uint32_t k0 = a.seedLow;
  uint32_t k1 = a.seedHigh;
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < lanes; i++) {
      const uint64_t p0 = uint64_t(0xD2511F53u) * c0[i];
      const uint64_t p1 = uint64_t(0xCD9E8D57u) * c2[i];
      const uint32_t next0 = static_cast<uint32_t>(p1 >> 32) ^ c1[i] ^ k0;
      const uint32_t next2 = static_cast<uint32_t>(p0 >> 32) ^ c3[i] ^ k1;
      c0[i] = next0;
      c1[i] = static_cast<uint32_t>(p1);
      c2[i] = next2;
      c3[i] = static_cast<uint32_t>(p0);
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

inline int32_t asBits(uint32_t word) { return static_cast<int32_t>(word); }
inline float asFloat(uint32_t word) { return static_cast<float>(word >> 8) * 0x1p-24f; }
inline double asDouble(uint32_t high, uint32_t low) {
  return (static_cast<double>(high >> 5) * 67108864.0 + static_cast<double>(low >> 6)) * 0x1p-53;
}

/// `per` elements a block: four of 32 bits, two of 64.
template <typename T, int per, typename Store>
void generate(Runtime& runtime, const RandomArguments& a, Store store) {
  const uint64_t counter = static_cast<uint64_t>(*a.counter);
  T* const target = static_cast<T*>(a.target);
  const int64_t group = lanes * per;
  const int64_t groups = (a.length + group - 1) / group;
  parallelRanges(runtime, groups, elementsPerTask / (4 * group),
                 [&](int64_t begin, int64_t end, int) {
                   Words words;
                   T buffer[lanes * per];
                   for (int64_t g = begin; g < end; g++) {
                     philox(a, counter, static_cast<uint64_t>(g * lanes), words);
                     const int64_t at = g * group;
                     const int64_t left = a.length - at;
                     if (left >= group) {
                       store(words, target + at);
                     } else {
                       store(words, buffer);
                       for (int64_t i = 0; i < left; i++) target[at + i] = buffer[i];
                     }
                   }
                 });
}

}  // namespace

Status run(Runtime& runtime, const RandomArguments& a) {
  const double counter = *a.counter;
  if (!(counter >= 0 && counter <= 9007199254740991.0)) return Status::indexOutOfRange;
  if (!a.uniform) {
    generate<int32_t, 4>(runtime, a, [](const Words& w, int32_t* out) {
      for (int i = 0; i < lanes; i++)
        for (int k = 0; k < 4; k++) out[i * 4 + k] = asBits(w.word[k][i]);
    });
  } else if (a.dtype == DType::float64) {
    generate<double, 2>(runtime, a, [](const Words& w, double* out) {
      for (int i = 0; i < lanes; i++)
        for (int k = 0; k < 2; k++)
          out[i * 2 + k] = asDouble(w.word[2 * k][i], w.word[2 * k + 1][i]);
    });
  } else {
    generate<float, 4>(runtime, a, [](const Words& w, float* out) {
      for (int i = 0; i < lanes; i++)
        for (int k = 0; k < 4; k++) out[i * 4 + k] = asFloat(w.word[k][i]);
    });
  }
  return Status::ok;
}

}  // namespace athanor
