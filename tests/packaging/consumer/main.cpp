// SPDX-License-Identifier: BSL-1.0
#include <relia/relia.hpp>
#ifdef WITH_IO
#include <relia/io.hpp>
#endif

int main() {
#ifdef WITH_IO
  if (relia::io::parse_percent("99.9%") != 0.999) return 1;
#endif
  const relia::estimate<double> errors = relia::stats::proportion(3, 1000);
  return errors.interval.contains(errors.value) ? 0 : 1;
}
