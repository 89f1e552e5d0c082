// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <relia/check.hpp>
#include <relia/io/yaml.hpp>

#include "commands.hpp"

namespace {

using namespace relia;

void explain(const check::rule_info& info) {
  std::printf("%s\n\n%s\n\nmeasures  %s\nmethod    %s\n\n%s", std::string(info.name).c_str(),
              std::string(info.question).c_str(), std::string(info.measures).c_str(),
              std::string(info.method).c_str(), std::string(info.example).c_str());
}

void run(const std::string& rule) {
  if (rule.empty()) {
    for (const check::rule_info& info : check::rules()) {
      std::printf("%-22s %s\n", std::string(info.name).c_str(), std::string(info.question).c_str());
    }
    return;
  }
  std::vector<std::string> names;
  for (const check::rule_info& info : check::rules()) {
    if (info.name == rule) return explain(info);
    names.emplace_back(info.name);
  }
  throw std::invalid_argument(io::unknown_word("rule", rule, names));
}

}  // namespace

void add_explain(CLI::App& app, int& exit_code) {
  auto rule = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "explain", "Say what a rule measures and how; without a name, list the rules");
  command->add_option("rule", *rule, "A rule, such as queueing.response");
  command->callback([rule, &exit_code] {
    run(*rule);
    exit_code = 0;
  });
}
