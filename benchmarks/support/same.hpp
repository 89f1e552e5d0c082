// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A benchmark may only be timed once both sides gave the same answer.

#include <cmath>
#include <cstdio>
#include <cstdlib>

#if !defined(NDEBUG)
#error \
    "Benchmarks are meaningless without optimisation: use ./dev bench, or -DCMAKE_BUILD_TYPE=Release"
#endif

namespace relia::bench {

/// Ends the program when `ours` and `theirs` differ by more than the relative error `most`.
inline void require_same(const char* what, double ours, double theirs, double most) {
  if (ours == theirs || std::abs(ours - theirs) <= most * std::abs(theirs)) return;
  std::fprintf(stderr, "%s: %.17g here, %.17g in the baseline\n", what, ours, theirs);
  std::exit(1);
}

/// The same for an answer that may lie anywhere in [lower, upper].
inline void require_between(const char* what, double answer, double lower, double upper) {
  if (lower <= answer && answer <= upper) return;
  std::fprintf(stderr, "%s: %.17g outside [%.17g, %.17g]\n", what, answer, lower, upper);
  std::exit(1);
}

}  // namespace relia::bench
