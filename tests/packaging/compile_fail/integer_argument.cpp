// SPDX-License-Identifier: BSL-1.0
// Integers do not promote: 720.0 must be written.
#include <relia/core/real.hpp>

template <relia::real Real>
Real twice(Real value) {
  return 2 * value;
}

int main() { return static_cast<int>(twice(720)); }
