// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How fast is the error budget burning, and should somebody be woken? Objectives, budgets, burn
/// rates and alerting policies.

#include <relia/slo/accounting.hpp>
#include <relia/slo/attribution.hpp>
#include <relia/slo/backtest.hpp>
#include <relia/slo/budget.hpp>
#include <relia/slo/budget_forecast.hpp>
#include <relia/slo/budget_policy.hpp>
#include <relia/slo/budget_window.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/calendar_budget.hpp>
#include <relia/slo/condition.hpp>
#include <relia/slo/credit.hpp>
#include <relia/slo/design.hpp>
#include <relia/slo/dispersion.hpp>
#include <relia/slo/evaluate.hpp>
#include <relia/slo/evaluate_counters.hpp>
#include <relia/slo/event_trace.hpp>
#include <relia/slo/explain.hpp>
#include <relia/slo/failure_test.hpp>
#include <relia/slo/journey.hpp>
#include <relia/slo/ledger.hpp>
#include <relia/slo/lint.hpp>
#include <relia/slo/lookback.hpp>
#include <relia/slo/low_traffic.hpp>
#include <relia/slo/monitor.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>
#include <relia/slo/presets.hpp>
#include <relia/slo/sequential.hpp>
#include <relia/slo/side_by_side.hpp>
#include <relia/slo/significance.hpp>
#include <relia/slo/simulate.hpp>
#include <relia/slo/statement.hpp>
#include <relia/slo/status.hpp>
#include <relia/slo/tier.hpp>
