// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What runs in a request path and merges.

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/counts.hpp>
#include <relia/aggregate/distribution.hpp>
#include <relia/aggregate/exponential.hpp>
#include <relia/aggregate/exponential_counts.hpp>
#include <relia/aggregate/histogram.hpp>
#include <relia/aggregate/recorder.hpp>
#include <relia/aggregate/window.hpp>
