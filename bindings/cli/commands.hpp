// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The subcommands of `relia`: each adds itself to the application and, when chosen, sets the exit
/// code.

#include <CLI/CLI.hpp>

void add_check(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
