// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What every target checks with.

#include <cstdio>
#include <cstdlib>

namespace relia::fuzz {

/// Aborts where the sanitizers and libFuzzer see it.
inline void require(bool holds, int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: line %d\n", line);
  std::abort();
}

}  // namespace relia::fuzz
