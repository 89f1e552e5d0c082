// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many servers does this latency need?

#include <relia/queueing/backlog.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/latency.hpp>
#include <relia/queueing/mm1.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/queueing/retry.hpp>
#include <relia/queueing/shedding.hpp>
#include <relia/queueing/sizing.hpp>
