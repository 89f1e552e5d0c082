// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A strict view of a YAML mapping (by yaml-cpp): every value is asked for by key, keys that nobody
/// asked for are errors with a suggestion, a key given twice is an error, and every error names
/// file and line.

#include <algorithm>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <numeric>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <relia/io/error.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

/// Levenshtein distance: the fewest single-letter edits.
inline std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({replaced, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace detail

/// The known word nearest to `word`, when it is near enough to be meant.
[[nodiscard]] inline std::optional<std::string> nearest_word(
    std::string_view word, const std::vector<std::string>& known) {
  std::optional<std::string> best;
  std::size_t fewest = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const std::size_t edits = detail::edits_between(word, candidate);
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

/// "unknown key "sevrers"; did you mean "servers"? Known: ..."
[[nodiscard]] inline std::string unknown_word(std::string_view kind, std::string_view word,
                                              const std::vector<std::string>& known) {
  std::string text = "unknown " + std::string(kind) + " \"" + std::string(word) + "\"";
  if (const auto meant = nearest_word(word, known)) text += "; did you mean \"" + *meant + "\"?";
  std::string all;
  for (const std::string& k : known) all += (all.empty() ? "" : ", ") + k;
  return text + " Known: " + all;
}

/// A scalar with the place it stands in.
struct yaml_text {
  std::string text;
  std::string file;
  int line = 0;

  [[noreturn]] void refuse(const std::string& why) const { throw read_error(file, line, why); }

  /// Applies a parser that throws std::exception on bad text, and adds the place to its message.
  template <class Parse>
  [[nodiscard]] auto as(Parse&& parse) const {
    try {
      return std::invoke(parse, std::string_view(text));
    } catch (const read_error&) {
      throw;
    } catch (const std::exception& e) {
      refuse(e.what());
    }
  }
};

class yaml_map {
 public:
  /// Throws: read_error unless `node` is a mapping with distinct scalar keys.
  yaml_map(const YAML::Node& node, std::string file, std::string what)
      : node_(node), file_(std::move(file)), what_(std::move(what)) {
    if (!node_.IsMap()) throw read_error(file_, line(), what_ + " must be a mapping of keys");
    std::vector<std::string> keys;
    for (const auto& pair : node_) {
      if (!pair.first.IsScalar()) {
        throw read_error(file_, line_of(pair.first), what_ + " has a key that is not a word");
      }
      const auto key = pair.first.as<std::string>();
      if (key == "<<") {
        throw read_error(file_, line_of(pair.first),
                         "merge keys (<<) are not read: write the keys out, or name the whole "
                         "block by *alias");
      }
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
        throw read_error(file_, line_of(pair.first), "key \"" + key + "\" is given twice");
      }
      keys.push_back(key);
    }
  }

  [[nodiscard]] int line() const { return line_of(node_); }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

  [[noreturn]] void refuse(const std::string& why) const { throw read_error(file_, line(), why); }

  [[nodiscard]] bool has(const std::string& key) const {
    ask(key);
    return node_[key].IsDefined();
  }

  [[nodiscard]] std::optional<yaml_text> optional(const std::string& key) const {
    if (!has(key)) return std::nullopt;
    const YAML::Node value = node_[key];
    if (!value.IsScalar()) {
      throw read_error(file_, line_of(value), "\"" + key + "\" must be a single value");
    }
    return yaml_text{value.Scalar(), file_, line_of(value)};
  }

  [[nodiscard]] yaml_text required(const std::string& key) const {
    if (auto value = optional(key)) return *std::move(value);
    refuse(what_ + " needs \"" + key + "\"");
  }

  [[nodiscard]] yaml_map map(const std::string& key) const {
    if (!has(key)) refuse(what_ + " needs \"" + key + "\"");
    return {node_[key], file_, "\"" + key + "\""};
  }

  /// The mappings of a sequence. Throws: read_error unless it is a sequence that holds something.
  [[nodiscard]] std::vector<yaml_map> maps(const std::string& key) const {
    if (!has(key)) refuse(what_ + " needs \"" + key + "\"");
    const YAML::Node list = node_[key];
    if (!list.IsSequence() || list.size() == 0) {
      throw read_error(file_, line_of(list), "\"" + key + "\" must be a list that is not empty");
    }
    std::vector<yaml_map> all;
    for (const auto& item : list) all.emplace_back(item, file_, "an item of \"" + key + "\"");
    return all;
  }

  /// The values of a sequence; none without the key. Throws: read_error unless it is a sequence of
  /// single values.
  [[nodiscard]] std::vector<yaml_text> texts(const std::string& key) const {
    std::vector<yaml_text> all;
    if (!has(key)) return all;
    const YAML::Node list = node_[key];
    const auto single = [](const YAML::Node& item) { return item.IsScalar(); };
    if (!list.IsSequence() || !std::all_of(list.begin(), list.end(), single)) {
      throw read_error(file_, line_of(list), "\"" + key + "\" must be a list of single values");
    }
    for (const auto& item : list) all.push_back({item.Scalar(), file_, line_of(item)});
    return all;
  }

  /// Every key with its scalar value, for mappings whose keys are data (labels).
  [[nodiscard]] std::vector<std::pair<std::string, yaml_text>> entries() const {
    std::vector<std::pair<std::string, yaml_text>> all;
    for (const auto& pair : node_) {
      const auto key = pair.first.as<std::string>();
      all.emplace_back(key, required(key));
    }
    return all;
  }

  /// Every key that was asked for so far.
  [[nodiscard]] const std::vector<std::string>& asked() const noexcept { return asked_; }

  /// Throws: read_error for a key that nobody asked for.
  void finish() const {
    for (const auto& pair : node_) {
      const auto key = pair.first.as<std::string>();
      if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
        throw read_error(file_, line_of(pair.first), unknown_word("key", key, asked_));
      }
    }
  }

 private:
  static int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

  void ask(const std::string& key) const {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.push_back(key);
  }

  YAML::Node node_;
  std::string file_;
  std::string what_;
  mutable std::vector<std::string> asked_;
};

namespace detail {

/// Where each document begins, and nothing else of it.
struct document_starts : YAML::EventHandler {
  std::vector<int> lines;

  void OnDocumentStart(const YAML::Mark& mark) override { lines.push_back(mark.line + 1); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// Looks for the first two documents and no further: yaml-cpp before 0.9 finds documents without
/// end in a text that begins with a comma (jbeder/yaml-cpp#1319).
inline std::vector<int> first_two_documents(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  document_starts starts;
  while (starts.lines.size() < 2 && parser.HandleNextDocument(starts)) {
  }
  return starts.lines;
}

}  // namespace detail

/// Reads a file of one document. Throws: read_error with the line of a syntax error, or of a second
/// document.
[[nodiscard]] inline yaml_map read_yaml(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw read_error(path, 0, "is a folder, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw read_error(path, 0, "cannot be opened");
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  try {
    const std::vector<int> documents = detail::first_two_documents(text);
    if (documents.empty()) throw read_error(path, 0, "is empty");
    if (documents.size() > 1) {
      throw read_error(path, documents[1],
                       "begins a second document: write one, without a line of ---");
    }
    return {YAML::Load(text), path, "the file"};
  } catch (const YAML::DeepRecursion& e) {
    throw read_error(path, e.mark.line + 1, "is nested too deeply");
  } catch (const YAML::Exception& e) {
    throw read_error(path, e.mark.line + 1, e.msg);
  }
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
