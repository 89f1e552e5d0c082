// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Argument checks, each made once, where a value enters. The text always reads
/// "relia::<where>: <name> must be <rule>, got <value>"; it is built out of line, on the cold path.

#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include <relia/core/error.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::detail {

[[nodiscard]] inline std::string refusal(std::string_view where, std::string_view name,
                                         std::string_view rule, const std::string& got) {
  return joined({"relia::", where, ": ", name, " must be ", rule, ", got ", got});
}

template <class T>
[[noreturn, gnu::cold, gnu::noinline]] void refuse_domain(std::string_view where,
                                                          std::string_view name,
                                                          std::string_view rule, const T& value) {
  RELIA_RAISE(std::domain_error, refusal(where, name, rule, to_text(value)));
}

template <class T>
[[noreturn, gnu::cold, gnu::noinline]] void refuse_argument(std::string_view where,
                                                            std::string_view name,
                                                            std::string_view rule, const T& value) {
  RELIA_RAISE(std::invalid_argument, refusal(where, name, rule, to_text(value)));
}

/// The value lies in the domain `rule` describes, or std::domain_error.
template <class T>
constexpr void require_domain(bool holds, std::string_view where, std::string_view name,
                              std::string_view rule, const T& value) {
  if (!holds) [[unlikely]]
    refuse_domain(where, name, rule, value);
}

/// The shape or option is as `rule` describes, or std::invalid_argument.
template <class T>
constexpr void require_argument(bool holds, std::string_view where, std::string_view name,
                                std::string_view rule, const T& value) {
  if (!holds) [[unlikely]]
    refuse_argument(where, name, rule, value);
}

template <real Real>
[[nodiscard]] constexpr bool is_finite(Real value) {
  using limits = std::numeric_limits<Real>;
  return value >= limits::lowest() && value <= limits::max();
}

template <real Real>
constexpr void require_finite(std::string_view where, std::string_view name, Real value) {
  require_domain(is_finite(value), where, name, "finite", value);
}

/// Anything but NaN.
template <real Real>
void require_number(std::string_view where, std::string_view name, Real value) {
  require_domain(!std::isnan(value), where, name, "a number", value);
}

template <real Real>
constexpr void require_positive(std::string_view where, std::string_view name, Real value) {
  require_domain(value > Real{0} && is_finite(value), where, name, "positive and finite", value);
}

template <real Real>
constexpr void require_non_negative(std::string_view where, std::string_view name, Real value) {
  require_domain(value >= Real{0} && is_finite(value), where, name, "at least 0 and finite", value);
}

/// A fraction with its ends: [0, 1].
template <real Real>
constexpr void require_fraction(std::string_view where, std::string_view name, Real value) {
  require_domain(value >= Real{0} && value <= Real{1}, where, name,
                 "a fraction in [0, 1] (99.9 % is 0.999)", value);
}

/// A fraction without its ends: (0, 1). Confidence levels, objectives, quantile levels.
template <real Real>
constexpr void require_open_fraction(std::string_view where, std::string_view name, Real value) {
  require_domain(value > Real{0} && value < Real{1}, where, name,
                 "a fraction in (0, 1) (95 % is 0.95)", value);
}

template <std::integral Integer>
constexpr void require_positive_count(std::string_view where, std::string_view name,
                                      Integer value) {
  require_domain(value > 0, where, name, "at least 1", value);
}

template <std::integral Integer>
constexpr void require_non_negative_count(std::string_view where, std::string_view name,
                                          Integer value) {
  require_domain(value >= 0, where, name, "at least 0", value);
}

/// The sum of two counts that are not negative, if a count can hold it.
[[nodiscard]] constexpr count sum_of_counts(std::string_view where, std::string_view name, count a,
                                            count b) {
  require_domain(b <= std::numeric_limits<count>::max() - a, where, name, "below 2^63",
                 static_cast<double>(a) + static_cast<double>(b));
  return a + b;
}

inline void require_same_size(std::string_view where, std::string_view name, std::size_t size,
                              std::size_t expected) {
  if (size != expected) [[unlikely]] {
    refuse_argument(where, name, "of size " + to_text(expected), size);
  }
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::detail
