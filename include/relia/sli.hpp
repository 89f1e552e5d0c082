// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How good was the service? Events, latencies, probes, counters and time slices, as indicators
/// that know how sure they are.

#include <relia/sli/apdex.hpp>
#include <relia/sli/bounded_counts.hpp>
#include <relia/sli/classic_histogram.hpp>
#include <relia/sli/clustered.hpp>
#include <relia/sli/correctness.hpp>
#include <relia/sli/counter.hpp>
#include <relia/sli/counter_events.hpp>
#include <relia/sli/durability.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/sli/events.hpp>
#include <relia/sli/freshness.hpp>
#include <relia/sli/latency.hpp>
#include <relia/sli/native_counter.hpp>
#include <relia/sli/native_histogram.hpp>
#include <relia/sli/probe.hpp>
#include <relia/sli/quantile_objective.hpp>
#include <relia/sli/ratio.hpp>
#include <relia/sli/throughput.hpp>
#include <relia/sli/time_slice.hpp>
#include <relia/sli/watched_time.hpp>
