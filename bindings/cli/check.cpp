// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <relia/check.hpp>
#include <relia/io.hpp>

#include "commands.hpp"

namespace {

using namespace relia;

/// One line on a terminal, from the second second on, that says which check is running.
class progress_line {
 public:
  progress_line() {
    if (::isatty(STDERR_FILENO) == 0) return;
    thread_ = std::jthread([this](const std::stop_token& stop) { show(stop); });
  }

  ~progress_line() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void now(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
  }

 private:
  void show(const std::stop_token& stop) {
    using namespace std::chrono_literals;
    std::unique_lock lock(mutex_);
    for (auto wait = 1000ms; !stopped_.wait_for(lock, stop, wait, [] { return false; });
         wait = 200ms) {
      if (stop.stop_requested()) return;
      std::fprintf(stderr, "\r\x1b[K%s", text_.c_str());
      std::fflush(stderr);
      shown_ = true;
    }
  }

  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::string text_ = "reading";
  bool shown_ = false;
  std::jthread thread_;
};

std::string formatted(const check::report& report, std::string_view format, io::colour use) {
  if (format == "text") return io::to_text(report, use);
  if (format == "json") return io::to_json(report);
  if (format == "junit") return io::to_junit(report);
  if (format == "markdown") return io::to_markdown(report);
  if (format == "github") return io::to_github(report);
  throw std::invalid_argument(
      io::unknown_word("format", format, {"text", "json", "junit", "markdown", "github"}));
}

/// Where a report goes, in which format.
struct destination {
  std::string format;
  std::string file;
};

struct options {
  std::vector<std::string> files;
  std::vector<std::string> formats;
  std::vector<std::string> outputs;
  check::inconclusive inconclusive = check::inconclusive::fail;
};

/// Before anything is measured: a run of minutes must not end on a misspelt option.
std::vector<destination> destinations(const options& chosen) {
  for (const std::string& format : chosen.formats) (void)formatted({}, format, io::colour::no);
  std::vector<destination> all;
  for (const std::string& output : chosen.outputs) {
    const std::size_t equals = output.find('=');
    if (equals == std::string::npos || equals + 1 == output.size()) {
      throw std::invalid_argument("--output must be FORMAT=FILE, got \"" + output + "\"");
    }
    destination d{output.substr(0, equals), output.substr(equals + 1)};
    (void)formatted({}, d.format, io::colour::no);
    const auto path = std::filesystem::weakly_canonical(d.file);
    const auto same = [&path](const std::string& file) {
      return std::filesystem::weakly_canonical(file) == path;
    };
    if (std::any_of(all.begin(), all.end(), [&](const auto& other) { return same(other.file); })) {
      throw std::invalid_argument("--output names " + d.file + " twice: give each its own file");
    }
    if (std::any_of(chosen.files.begin(), chosen.files.end(), same)) {
      throw std::invalid_argument("--output would overwrite the rules in " + d.file);
    }
    all.push_back(std::move(d));
  }
  return all;
}

int run(const options& chosen) {
  const std::vector<destination> outputs = destinations(chosen);
  check::report report;
  {
    progress_line progress;
    for (const std::string& file : chosen.files) {
      const auto items = io::read_rules(file);
      for (std::size_t i = 0; i < items.size(); ++i) {
        progress.now(file + ": " + std::to_string(i + 1) + " of " + std::to_string(items.size()) +
                     ", " + items[i].name);
        report.results.push_back(check::evaluate(items[i]));
      }
    }
  }
  const bool terminal = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  for (const std::string& format : chosen.formats) {
    print(formatted(report, format, terminal ? io::colour::yes : io::colour::no));
  }
  for (const destination& d : outputs) {
    std::ofstream out(d.file, std::ios::binary);
    out << formatted(report, d.format, io::colour::no);
    out.close();
    if (!out) throw std::runtime_error("cannot write " + d.file);
  }
  return report.exit_code(chosen.inconclusive);
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
  auto chosen = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("check", "Evaluate the rules of one or more files");
  command->footer(
      "Exit code: 0 all passed, 1 a check failed, 2 usage or unreadable input, 3 inconclusive.");
  command->add_option("files", chosen->files, "Rules files (YAML)")->required();
  command
      ->add_option("--format", chosen->formats,
                   "On standard output: text, json, junit, markdown, github; may be repeated")
      ->default_val(std::vector<std::string>{"text"});
  command->add_option("--output", chosen->outputs, "FORMAT=FILE; may be repeated");
  const std::map<std::string, check::inconclusive> policies{{"fail", check::inconclusive::fail},
                                                            {"warn", check::inconclusive::warn},
                                                            {"pass", check::inconclusive::pass}};
  command
      ->add_option("--inconclusive", chosen->inconclusive,
                   "What an inconclusive check means: fail (exit 3), warn, pass")
      ->transform(CLI::CheckedTransformer(policies))
      ->default_str("fail");
  command->callback([chosen, &exit_code] { exit_code = run(*chosen); });
}
