// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Rules as values, evaluated to verdicts, and the report.

#include <relia/check/evaluate.hpp>
#include <relia/check/report.hpp>
#include <relia/check/rules.hpp>
