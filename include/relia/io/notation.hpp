// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Measured numbers as people read them, with their unit and as many digits as mean something:
/// three, counted from the first that differs from 0 or from 100 %.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include <relia/check/report.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

/// Three significant digits, without an exponent up to 1e15.
inline std::string three_digits(double value) {
  if (value == 0) return "0";
  if (std::abs(value) >= 1e15) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3g", value);
    return text.data();
  }
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(), "%.*f", std::clamp(2 - magnitude, 0, 300), value);
  return text.data();
}

inline std::string percent(double fraction) {
  const double percent = 100 * fraction;
  const double distance = std::min(std::abs(percent), std::abs(100 - percent));
  const int magnitude = distance > 0 ? static_cast<int>(std::floor(std::log10(distance))) : 2;
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(), "%.*f%%", std::clamp(2 - magnitude, 0, 300), percent);
  return text.data();
}

struct scale {
  double size;
  const char* unit;
};

/// In the largest unit of which there is at least one; the list is sorted, largest first.
template <std::size_t N>
std::string scaled_text(double value, const std::array<scale, N>& scales) {
  for (const scale& s : scales) {
    if (std::abs(value) >= s.size) return three_digits(value / s.size) + s.unit;
  }
  return three_digits(value / scales.back().size) + scales.back().unit;
}

}  // namespace detail

/// A value in its unit: "412 ms", "99.931%", "14.4x", "never" for an infinite time.
[[nodiscard]] inline std::string notation(double value, check::unit of) {
  using enum check::unit;
  if (std::isnan(value)) return "unknown";
  if (std::isinf(value)) {
    if (of == seconds && value > 0) return "never";
    return value > 0 ? "infinite" : "-infinite";
  }
  switch (of) {
    case fraction:
      return detail::percent(value);
    case seconds: {
      static constexpr std::array<detail::scale, 7> scales{{{86400, " d"},
                                                            {3600, " h"},
                                                            {60, " min"},
                                                            {1, " s"},
                                                            {1e-3, " ms"},
                                                            {1e-6, " us"},
                                                            {1e-9, " ns"}}};
      return value == 0 ? "0 s" : detail::scaled_text(value, scales);
    }
    case bytes: {
      static constexpr std::array<detail::scale, 5> scales{
          {{1e12, " TB"}, {1e9, " GB"}, {1e6, " MB"}, {1e3, " kB"}, {1, " B"}}};
      return detail::scaled_text(value, scales);
    }
    case per_second:
      return detail::three_digits(value) + "/s";
    case ratio:
      return detail::three_digits(value) + "x";
    case servers:
    case events:
      break;
  }
  return value == std::floor(value) && std::abs(value) < 1e15
             ? relia::detail::to_text(static_cast<count>(value))
             : detail::three_digits(value);
}

/// As notation, for numbers that were written and not measured: without trailing zeros.
[[nodiscard]] inline std::string written(double value, check::unit of) {
  std::string text = notation(value, of);
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text;
  const std::size_t end = text.find_first_not_of("0123456789", point + 1);
  const std::size_t kept =
      text.find_last_not_of('0', (end == std::string::npos ? text.size() : end) - 1);
  text.erase(kept == point ? point : kept + 1,
             (end == std::string::npos ? text.size() : end) - (kept == point ? point : kept + 1));
  return text;
}

/// "99.931% in [99.91%, 99.95%] at 90%, n = 52345": the measurement with its uncertainty, in a
/// line.
[[nodiscard]] inline std::string measurement(const check::result& r) {
  const estimate<double>& e = r.measured;
  std::string text = e.has_value() ? notation(e.value, r.unit) : std::string(to_string(e.state));
  if (e.has_value() && e.interval.lower != e.interval.upper) {
    text += " in [" + notation(e.interval.lower, r.unit) + ", " +
            notation(e.interval.upper, r.unit) + "] at " +
            written(e.interval.confidence_level, check::unit::fraction);
  }
  text += ", n = " + relia::detail::to_text(e.n);
  if (e.n_open > 0) text += " (" + relia::detail::to_text(e.n_open) + " open)";
  return text;
}

/// "at least 99.9%".
[[nodiscard]] inline std::string limit_text(const check::result& r) {
  return std::string(to_string(r.limit.sense)) + " " + written(r.limit.value, r.unit);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
