// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many servers does this latency need?

#include <relia/queueing/autoscaling.hpp>
#include <relia/queueing/backlog.hpp>
#include <relia/queueing/batch.hpp>
#include <relia/queueing/breakdowns.hpp>
#include <relia/queueing/cache.hpp>
#include <relia/queueing/closed_bounds.hpp>
#include <relia/queueing/closed_classes.hpp>
#include <relia/queueing/closed_network.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/empirical_time.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/fan_out.hpp>
#include <relia/queueing/fork_join.hpp>
#include <relia/queueing/ggc.hpp>
#include <relia/queueing/gimc.hpp>
#include <relia/queueing/hedging.hpp>
#include <relia/queueing/heterogeneous.hpp>
#include <relia/queueing/latency.hpp>
#include <relia/queueing/mdc.hpp>
#include <relia/queueing/mg1.hpp>
#include <relia/queueing/mm1.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/queueing/open_network.hpp>
#include <relia/queueing/priority.hpp>
#include <relia/queueing/retrial.hpp>
#include <relia/queueing/retry.hpp>
#include <relia/queueing/service.hpp>
#include <relia/queueing/sharing.hpp>
#include <relia/queueing/shedding.hpp>
#include <relia/queueing/sizing.hpp>
#include <relia/queueing/srpt.hpp>
#include <relia/queueing/transient.hpp>
