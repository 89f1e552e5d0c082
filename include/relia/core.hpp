// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Values, uncertainty, verdicts, time and bytes: what every other header speaks in.

#include <relia/core/bytes.hpp>
#include <relia/core/error.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/core/series.hpp>
#include <relia/core/time.hpp>
#include <relia/core/unite.hpp>
#include <relia/core/verdict.hpp>
#include <relia/core/zone.hpp>
