// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What an exponential histogram holds, as plain data: the form in which it travels to and from
/// OpenTelemetry, Prometheus and queries. Buckets are numbered as OpenTelemetry does: index i at
/// scale s holds (b^i, b^(i+1)] with b = 2^(2^-s); Prometheus numbers the same bucket i + 1 and
/// calls the scale its schema.
/// Ref: OpenTelemetry metrics data model, "ExponentialHistogram".

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// Consecutive buckets: counts[k] belongs to index offset + k. Neither end is 0 in canonical form.
struct exponential_buckets {
  std::int32_t offset = 0;
  std::vector<count> counts{};

  friend bool operator==(const exponential_buckets&, const exponential_buckets&) = default;
};

/// Values recorded; which field a value went to is decided by its sign and size alone. `negative`
/// is indexed by magnitude. NaN and the infinities are counted apart and in no bucket.
struct exponential_counts {
  std::int32_t scale = 0;
  double zero_threshold = 0.0;  ///< `zeros` holds |x| <= zero_threshold
  count zeros = 0;
  exponential_buckets positive{};
  exponential_buckets negative{};
  count positive_infinities = 0;
  count negative_infinities = 0;
  count nans = 0;
  double sum = 0.0;             ///< of the finite values
  std::optional<double> min{};  ///< of all but NaN; absent when nothing was recorded or kept
  std::optional<double> max{};

  friend bool operator==(const exponential_counts&, const exponential_counts&) = default;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
