// Denormal numbers are slow and carry nothing that training needs: while kernels run they are read
// and written as zero. The mode is the thread's own and is put back afterwards.
#pragma once
#include <cstdint>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace athanor {

class FlushDenormals {
 public:
  FlushDenormals() {
#if defined(__SSE2__)
    saved_ = _mm_getcsr();
    // Round to nearest, all exceptions masked, flush to zero (0x8000), denormals are zero (0x0040).
    _mm_setcsr(0x1f80u | 0x8040u);
#elif defined(__aarch64__)
    asm volatile("mrs %0, fpcr" : "=r"(saved_));
    const uint64_t flushed = (saved_ & ~(uint64_t(3) << 22)) | (uint64_t(1) << 24);
    asm volatile("msr fpcr, %0" : : "r"(flushed));
#endif
  }
  ~FlushDenormals() {
#if defined(__SSE2__)
    _mm_setcsr(saved_);
#elif defined(__aarch64__)
    asm volatile("msr fpcr, %0" : : "r"(saved_));
#endif
  }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__SSE2__)
  uint32_t saved_ = 0;
#elif defined(__aarch64__)
  uint64_t saved_ = 0;
#endif
};

}  // namespace athanor
