// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A CSV file (RFC 4180, by libcsv) as columns of text with a header. A row whose field count
/// differs from the header's is kept aside with its line number; the caller's policy says how many
/// of those are too many.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <csv.h>

#include <relia/core/real.hpp>
#include <relia/io/error.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// A row that could not be used, and why.
struct damaged_row {
  long line = 0;
  std::string why;
};

class csv_file {
 public:
  struct row {
    long line = 0;
    std::vector<std::string> fields;
  };

  /// Throws: read_error when the file cannot be read, is empty, or is not CSV.
  explicit csv_file(std::string path) : path_(std::move(path)) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path_.c_str(), "rb"),
                                                               &std::fclose);
    if (!file) throw read_error(path_, 0, "cannot be opened");
    csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
      throw read_error(path_, 0, "the CSV parser could not start");
    }
    const std::unique_ptr<csv_parser, void (*)(csv_parser*)> owner(&parser, &csv_free);
    std::vector<char> block(1 << 16);
    bool at_start = true;
    for (;;) {
      const std::size_t n = std::fread(block.data(), 1, block.size(), file.get());
      if (n == 0) break;
      std::string_view text(block.data(), n);
      if (std::exchange(at_start, false) && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
      parse(parser, text);
    }
    if (std::ferror(file.get()) != 0) throw read_error(path_, 0, "cannot be read");
    if (csv_fini(&parser, &field, &end_of_row, this) != 0) fail(parser, after_row_);
    if (header_.empty()) throw read_error(path_, 0, "is empty; a header line was expected");
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const std::vector<row>& rows() const noexcept { return rows_; }
  [[nodiscard]] const std::vector<damaged_row>& damaged() const noexcept { return damaged_; }

  /// The index of a column. Throws: read_error that lists the columns there are, or when two have
  /// this name.
  [[nodiscard]] std::size_t column(std::string_view name) const {
    const auto at = std::find(header_.begin(), header_.end(), name);
    if (at != header_.end()) {
      if (std::find(at + 1, header_.end(), name) != header_.end()) {
        throw read_error(path_, 1, "has two columns \"" + std::string(name) + "\": rename one");
      }
      return static_cast<std::size_t>(at - header_.begin());
    }
    std::string columns;
    for (const std::string& c : header_) columns += (columns.empty() ? "" : ", ") + c;
    throw read_error(path_, 1, "has no column \"" + std::string(name) + "\"; it has " + columns);
  }

  [[nodiscard]] bool has_column(std::string_view name) const noexcept {
    return std::find(header_.begin(), header_.end(), name) != header_.end();
  }

 private:
  [[noreturn]] void fail(csv_parser& parser, long line) const {
    const int error = csv_error(&parser);
    throw read_error(path_, line,
                     error == CSV_EPARSE
                         ? "has a quote in a wrong place: a field that holds a quote, a comma or a "
                           "line break stands in double quotes, and each quote in it twice"
                         : csv_strerror(error));
  }

  /// Line by line, because libcsv skips empty lines without a word, and line numbers count them.
  void parse(csv_parser& parser, std::string_view text) {
    while (!text.empty()) {
      const std::size_t n = std::min(text.find('\n'), text.size() - 1) + 1;
      const bool ends = text[n - 1] == '\n';
      if (csv_parse(&parser, text.data(), n, &field, &end_of_row, this) != n) fail(parser, line_);
      line_ += ends ? 1 : 0;
      text.remove_prefix(n);
    }
  }

  static void field(void* text, std::size_t size, void* self) {
    auto& file = *static_cast<csv_file*>(self);
    const std::string_view value(static_cast<const char*>(text), size);
    if (file.fields_.empty()) {
      file.row_line_ = file.line_ - static_cast<long>(std::count(value.begin(), value.end(), '\n'));
    }
    file.fields_.emplace_back(value);
  }

  static void end_of_row(int, void* self) {
    auto& file = *static_cast<csv_file*>(self);
    const long first = file.row_line_;
    file.after_row_ = file.line_ + 1;
    std::vector<std::string> fields = std::exchange(file.fields_, {});
    if (file.header_.empty()) {
      file.header_ = std::move(fields);
    } else if (fields.size() != file.header_.size()) {
      file.damaged_.push_back({first, "has " + std::to_string(fields.size()) + " fields, not " +
                                          std::to_string(file.header_.size())});
    } else {
      file.rows_.push_back({first, std::move(fields)});
    }
  }

  std::string path_;
  std::vector<std::string> header_;
  std::vector<row> rows_;
  std::vector<damaged_row> damaged_;
  std::vector<std::string> fields_;
  long line_ = 1;       ///< being parsed
  long row_line_ = 1;   ///< on which the row began
  long after_row_ = 1;  ///< the one after the last row that ended
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
