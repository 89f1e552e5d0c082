// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What runs in a request path and merges.

#include <relia/aggregate/adaptive.hpp>
#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/counts.hpp>
#include <relia/aggregate/distribution.hpp>
#include <relia/aggregate/explicit_histogram.hpp>
#include <relia/aggregate/exponential.hpp>
#include <relia/aggregate/exponential_counts.hpp>
#include <relia/aggregate/histogram.hpp>
#include <relia/aggregate/integer_histogram.hpp>
#include <relia/aggregate/keyed.hpp>
#include <relia/aggregate/recorder.hpp>
#include <relia/aggregate/small_sample.hpp>
#include <relia/aggregate/window_answer.hpp>
#include <relia/aggregate/window_layout.hpp>
#include <relia/aggregate/windows.hpp>
