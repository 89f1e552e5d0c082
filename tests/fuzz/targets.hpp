// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Every reader of bytes from outside, and every function of queueing (stations.hpp), as a function
/// of bytes. A reader may refuse
/// (std::invalid_argument, std::domain_error); what it accepts must survive being written and read
/// again. Anything else is a finding: another exception, a broken round trip, the sanitizers' word.
/// To add a reader, add its line to `targets`, and a folder of seeds in corpus/.

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

#include <relia/aggregate.hpp>
#include <relia/io.hpp>
#include <relia/slo/ledger.hpp>

#include "../support/same_counts.hpp"
#include "require.hpp"
#include "stations.hpp"

namespace relia::fuzz {

using test::same;

/// The byte form of an aggregate. What was read must answer, and merge, like what was recorded.
template <class Aggregate>
void byte_form(std::string_view input) {
  const auto read = Aggregate::from_bytes(std::as_bytes(std::span(input.data(), input.size())));
  const auto bytes = read.to_bytes();
  require(Aggregate::from_bytes(bytes).to_bytes() == bytes);
  if constexpr (requires { read.quantile(0.5); }) {
    for (const double level : {0.0, 0.5, 1.0}) {
      const aggregate::bounded q = read.quantile(level);
      require(!q.has_value() || q.contains(q.value));
    }
    const aggregate::bounded fast = read.at_most(1.0);
    require(!fast.has_value() || fast.contains(fast.value));
  }
  Aggregate twice = read;
  twice.merge(read);
  require(Aggregate::from_bytes(twice.to_bytes()) == twice);
}

inline void otlp(std::string_view input) {
  const io::otlp_point point = io::from_otlp(input);
  const io::wire_message out = io::to_otlp(point.counts, point.times);
  const io::otlp_point again = io::from_otlp(out.data);
  require(out.dropped.empty() && same(again.counts, point.counts) && again.times == point.times);
}

inline void otlp_json(std::string_view input) {
  const io::otlp_point point = io::from_otlp_json(input);
  const io::wire_message out = io::to_otlp_json(point.counts, point.times);
  const io::otlp_point again = io::from_otlp_json(out.data);
  require(out.dropped.empty() && same(again.counts, point.counts) && again.times == point.times);
}

inline void prometheus_histogram(std::string_view input) {
  const aggregate::exponential_counts counts = io::from_prometheus(input);
  require(same(io::from_prometheus(io::to_prometheus(counts).data), counts));
  const aggregate::exponential_counts small = io::from_prometheus(input, {.max_buckets = 160});
  require(small.positive.counts.size() <= 160 && small.negative.counts.size() <= 160);
  require(same(io::folded(counts, small.scale), small));
}

inline void prometheus(std::string_view input) { (void)io::parse_prometheus(input, "answer.json"); }

inline void prometheus_histogram_json(std::string_view input) {
  for (const auto& series : io::parse_prometheus_histograms(input, "answer.json")) {
    for (const auto& counts : series.values) {
      require(same(io::from_prometheus(io::to_prometheus(counts).data), counts));
    }
  }
}

/// For readers that take a file: one file per process.
template <class Read>
void through_file(std::string_view input, const char* ending, Read read) {
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("relia-fuzz-" + std::to_string(::getpid()) + ending))
                               .string();
  std::ofstream(path, std::ios::binary | std::ios::trunc) << input;
  struct removed_at_end {
    const std::string& path;
    ~removed_at_end() { std::remove(path.c_str()); }
  } const file{path};
  read(file.path);
}

inline void csv(std::string_view input) {
  through_file(input, ".csv", [](const std::string& path) { (void)io::csv_file(path); });
}

inline void rules(std::string_view input) {
  through_file(input, ".yaml", [](const std::string& path) { (void)io::read_rules(path); });
}

inline void slos(std::string_view input) {
  through_file(input, ".yaml", [](const std::string& path) {
    for (const io::slo_spec& spec : io::read_slos(path, io::slo_data::leave)) {
      (void)slo::lint(spec.rules.policy, spec.rules.goal, spec.lint);
      (void)io::to_prometheus_rules(spec.rules);
    }
  });
}

struct target {
  std::string_view name;
  void (*read)(std::string_view);
};

inline constexpr target targets[] = {
    {"counts", byte_form<aggregate::counts>},
    {"histogram", byte_form<aggregate::histogram>},
    {"small_histogram", byte_form<aggregate::small_histogram>},
    {"threshold_histogram",
     byte_form<aggregate::basic_histogram<aggregate::histogram_layout{.thresholds = 3}>>},
    {"integer_histogram", byte_form<aggregate::integer_histogram>},
    {"explicit_histogram", byte_form<aggregate::explicit_histogram>},
    {"small_sample", byte_form<aggregate::small_sample<>>},
    {"adaptive", byte_form<aggregate::adaptive<aggregate::small_histogram>>},
    {"keyed", byte_form<aggregate::keyed>},
    {"ledger", byte_form<slo::ledger>},
    {"windows_of_counts", byte_form<aggregate::windows<aggregate::counts>>},
    {"windows_of_histograms", byte_form<aggregate::windows<aggregate::small_histogram>>},
    {"otlp", otlp},
    {"otlp_json", otlp_json},
    {"prometheus_histogram", prometheus_histogram},
    {"prometheus", prometheus},
    {"prometheus_histogram_json", prometheus_histogram_json},
    {"csv", csv},
    {"rules", rules},
    {"slos", slos},
    {"stations", stations::run},
};

/// Runs one input; only the two refusals are expected.
inline void run(const target& target, std::string_view input) {
  try {
    target.read(input);
  } catch (const std::invalid_argument&) {
    return;
  } catch (const std::domain_error&) {
    return;
  }
}

}  // namespace relia::fuzz
