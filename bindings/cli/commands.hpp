// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The subcommands of `relia`: each adds itself to the application and, when chosen, sets the exit
/// code.

#include <cstdio>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>

/// To standard output, whole or not at all as far as the exit code can tell.
inline void print(const std::string& text) {
  const bool whole = std::fputs(text.c_str(), stdout) >= 0;
  if (std::fflush(stdout) != 0 || !whole || std::ferror(stdout) != 0) {
    throw std::runtime_error("cannot write to standard output");
  }
}

void add_check(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
void add_queue(CLI::App& app, int& exit_code);
void add_slo(CLI::App& app, int& exit_code);
void add_slo_simulation(CLI::App& group, int& exit_code);
