// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Times as text, and zones from the system's database, by Howard Hinnant's date library.

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <date/date.h>
#include <date/tz.h>

#include <relia/core/time.hpp>
#include <relia/core/zone.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

/// "2026-03-01T09:30:00", a fraction or none, then "Z" or an offset: what the date library would
/// also read, such as a year of two digits or an offset of 99 hours, is a mistake.
[[nodiscard]] inline bool has_shape_of_time(std::string_view text) {
  const auto starts_like = [&text](std::string_view shape) {
    const auto fits = [](char wanted, char c) {
      if (wanted == '0') return c >= '0' && c <= '9';
      return c == wanted || (wanted == 'T' && c == ' ');
    };
    if (text.size() < shape.size() || !std::equal(shape.begin(), shape.end(), text.begin(), fits)) {
      return false;
    }
    text.remove_prefix(shape.size());
    return true;
  };
  if (!starts_like("0000-00-00T00:00:00")) return false;
  if (starts_like(".")) {
    if (!starts_like("0")) return false;
    while (starts_like("0")) continue;
  }
  if (text == "Z" || text == "z") return true;
  if (!text.starts_with('+') && !text.starts_with('-')) return false;
  text.remove_prefix(1);
  const std::string_view hours = text.substr(0, 2);
  if (!starts_like("00") || hours > "23") return false;
  return text.empty() || (text.size() == 3 && text[1] <= '5' && starts_like(":00"));
}

}  // namespace detail

/// RFC 3339: "2026-03-01T09:30:00Z" or with an offset "+01:00" or "+01"; a space may stand for the
/// T, and fractions of a second are kept to the nanosecond. Domain: the years 1900 to 2189, any two
/// times of which are less than 2^63 ns apart. Throws: std::invalid_argument; a time without a zone
/// is refused.
[[nodiscard]] inline instant parse_time(std::string_view text) {
  if (!detail::has_shape_of_time(text)) {
    throw std::invalid_argument("expected a time such as 2026-03-01T09:30:00Z, found \"" +
                                std::string(text) + "\"");
  }
  if (text.substr(0, 4) < "1900" || text.substr(0, 4) > "2189") {
    throw std::invalid_argument("expected a time of the years 1900 to 2189, found \"" +
                                std::string(text) + "\"; leave what is not known blank");
  }
  std::string copy(text);
  if (copy.size() > 10 && copy[10] == ' ') copy[10] = 'T';
  if (!copy.empty() && (copy.back() == 'Z' || copy.back() == 'z')) {
    copy.back() = '+';
    copy += "00:00";
  }
  std::istringstream in(copy);
  instant t;
  in >> date::parse("%FT%T%Ez", t);
  if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) {
    throw std::invalid_argument("expected a time such as 2026-03-01T09:30:00Z, found \"" +
                                std::string(text) + "\"");
  }
  return t;
}

/// RFC 3339 in UTC, with as many decimals of a second as it takes.
[[nodiscard]] inline std::string format_time(instant t) {
  std::string text = date::format("%FT%T", t);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text + "Z";
}

/// The UTC-offset transitions of an IANA zone such as "Europe/Berlin" over `covering`. Throws:
/// std::invalid_argument for a name that the system's database does not hold.
[[nodiscard]] inline zone load_zone(const std::string& name, const period& covering) {
  const date::time_zone* found = nullptr;
  try {
    found = date::locate_zone(name);
  } catch (const std::runtime_error&) {
    throw std::invalid_argument("no time zone \"" + name + "\" in the system's database");
  }
  date::sys_info info = found->get_info(covering.from());
  const std::chrono::seconds first = info.offset;
  std::vector<offset_change> changes;
  while (info.end < covering.to()) {
    const instant at(info.end);
    info = found->get_info(info.end);
    if (changes.empty() ? info.offset != first : info.offset != changes.back().offset) {
      changes.push_back({at, info.offset});
    }
  }
  return {name, first, std::move(changes)};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
