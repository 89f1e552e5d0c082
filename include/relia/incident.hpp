// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How fast do we notice and repair, how often does it break, and how long were we down?

#include <relia/incident/downtime.hpp>
#include <relia/incident/durations.hpp>
#include <relia/incident/mtbf.hpp>
#include <relia/incident/mttx.hpp>
#include <relia/incident/noise.hpp>
#include <relia/incident/timeline.hpp>
