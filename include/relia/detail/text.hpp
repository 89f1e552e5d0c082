// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Numbers as text, for messages: the shortest form that reads back as the same number, in any
/// locale.

#include <array>
#include <charconv>
#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::detail {

template <class T>
requires real<T> || std::integral<T>
[[nodiscard]] std::string to_text(T value) {
  std::array<char, 128> buffer;  // longer than any number's shortest form
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

/// Three significant digits, for notes that a person reads.
template <real Real>
[[nodiscard]] std::string to_short_text(Real value) {
  std::array<char, 64> buffer;
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                       std::chars_format::general, 3)
                             .ptr};
}

/// The parts one after another. In place of `+` and append: these ask of each length of literal
/// whether it is a string_view, which costs a compiler half a millisecond each.
[[nodiscard]] inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part.data(), part.size());
  return text;
}

[[nodiscard]] inline std::string to_text(std::string_view value) {
  return joined({"\"", value, "\""});
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::detail
