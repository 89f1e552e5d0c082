// SPDX-License-Identifier: BSL-1.0
#include "every_header.hpp"

const char* version_of_the_other_unit() { return relia::version; }
