// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A row of the caller's data, named in a message: "got row 7". Rows count from 0.

#include <cstddef>
#include <string>
#include <string_view>

#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::detail {

struct row {
  std::size_t index;
};

[[nodiscard]] inline std::string to_text(row r) { return "row " + to_text(r.index); }

/// Row i of `times` is later than the one before it.
template <class Times>
void require_increasing(std::string_view where, const Times& times, std::size_t i) {
  require_argument(i == 0 || times[i - 1] < times[i], where, "times", "strictly increasing",
                   row{i});
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::detail
