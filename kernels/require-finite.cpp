// Stops a run before anything is updated with a number that is NaN or infinite.
#include <cstring>

#include "instructions.h"

namespace athanor {

Status run(Runtime&, const RequireFiniteArguments& a) {
  // By its exponent's bits, so that no compiler flag can reason the test away.
  bool finite;
  if (a.dtype == DType::float64) {
    uint64_t bits;
    memcpy(&bits, a.source, sizeof bits);
    finite = (bits >> 52 & 0x7ff) != 0x7ff;
  } else {
    uint32_t bits;
    memcpy(&bits, a.source, sizeof bits);
    finite = (bits >> 23 & 0xff) != 0xff;
  }
  return finite ? Status::ok : Status::notFinite;
}

}  // namespace athanor
