// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The data sets that several tests of this area fit.

#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <support/csv.hpp>

namespace relia::test {

struct points {
  std::vector<double> x;
  std::vector<double> y;
};

[[nodiscard]] inline points cars() {
  points p;
  for (const csv_row& row : csv_table("forecast/cars.csv")) {
    p.x.push_back(row.number("speed"));
    p.y.push_back(row.number("dist"));
  }
  return p;
}

[[nodiscard]] inline points nist_points(const std::string& set) {
  points p;
  for (const csv_row& row : csv_table("forecast/nist_points.csv")) {
    if (row.text("set") != set) continue;
    p.x.push_back(row.number("x"));
    p.y.push_back(row.number("y"));
  }
  return p;
}

[[nodiscard]] inline std::pair<Eigen::MatrixXd, std::vector<double>> longley() {
  const csv_table table("forecast/longley.csv");
  std::pair<Eigen::MatrixXd, std::vector<double>> data{
      Eigen::MatrixXd(static_cast<Eigen::Index>(table.size()), 6), {}};
  for (const csv_row& row : table) {
    const auto i = static_cast<Eigen::Index>(data.second.size());
    for (int j = 0; j < 6; ++j) data.first(i, j) = row.number("x" + std::to_string(j + 1));
    data.second.push_back(row.number("y"));
  }
  return data;
}

/// One column.
[[nodiscard]] inline Eigen::Map<const Eigen::VectorXd> column(const std::vector<double>& values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

}  // namespace relia::test
