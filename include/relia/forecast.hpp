// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// When does it run out, and with what probability?

#include <relia/forecast/least_squares.hpp>
#include <relia/forecast/polynomial.hpp>
