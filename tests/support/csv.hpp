// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Reference tables: comma-separated, no quotes; lines that start with # say where the values come
/// from.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/real.hpp>

namespace relia::test {

/// One row of a table; fields by column name.
class csv_row {
 public:
  csv_row(const std::vector<std::string>* header, std::vector<std::string> fields)
      : header_(header), fields_(std::move(fields)) {}

  [[nodiscard]] const std::string& text(std::string_view column) const {
    const auto at = std::find(header_->begin(), header_->end(), column);
    if (at == header_->end()) throw std::out_of_range("no column " + std::string(column));
    return fields_.at(static_cast<std::size_t>(at - header_->begin()));
  }

  template <real Real = double>
  [[nodiscard]] Real number(std::string_view column) const {
    const std::string& field = text(column);
    if constexpr (std::same_as<Real, float>) return std::strtof(field.c_str(), nullptr);
    if constexpr (std::same_as<Real, double>) return std::strtod(field.c_str(), nullptr);
    return static_cast<Real>(std::strtold(field.c_str(), nullptr));
  }

  [[nodiscard]] count integer(std::string_view column) const {
    return std::strtoll(text(column).c_str(), nullptr, 10);
  }

 private:
  const std::vector<std::string>* header_;
  std::vector<std::string> fields_;
};

/// A table below tests/data, for example "queueing/erlang.csv". Throws when it is not there or
/// empty.
class csv_table {
 public:
  explicit csv_table(const std::string& name) {
    std::ifstream in(std::string(RELIA_TEST_DATA) + "/" + name);
    std::string line;
    while (std::getline(in, line)) {
      if (line.empty() || line.front() == '#') continue;
      std::vector<std::string> fields;
      std::istringstream cells(line);
      for (std::string cell; std::getline(cells, cell, ',');) fields.push_back(cell);
      if (line.back() == ',') fields.emplace_back();
      if (header_.empty()) {
        header_ = std::move(fields);
      } else {
        rows_.emplace_back(&header_, std::move(fields));
      }
    }
    if (rows_.empty()) throw std::runtime_error("no rows in tests/data/" + name);
  }
  csv_table(const csv_table&) = delete;
  csv_table& operator=(const csv_table&) = delete;

  [[nodiscard]] auto begin() const { return rows_.begin(); }
  [[nodiscard]] auto end() const { return rows_.end(); }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

 private:
  std::vector<std::string> header_;
  std::vector<csv_row> rows_;
};

}  // namespace relia::test
