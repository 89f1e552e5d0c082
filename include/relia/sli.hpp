// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How good was the service? Events, counters and time slices, as indicators that know how sure
/// they are.

#include <relia/sli/classic_histogram.hpp>
#include <relia/sli/counter.hpp>
#include <relia/sli/counter_events.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/sli/events.hpp>
#include <relia/sli/native_counter.hpp>
#include <relia/sli/native_histogram.hpp>
#include <relia/sli/ratio.hpp>
#include <relia/sli/time_slice.hpp>
