// SPDX-License-Identifier: BSL-1.0
// https://github.com/apache/datasketches-cpp: KLL with its default k.
#include <aggregate/sketch_rows.hpp>
#include <kll_sketch.hpp>

namespace {

using namespace relia::bench;

class kll_200 {
 public:
  using input = double;
  static double from_seconds(double x) { return x; }

  void record(double x) { sketch_.update(x); }
  [[nodiscard]] double count() const { return static_cast<double>(sketch_.get_n()); }
  /// Twice what holds with 99 % confidence, since the coins differ from run to run.
  [[nodiscard]] promised promise() const {
    return {0.0, 2 * sketch_.get_normalized_rank_error(false)};
  }
  void merge(const kll_200& other) { sketch_.merge(other.sketch_); }
  [[nodiscard]] double quantile(double level) const { return sketch_.get_quantile(level); }
  [[nodiscard]] double at_most(double x) const { return sketch_.get_rank(x) * count(); }
  [[nodiscard]] std::size_t bytes() const { return sketch_.serialize().size(); }

 private:
  datasketches::kll_sketch<double> sketch_;
};

const bool added = add_rows<kll_200>("datasketches KLL 200");

}  // namespace
