// A decoded program: kernel arguments in order, and the places in them that each binding's address
// goes to.
#pragma once
#include "instructions.h"
#include "pile.h"

namespace athanor {

struct Step {
  InstructionCode code;
  /// The struct of instructions.h that belongs to the code.
  void* arguments;
};

/// A pointer of some kernel argument, which is to hold the address of its slot plus the offset.
struct Place {
  void* place;
  int64_t offset;
};

struct DecodedProgram {
  Pile pile;
  int32_t slots = 0;        // the arena not included
  int64_t* slotBytes = nullptr;
  int64_t arenaBytes = 0;
  int32_t steps = 0;
  Step* step = nullptr;
  /// Places of slot s (0 = the arena) are [firstPlace[s], firstPlace[s + 1]).
  Place* places = nullptr;
  int32_t* firstPlace = nullptr;
};

/// False: malformed, or memory is out.
bool decode(const int32_t* words, int64_t count, DecodedProgram& program);

}  // namespace athanor
