// SPDX-License-Identifier: BSL-1.0
// https://github.com/openhistogram/libcircllhist: two decimal digits, with its index for speed.
#include <aggregate/sketch_rows.hpp>
#include <circllhist.h>
#include <memory>
#include <vector>

namespace {

using namespace relia::bench;

class circllhist_fast {
 public:
  using input = double;
  static double from_seconds(double x) { return x; }

  void record(double x) { hist_insert(histogram_.get(), x, 1); }
  [[nodiscard]] double count() const {
    return static_cast<double>(hist_sample_count(histogram_.get()));
  }
  /// The widest bucket; it interpolates inside.
  [[nodiscard]] promised promise() const { return {0.1, 0.0}; }
  void merge(const circllhist_fast& other) {
    const histogram_t* from = other.histogram_.get();
    hist_accumulate(histogram_.get(), &from, 1);
  }
  [[nodiscard]] double quantile(double level) const {
    double out = 0;
    hist_approx_quantile(histogram_.get(), &level, 1, &out);
    return out;
  }
  [[nodiscard]] double at_most(double x) const {
    double out = 0;
    hist_approx_inverse_quantile(histogram_.get(), &x, 1, &out);
    return out * count();
  }
  [[nodiscard]] std::size_t bytes() const {
    std::vector<char> out(static_cast<std::size_t>(hist_serialize_estimate(histogram_.get())));
    return static_cast<std::size_t>(
        hist_serialize(histogram_.get(), out.data(), static_cast<ssize_t>(out.size())));
  }

 private:
  std::unique_ptr<histogram_t, decltype(&hist_free)> histogram_{hist_fast_alloc(), hist_free};
};

const bool added = add_rows<circllhist_fast>("libcircllhist");

}  // namespace
