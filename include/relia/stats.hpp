// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Intervals, tests, resampling and survival: statistics that know no SRE word.

#include <relia/stats/block_bootstrap.hpp>
#include <relia/stats/bootstrap.hpp>
#include <relia/stats/clustered_proportion.hpp>
#include <relia/stats/finite_proportion.hpp>
#include <relia/stats/joint.hpp>
#include <relia/stats/mean.hpp>
#include <relia/stats/proportion.hpp>
#include <relia/stats/quantile.hpp>
#include <relia/stats/random.hpp>
#include <relia/stats/rate.hpp>
#include <relia/stats/ratio.hpp>
#include <relia/stats/survival.hpp>
