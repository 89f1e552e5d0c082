// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many servers does this latency need?

#include <relia/queueing/closed_bounds.hpp>
#include <relia/queueing/closed_classes.hpp>
#include <relia/queueing/closed_network.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/fan_out.hpp>
#include <relia/queueing/fork_join.hpp>
#include <relia/queueing/hedging.hpp>
#include <relia/queueing/latency.hpp>
#include <relia/queueing/mm1.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/queueing/open_network.hpp>
#include <relia/queueing/sizing.hpp>
