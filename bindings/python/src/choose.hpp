// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Options that C++ spells as an enumerator and Python as a word.

#include <cstddef>
#include <string>
#include <string_view>

#include <pybind11/pybind11.h>

namespace relia::python {

template <class T>
struct choice {
  std::string_view word;
  T value;
};

/// The value of `word`; another word is a ValueError that lists the known ones.
template <class T, std::size_t N>
[[nodiscard]] T choose(const std::string& word, const choice<T> (&known)[N], const char* name) {
  std::string words;
  for (std::size_t i = 0; i < N; ++i) {
    if (known[i].word == word) return known[i].value;
    words.append(i == 0 ? "" : i + 1 == N ? " or " : ", ").append("\"").append(known[i].word);
    words += '"';
  }
  throw pybind11::value_error(std::string(name) + " must be " + words + ", got \"" + word + "\"");
}

/// The word of `value`.
template <class T, std::size_t N>
[[nodiscard]] std::string word_of(const T& value, const choice<T> (&known)[N]) {
  for (const choice<T>& c : known) {
    if (c.value == value) return std::string(c.word);
  }
  return "";
}

}  // namespace relia::python
