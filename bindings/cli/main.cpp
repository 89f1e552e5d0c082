// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <exception>

#include <relia/version.hpp>

#include "commands.hpp"

int main(int argc, char** argv) {
  CLI::App app("Reliability checks with their uncertainty, for CI and for a desk.", "relia");
  app.set_version_flag("--version", RELIA_VERSION);
  app.require_subcommand(1);
  int exit_code = 0;
  add_check(app, exit_code);
  add_explain(app, exit_code);
  add_queue(app, exit_code);
  add_slo(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "relia: %s\n", e.what());
    return 2;
  }
  return exit_code;
}
