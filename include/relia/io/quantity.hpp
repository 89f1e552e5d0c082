// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Quantities as people write them in a rules file: "99.9%", "400ms", "90/s", "20GiB". The unit is
/// required, so that a percent is never taken for a fraction nor a second for a millisecond. The
/// decimal is read once, exactly rounded.

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <relia/core/real.hpp>
#include <relia/core/time.hpp>
#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

struct number_and_unit {
  double number;
  std::string_view digits;
  std::string_view unit;
};

[[noreturn]] inline void refuse_quantity(std::string_view text, std::string_view expected) {
  throw std::invalid_argument("expected " + std::string(expected) + ", found \"" +
                              std::string(text) + "\"");
}

inline number_and_unit split_quantity(std::string_view text, std::string_view expected) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(number)) refuse_quantity(text, expected);
  const auto length = static_cast<std::size_t>(rest - text.data());
  const std::string_view digits = text.substr(0, length);
  std::string_view unit = text.substr(length);
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  return {number, digits, unit};
}

/// The number times 10^exponent, rounded once.
inline double scaled(std::string_view digits, int exponent) {
  const std::string shifted = std::string(digits) + "e" + std::to_string(exponent);
  double value = 0;
  std::from_chars(shifted.data(), shifted.data() + shifted.size(), value);
  return value;
}

struct unit_size {
  std::string_view name;
  double size;
  int exponent;  ///< the size is size * 10^exponent
};

template <std::size_t N>
double with_unit(std::string_view text, const std::array<unit_size, N>& units,
                 std::string_view expected) {
  const auto [number, digits, unit] = split_quantity(text, expected);
  for (const unit_size& u : units) {
    if (u.name == unit) return scaled(digits, u.exponent) * u.size;
  }
  refuse_quantity(text, expected);
}

inline double to_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    throw std::invalid_argument("expected a number, found \"" + std::string(text) + "\"");
  }
  return value;
}

inline count to_count(std::string_view text) {
  count value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
    throw std::invalid_argument("expected a whole number of at least 0, found \"" +
                                std::string(text) + "\"");
  }
  return value;
}

}  // namespace detail

/// "99.9%" is 0.999, the double nearest to it. Throws: std::invalid_argument, also for "0.999".
[[nodiscard]] inline double parse_percent(std::string_view text) {
  constexpr std::string_view expected = "a percentage such as 99.9%";
  const auto [number, digits, unit] = detail::split_quantity(text, expected);
  if (unit.empty() && number > 0 && number <= 1) {
    throw std::invalid_argument("expected a percentage such as 99.9%, found the bare number \"" +
                                std::string(text) + "\": write it with a percent sign");
  }
  if (unit != "%") detail::refuse_quantity(text, expected);
  return detail::scaled(digits, -2);
}

namespace detail {

inline constexpr std::array<unit_size, 9> time_units{{{"ns", 1, -9},
                                                      {"us", 1, -6},
                                                      {"ms", 1, -3},
                                                      {"s", 1, 0},
                                                      {"m", 60, 0},
                                                      {"min", 60, 0},
                                                      {"h", 3600, 0},
                                                      {"d", 86400, 0},
                                                      {"w", 604800, 0}}};

}  // namespace detail

/// Seconds in "400ms", "1.5h", "30d". Units: ns us ms s min h d w. Domain: shorter than 100 years.
/// Throws: std::invalid_argument.
[[nodiscard]] inline real_seconds parse_duration(std::string_view text) {
  constexpr std::string_view expected = "a duration such as 400ms, 5min, 6h or 30d";
  const double seconds = detail::with_unit(text, detail::time_units, expected);
  if (!(std::abs(seconds) < 36525 * 86400.0)) {
    throw std::invalid_argument("expected a duration shorter than 100 years, found \"" +
                                std::string(text) + "\"");
  }
  return real_seconds(seconds);
}

/// Seconds in the unit "ms", "s", "min" ... of a column of numbers. Throws: std::invalid_argument,
/// also for a multiple such as "5min".
[[nodiscard]] inline double parse_time_unit(std::string_view text) {
  for (const detail::unit_size& u : detail::time_units) {
    if (u.name == text) return detail::scaled("1", u.exponent) * u.size;
  }
  detail::refuse_quantity(text, "a unit of time: ns, us, ms, s, min, h, d or w");
}

/// Events per second in "90/s", "1200/min", "5/h", "3/d". Throws: std::invalid_argument.
[[nodiscard]] inline double parse_rate(std::string_view text) {
  constexpr std::string_view expected = "a rate such as 90/s or 1200/min";
  const auto [number, digits, unit] = detail::split_quantity(text, expected);
  static constexpr std::array<std::pair<std::string_view, double>, 4> units{
      {{"/s", 1}, {"/min", 60}, {"/h", 3600}, {"/d", 86400}}};
  for (const auto& [name, seconds] : units) {
    if (name == unit) return number / seconds;
  }
  detail::refuse_quantity(text, expected);
}

/// Bytes in "20GB" (10^9) or "20GiB" (2^30). Throws: std::invalid_argument.
[[nodiscard]] inline double parse_size(std::string_view text) {
  static constexpr std::array<detail::unit_size, 9> units{{{"B", 1, 0},
                                                           {"kB", 1, 3},
                                                           {"MB", 1, 6},
                                                           {"GB", 1, 9},
                                                           {"TB", 1, 12},
                                                           {"KiB", 0x1p10, 0},
                                                           {"MiB", 0x1p20, 0},
                                                           {"GiB", 0x1p30, 0},
                                                           {"TiB", 0x1p40, 0}}};
  return detail::with_unit(text, units, "a size such as 20GB or 512MiB");
}

/// A dimensionless multiple: "14.4" or "14.4x". Throws: std::invalid_argument.
[[nodiscard]] inline double parse_ratio(std::string_view text) {
  constexpr std::string_view expected = "a number such as 14.4";
  const auto [number, digits, unit] = detail::split_quantity(text, expected);
  if (!unit.empty() && unit != "x") detail::refuse_quantity(text, expected);
  return number;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
