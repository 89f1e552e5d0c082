// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Every area of the mathematics. Formats are apart: <relia/io.hpp>, target relia::io.

#include <relia/aggregate.hpp>
#include <relia/check.hpp>
#include <relia/core.hpp>
#include <relia/forecast.hpp>
#include <relia/incident.hpp>
#include <relia/queueing.hpp>
#include <relia/sli.hpp>
#include <relia/slo.hpp>
#include <relia/stats.hpp>
