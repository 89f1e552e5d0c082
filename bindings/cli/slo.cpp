// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <relia/io.hpp>
#include <relia/slo.hpp>

#include "commands.hpp"

namespace {

using namespace relia;

struct options {
  std::string file;
  std::string format = "text";
  std::string output;
  bool strict = false;
};

bool wants_json(const std::string& format) {
  if (format != "text" && format != "json") {
    throw std::invalid_argument(io::unknown_word("format", format, {"text", "json"}));
  }
  return format == "json";
}

/// Fail beats inconclusive beats pass, as in DESIGN's exit codes.
int status(const options& chosen) {
  const bool json = wants_json(chosen.format);
  std::vector<io::slo_with_status> all;
  for (io::slo_spec& spec : io::read_slos(chosen.file)) {
    if (!spec.events) {
      throw io::read_error(spec.file, spec.line,
                           "a status needs \"counters\" with the \"file\" that holds them");
    }
    auto now = slo::status(spec.rules.policy, spec.rules.goal, *spec.events);
    all.push_back({std::move(spec), std::move(now)});
  }
  const bool terminal = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  print(json ? io::to_json(all) : io::to_text(all, terminal ? io::colour::yes : io::colour::no));
  const auto any = [&all](verdict v) {
    return std::any_of(all.begin(), all.end(),
                       [v](const auto& s) { return s.status.verdict == v; });
  };
  return any(verdict::fail) ? 1 : any(verdict::inconclusive) ? 3 : 0;
}

std::vector<io::slo_with_findings> linted(std::vector<io::slo_spec> specs) {
  std::vector<io::slo_with_findings> all;
  for (io::slo_spec& spec : specs) {
    auto found = slo::lint(spec.rules.policy, spec.rules.goal, spec.lint);
    all.push_back({std::move(spec), std::move(found)});
  }
  return all;
}

bool any_finding(const std::vector<io::slo_with_findings>& all, bool warnings_too) {
  return std::any_of(all.begin(), all.end(), [=](const io::slo_with_findings& s) {
    return std::any_of(s.findings.begin(), s.findings.end(), [=](const slo::finding& f) {
      return warnings_too || f.level == slo::finding_level::error;
    });
  });
}

int lint(const options& chosen) {
  const bool json = wants_json(chosen.format);
  const auto all = linted(io::read_slos(chosen.file, io::slo_data::leave));
  print(json ? io::to_json(all) : io::to_text(all));
  return any_finding(all, chosen.strict) ? 1 : 0;
}

int rules(const options& chosen) {
  const auto all = linted(io::read_slos(chosen.file, io::slo_data::leave));
  std::fputs(io::to_text(all).c_str(), stderr);
  if (any_finding(all, false)) {
    throw std::invalid_argument(chosen.file + ": no rules are written for a policy with errors");
  }
  std::vector<io::prometheus_slo> objectives;
  for (const io::slo_with_findings& s : all) {
    const io::event_selectors& e = s.spec.rules.events;
    if (e.bad.empty() && e.good.empty() && e.valid.empty()) {
      throw io::read_error(s.spec.file, s.spec.line,
                           R"(rules need "counters", or selectors under "prometheus")");
    }
    objectives.push_back(s.spec.rules);
  }
  const std::string text = io::to_prometheus_rules(objectives);
  if (chosen.output.empty()) {
    print(text);
    return 0;
  }
  std::ofstream out(chosen.output, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + chosen.output);
  return 0;
}

}  // namespace

void add_slo(CLI::App& app, int& exit_code) {
  CLI::App* group = app.add_subcommand("slo", "Objectives: where they stand, and how they alert");
  group->require_subcommand(1);
  const auto add = [&](const char* name, const char* question, const char* codes,
                       int (*run)(const options&)) {
    auto chosen = std::make_shared<options>();
    CLI::App* command = group->add_subcommand(name, question);
    command->footer(std::string("Exit code: ") + codes);
    command->add_option("file", chosen->file, "Objectives (YAML)")->required();
    command->callback([chosen, run, &exit_code] { exit_code = run(*chosen); });
    return std::pair(command, chosen);
  };
  const auto with_format = [](const auto& added) {
    added.first->add_option("--format", added.second->format, "text or json")->default_str("text");
  };
  with_format(add("status",
                  "Say what was attained, what is left, what fires, and how long it lasts",
                  "0 within every budget and no page, 1 a budget is overspent or a page fires, 2 "
                  "usage or unreadable input, 3 no data.",
                  status));
  const auto added =
      add("lint", "Name what is impossible or unwise, with the arithmetic",
          "0 no errors, 1 errors (with --strict: or warnings), 2 usage or unreadable "
          "input.",
          lint);
  with_format(added);
  added.first->add_flag("--strict", added.second->strict, "Warnings count as errors");
  const auto writer = add("rules", "Write Prometheus recording and alerting rules",
                          "0 written, 2 usage, unreadable input, or a policy with errors.", rules);
  writer.first->add_option("--output", writer.second->output, "A file, instead of standard output");
  add_slo_simulation(*group, exit_code);
}
