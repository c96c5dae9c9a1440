// Rows of features as a job gets them: a row-major matrix or CSR.
#pragma once
#include <cstdint>

#include "learn/job.h"

namespace athanor {

/// A row-major matrix, or CSR where `starts` is there.
struct Source {
  int64_t rows = 0;
  int64_t width = 0;
  const double* values = nullptr;
  const int32_t* starts = nullptr;
  const int32_t* columns = nullptr;

  bool sparse() const { return starts != nullptr; }
};

/// Reads rows, width and whether it is sparse, then values, starts and columns (empty for a dense one);
/// false where they don't fit.
bool readSource(Arguments& arguments, Source& source);

}  // namespace athanor
