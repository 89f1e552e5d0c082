// SPDX-License-Identifier: BSL-1.0
#include <relia/core.hpp>

void forget() { relia::two_sided_level(0.95); }
