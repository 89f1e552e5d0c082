// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Whether two exponential histograms, as plain data, are equal.

#include <cmath>

#include <relia/aggregate/exponential_counts.hpp>

namespace relia::test {

/// Equal, where a sum that is not known equals another.
[[nodiscard]] inline bool same(aggregate::exponential_counts a, aggregate::exponential_counts b) {
  if (std::isnan(a.sum) && std::isnan(b.sum)) a.sum = b.sum = 0;
  return a == b;
}

}  // namespace relia::test
