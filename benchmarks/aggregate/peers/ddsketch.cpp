// SPDX-License-Identifier: BSL-1.0
// https://github.com/tudor1805/sketches-cpp: DDSketch with logarithmic buckets, 1 %.
#include <aggregate/sketch_rows.hpp>
#include <ddsketch/ddsketch.h>

namespace {

using namespace relia::bench;

class ddsketch_one_percent {
 public:
  using input = double;
  static double from_seconds(double x) { return x; }

  void record(double x) { sketch_.add(x); }
  [[nodiscard]] double count() { return sketch_.num_values(); }
  [[nodiscard]] promised promise() const { return {0.01, 0.0}; }
  void merge(const ddsketch_one_percent& other) { sketch_.merge(other.sketch_); }
  [[nodiscard]] double quantile(double level) { return sketch_.get_quantile_value(level); }

 private:
  ddsketch::DDSketch sketch_{0.01};
};

const bool added = add_rows<ddsketch_one_percent>("DDSketch 1%");

}  // namespace
