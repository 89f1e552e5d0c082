// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The one place where a numeric bound is stated: an accuracy test asserts it, prints the largest
/// error met, and publishes the bound to docs/accuracy.md (the test docs.accuracy compares the
/// two).

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <type_traits>

#include <doctest/doctest.h>

#include <support/close.hpp>

namespace relia::test {

template <class Real>
[[nodiscard]] constexpr const char* type_name() {
  if constexpr (std::is_same_v<Real, float>) return "float";
  if constexpr (std::is_same_v<Real, double>) return "double";
  return "long double";
}

/// The measured relative error of one function in one region. Test cases that use it are named
/// "accuracy: <function>".
template <real Real = double>
class accuracy {
 public:
  /// function: "queueing::erlang_c"; region: words of the domain tested; source: the table's
  /// origin; bound: the largest relative error allowed.
  accuracy(std::string function, std::string region, std::string source, double bound)
      : function_(std::move(function)),
        region_(std::move(region)),
        source_(std::move(source)),
        bound_(bound) {}
  accuracy(const accuracy&) = delete;
  accuracy& operator=(const accuracy&) = delete;

  /// `slack`: a factor >= 1 where the row's own conditioning allows more; say why where you pass
  /// it.
  void compare(Real actual, Real expected, double slack = 1.0) {
    const double error = static_cast<double>(relative_error(actual, expected)) / slack;
    if (!(error <= worst_) || rows_ == 0) {
      worst_ = error;
      worst_actual_ = actual;
      worst_expected_ = expected;
    }
    ++rows_;
  }

  ~accuracy() {
    std::cout << function_ << " <" << type_name<Real>() << "> " << region_ << ": " << rows_
              << " rows, largest relative error " << worst_ << ", bound " << bound_ << '\n';
    INFO(function_, " ", region_, ": worst row gives ", worst_actual_, " for ", worst_expected_);
    CHECK(rows_ > 0);
    CHECK(worst_ <= bound_);
    if (const char* path = std::getenv("RELIA_ACCURACY_FILE")) {
      std::ofstream(path, std::ios::app)
          << "| `" << function_ << "` | " << type_name<Real>() << " | " << region_ << " | " << rows_
          << " | " << bound_ << " | " << source_ << " |\n";
    }
  }

 private:
  std::string function_;
  std::string region_;
  std::string source_;
  double bound_;
  double worst_ = 0;
  Real worst_actual_ = 0;
  Real worst_expected_ = 0;
  long rows_ = 0;
};

}  // namespace relia::test
