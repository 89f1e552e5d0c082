// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Times as text, and zones from the system's database, by Howard Hinnant's date library.

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

/// RFC 3339: "2026-03-01T09:30:00Z" or with an offset "+01:00"; a space may stand for the T, and
/// fractions of a second are kept to the nanosecond. Throws: std::invalid_argument; a time without
/// a zone is refused.
[[nodiscard]] inline instant parse_time(std::string_view text) {
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
