// Flags of a tree's node, as in src/classic/trees/tree-ensemble.ts.
#pragma once
#include <cstdint>

namespace athanor {

constexpr uint8_t treeMissingLeft = 1;
/// The threshold is the number of a set of categories.
constexpr uint8_t treeCategorical = 2;
constexpr uint8_t treeUnknownLeft = 4;
constexpr uint8_t treeZeroIsMissing = 8;

}  // namespace athanor
