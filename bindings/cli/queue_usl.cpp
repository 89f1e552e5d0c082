// SPDX-License-Identifier: BSL-1.0
#include <relia/io/load_test.hpp>
#include <relia/queueing/little.hpp>
#include <relia/queueing/scaling_laws.hpp>

#include "queue.hpp"

namespace queue {
namespace {

using namespace relia;

struct options {
  std::string file;
  option confidence{"--confidence"};
  option at{"--at"};
  format_options format;
};

int usl(const options& o) {
  const io::concurrency_test test = io::read_concurrency_test(o.file);
  const double confidence = confidence_level(o.confidence);
  const double at = o.at.given() ? number(o.at) : 0;
  io::answer a{.question = "queue usl", .sentence = {}};
  try {
    const queueing::usl_fit fit =
        queueing::fit_usl(test.concurrency, test.throughput, {.confidence_level = confidence});
    const auto judged = queueing::compare_scaling(test.concurrency, test.throughput);
    a.verdict = judged.usl.verdict;
    a.sentence = "the universal scalability law: " + judged.usl.reason;
    a.add("contention", fit.contention(), check::unit::fraction);
    a.add("coherency", fit.coherency(), check::unit::fraction);
    a.add("single_rate", fit.single_rate(), check::unit::per_second);
    a.add("peak_concurrency", fit.peak_concurrency(), check::unit::events);
    a.add("peak_throughput", fit.model().peak_throughput(), check::unit::per_second);
    if (at > 0) {
      a.add("throughput_at_" + o.at.text, fit.throughput(at), check::unit::per_second);
    }
    for (const auto& law : judged.laws) {
      a.add("evidence_" + std::string(law.law.name), law.weight, check::unit::fraction);
    }
  } catch (const std::invalid_argument& e) {
    throw io::read_error(o.file, 0, e.what());
  }
  if (!test.latency.empty()) {
    const auto little = queueing::check_little(test.concurrency, test.throughput, test.latency);
    if (little.decision.verdict == verdict::fail) {
      a.add_note("the latencies, which the fit does not use, break Little's law: " +
                 little.decision.reason);
    }
  }
  return finish(a, o.format);
}

}  // namespace

void add_usl(CLI::App& group, int& exit_code) {
  auto o = std::make_shared<options>();
  CLI::App* command = group.add_subcommand(
      "usl", "Fit the universal scalability law to throughput against concurrency");
  command->footer(
      "Example: relia queue usl closed_loop.csv\nExit code: 0 the law may be used, 1 another law "
      "fits far better, 2 usage, unreadable input or too few levels, 3 the measurements do not "
      "tell.");
  command
      ->add_option("file", o->file,
                   "A CSV, a row for each level: concurrency, throughput_per_second (or "
                   "throughput), and where measured latency_mean_seconds")
      ->required();
  command->add_option(o->confidence.name, o->confidence.text, "Of the intervals [95%]");
  command->add_option(o->at.name, o->at.text, "Say the throughput at this concurrency: 128");
  add_format(*command, o->format);
  command->callback([o, &exit_code] { exit_code = usl(*o); });
}

}  // namespace queue
