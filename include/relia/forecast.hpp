// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// When does it run out, and with what probability?

#include <relia/forecast/exhaustion.hpp>
#include <relia/forecast/first_passage.hpp>
#include <relia/forecast/least_squares.hpp>
#include <relia/forecast/polynomial.hpp>
#include <relia/forecast/trend.hpp>
