// SPDX-License-Identifier: BSL-1.0
#include <relia/core.hpp>
