// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The promtool of this machine: it judges rules files, and replays series through them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <relia/detail/text.hpp>
#include <relia/sli/counter.hpp>

#include "temporary.hpp"

namespace relia::test {

struct command_result {
  int status = 0;
  std::string output{};
};

[[nodiscard]] inline command_result run(const std::string& command) {
  const auto close = [](std::FILE* f) { return ::pclose(f); };
  std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  command_result result;
  std::array<char, 4096> block{};
  for (std::size_t n = 0; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;) {
    result.output.append(block.data(), n);
  }
  result.status = close(pipe);
  return result;
}

/// What increase() means in the version of this promtool. Throws: std::runtime_error when there is
/// none.
[[nodiscard]] inline sli::counter_preset promtool_preset() {
  const command_result version = run("promtool --version");
  int major = 0;
  int minor = 0;
  if (std::sscanf(version.output.c_str(), "promtool, version %d.%d", &major, &minor) != 2) {
    throw std::runtime_error("no promtool (apt-get install prometheus): " + version.output);
  }
  if (major >= 3) return sli::prometheus_3;
  sli::counter_preset preset = sli::prometheus_2;
  preset.zero_limit_first = minor <= 50;
  return preset;
}

[[nodiscard]] inline command_result check_rules(const std::string& rules) {
  const temporary_file file(rules, ".yaml");
  return run("promtool check rules " + file.path());
}

/// A series for promtool: its samples, in milliseconds since its time began.
struct promtool_series {
  std::string labels;
  std::vector<std::pair<std::int64_t, double>> samples;
};

struct promtool_expectation {
  std::string query;
  std::int64_t at;  ///< milliseconds
  std::vector<std::pair<std::string, double>> samples;
};

/// One unit test of `promtool test rules`. `step` divides every time of a sample.
struct promtool_test {
  std::string name;
  std::int64_t step;
  std::int64_t every;
  std::vector<promtool_series> series;
  std::vector<promtool_expectation> expected;
};

/// Does Prometheus agree with every expectation? All tests share one evaluation interval.
[[nodiscard]] inline command_result test_rules(const std::string& rules,
                                               const std::vector<promtool_test>& tests) {
  const auto milliseconds = [](std::int64_t t) { return relia::detail::to_text(t) + "ms"; };
  const auto single_quoted = [](const std::string& text) { return "'" + text + "'"; };
  const temporary_file rules_file(rules, ".yaml");
  std::string yaml = "rule_files: [" + rules_file.path() +
                     "]\nevaluation_interval: " + milliseconds(tests.front().every) + "\ntests:\n";
  for (const promtool_test& t : tests) {
    yaml += "- name: " + t.name + "\n  interval: " + milliseconds(t.step) + "\n  input_series:\n";
    for (const promtool_series& s : t.series) {
      yaml += "  - series: " + single_quoted(s.labels) + "\n    values: '";
      std::int64_t next = 0;
      for (const auto& [at, value] : s.samples) {
        const std::int64_t gap = at / t.step - next;
        if (gap > 0) yaml += "_x" + relia::detail::to_text(gap) + " ";
        yaml += relia::detail::to_text(value) + " ";
        next += gap + 1;
      }
      yaml += "'\n";
    }
    yaml += "  promql_expr_test:\n";
    for (const promtool_expectation& e : t.expected) {
      yaml += "  - expr: " + single_quoted(e.query) + "\n    eval_time: " + milliseconds(e.at) +
              "\n    exp_samples:" + (e.samples.empty() ? " []\n" : "\n");
      for (const auto& [labels, value] : e.samples) {
        yaml += "    - labels: " + single_quoted(labels) +
                "\n      value: " + relia::detail::to_text(value) + "\n";
      }
    }
  }
  const temporary_file test_file(yaml, ".yaml");
  return run("promtool test rules " + test_file.path());
}

}  // namespace relia::test
