// SPDX-License-Identifier: BSL-1.0
// https://github.com/jupp0r/prometheus-cpp: a histogram of eleven buckets, which takes a lock for
// each value.
#include <aggregate/sketch_rows.hpp>
#include <prometheus/histogram.h>

namespace {

using namespace relia::bench;

class prometheus_histogram {
 public:
  using input = double;
  static double from_seconds(double x) { return x; }

  void record(double x) { histogram_.Observe(x); }
  [[nodiscard]] double count() const {
    return static_cast<double>(histogram_.Collect().histogram.sample_count);
  }
  /// Exact, at its boundaries.
  [[nodiscard]] promised promise() const { return {}; }
  [[nodiscard]] double at_most(double x) const {
    double n = 0;
    for (const auto& bucket : histogram_.Collect().histogram.bucket) {
      if (bucket.upper_bound <= x) n = static_cast<double>(bucket.cumulative_count);
    }
    return n;
  }

 private:
  prometheus::Histogram histogram_{{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0}};
};

const bool added = add_rows<prometheus_histogram>("prometheus-cpp 11 buckets");

}  // namespace
