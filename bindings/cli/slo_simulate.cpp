// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <relia/io.hpp>
#include <relia/slo.hpp>

#include "commands.hpp"

namespace {

using namespace relia;

struct options {
  std::string file;
  std::uint64_t seed = 0;
  count months = 100;
  count outages = 500;
};

std::string in_time(double seconds) { return io::notation(seconds, check::unit::seconds); }
std::string in_percent(double fraction) { return io::written(fraction, check::unit::fraction); }
std::string in_times(double ratio) { return io::written(ratio, check::unit::ratio); }
std::string in_events(double number) { return io::notation(number, check::unit::events); }

/// What is allowed, in 30 days.
double allowed_pages(const slo::page_allowance& allowed) {
  return allowed.false_pages_per_quarter *
         (real_seconds(std::chrono::days(30)) / real_seconds(slo::quarter));
}

std::vector<io::slo_spec> with_traffic(const std::string& file, bool incidents) {
  std::vector<io::slo_spec> all = io::read_slos(file, io::slo_data::leave);
  for (const io::slo_spec& spec : all) {
    if (!spec.lint.events_per_second) {
      throw io::read_error(spec.file, spec.line, "simulated traffic needs \"traffic\"");
    }
    if (incidents && spec.design.incidents.empty()) {
      throw io::read_error(spec.file, spec.line, "a design needs \"incidents\" that it must find");
    }
  }
  return all;
}

std::string heading(const io::slo_spec& spec, verdict v) {
  return std::string(to_string(v)) + "  " + spec.rules.name + "\n    traffic   " +
         in_events(spec.design.load.events_per_hour) + " events an hour, dispersion " +
         in_times(spec.design.load.dispersion) + "\n";
}

verdict simulate(const io::slo_spec& spec, const options& chosen, std::string& out) {
  const slo::page_allowance& allowed = spec.design.allowed;
  const slo::objective& goal = spec.rules.goal;
  const std::vector<slo::policy_alarm> alarms{slo::policy_alarm(spec.rules.policy, goal)};
  const std::span<const slo::policy_alarm> all(alarms);
  const slo::page_rate pages =
      slo::page_rates(all, spec.design.load, goal.error_budget() * allowed.burn_rate,
                      {.seed = chosen.seed, .replicates = chosen.months})[0];
  const double most = allowed_pages(allowed);
  const auto rate = stats::rate(pages.pages, static_cast<double>(chosen.months),
                                {.confidence_level = two_sided_level(0.95)});
  const verdict v = decide(rate, {sense::at_most, most, 0.95}).verdict;
  out += heading(spec, v);
  out += "    pages     " + in_events(pages.mean) + " in 30 d while the budget burns at " +
         in_times(allowed.burn_rate) + ", standard error " + in_events(pages.standard_error) +
         "; allowed " + in_events(most) + "\n";
  std::vector<slo::incident_class> outages = spec.design.incidents;
  if (outages.empty()) outages = {{"outage of all", 1, {}, {}}, {"outage of a tenth", 0.1, {}, {}}};
  for (const slo::incident_class& c : outages) {
    const slo::detection found =
        slo::detection_times(all, spec.design.load, c.error_ratio,
                             {.seed = chosen.seed + 1, .replicates = chosen.outages})[0];
    out += "    " + c.name + " (" + in_percent(c.error_ratio) + "): paged after " +
           in_time(found.median.value) + " in [" + in_time(found.median.interval.lower) + ", " +
           in_time(found.median.interval.upper) + "] as the median, " + in_time(found.quantile_90) +
           " in nine of ten\n";
  }
  return v;
}

/// A comment for each thing to know, and the tiers in the form that the file reads.
verdict design(const io::slo_spec& spec, const options& chosen, std::string& out) {
  slo::design_request request = spec.design;
  request.seed = chosen.seed;
  request.months = chosen.months;
  request.outages = chosen.outages;
  const slo::design_result result = slo::design(spec.rules.goal, request);
  const slo::design_outcome& best = result.chosen;
  out += "# " + spec.rules.name + ": misses " + relia::detail::to_text(best.missed) +
         " of the requirements; the workbook's policy misses " +
         relia::detail::to_text(result.workbook.missed) + "\n";
  out += "# " + in_events(best.false_pages.mean) + " false pages in 30 d, standard error " +
         in_events(best.false_pages.standard_error) + "; allowed " +
         in_events(allowed_pages(request.allowed)) + "\n";
  for (std::size_t i = 0; i < best.incidents.size(); ++i) {
    const slo::class_outcome& o = best.incidents[i];
    out += "# " + request.incidents[i].name + ": paged after " + in_time(o.found.median.value) +
           " as the median, " + in_time(o.found.quantile_90) + " in nine of ten; the page stays " +
           in_time(o.reset.count()) + "\n";
  }
  out += "# below " + in_times(result.slowest_burn) + " nothing pages: the budget is gone in " +
         in_time(result.unseen_exhaustion.count()) + "\n";
  for (const std::string& reason : result.reasons) out += "# " + reason + "\n";
  const std::string tiers = io::to_yaml(best.policy.tiers);
  out += "tiers:\n";
  for (std::size_t i = 0; i < tiers.size();) {
    const std::size_t end = tiers.find('\n', i) + 1;
    out += "  " + tiers.substr(i, end - i);
    i = end;
  }
  return best.missed > 0 ? verdict::fail : verdict::pass;
}

int exit_code_of(const std::vector<verdict>& all) {
  const auto any = [&all](verdict v) { return std::find(all.begin(), all.end(), v) != all.end(); };
  return any(verdict::fail) ? 1 : any(verdict::inconclusive) ? 3 : 0;
}

}  // namespace

void add_slo_simulation(CLI::App& group, int& exit_code) {
  using answer = verdict (*)(const io::slo_spec&, const options&, std::string&);
  const auto add = [&](const char* name, const char* question, const char* codes, bool incidents,
                       answer run) {
    auto chosen = std::make_shared<options>();
    CLI::App* command = group.add_subcommand(name, question);
    command->footer(std::string("Exit code: ") + codes);
    command->add_option("file", chosen->file, "Objectives (YAML), with \"traffic\"")->required();
    command->add_option("--seed", chosen->seed, "Of the simulated traffic")->capture_default_str();
    command->add_option("--months", chosen->months, "Simulated months without an outage")
        ->capture_default_str();
    command->add_option("--outages", chosen->outages, "Simulated outages of each kind")
        ->capture_default_str();
    command->callback([chosen, incidents, run, &exit_code] {
      std::vector<verdict> all;
      std::string text;
      for (const io::slo_spec& spec : with_traffic(chosen->file, incidents)) {
        all.push_back(run(spec, *chosen, text));
      }
      print(text);
      exit_code = exit_code_of(all);
    });
  };
  add("simulate", "Say how often it pages for nothing, and how late for an outage",
      "0 pages as allowed, 1 more often, 2 usage or unreadable input, 3 too few months to tell.",
      false, simulate);
  add("design", "Find windows, factors and evidence that find these incidents in time",
      "0 every requirement is met, 1 some are missed, 2 usage or unreadable input.", true, design);
}
