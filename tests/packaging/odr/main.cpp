// SPDX-License-Identifier: BSL-1.0
#include "every_header.hpp"

const char* version_of_the_other_unit();

int main() { return relia::version == version_of_the_other_unit() ? 0 : 1; }
