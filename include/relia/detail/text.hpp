// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Numbers as text, for messages: the shortest form that reads back as the same number, in any
/// locale.

#include <array>
#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <system_error>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::detail {

template <class T>
requires real<T> || std::integral<T>
[[nodiscard]] std::string to_text(T value) {
  std::array<char, 128> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("?");
}

/// Three significant digits, for notes that a person reads.
template <real Real>
[[nodiscard]] std::string to_short_text(Real value) {
  std::array<char, 64> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::general, 3);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("?");
}

[[nodiscard]] inline std::string to_text(std::string_view value) {
  return '"' + std::string(value) + '"';
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::detail
