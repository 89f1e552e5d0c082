// SPDX-License-Identifier: BSL-1.0
// https://github.com/open-telemetry/opentelemetry-cpp: the exponential aggregation of its SDK,
// which takes a lock for each value. Questions are asked of the point that it exports.
#include <aggregate/sketch_rows.hpp>
#include <memory>
#include <opentelemetry/sdk/metrics/aggregation/base2_exponential_histogram_aggregation.h>
#include <utility>

namespace {

using namespace relia::bench;
namespace metrics = opentelemetry::sdk::metrics;

std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

template <std::size_t Buckets>
class exponential_aggregation {
 public:
  using input = double;
  using compared_with =
      relia_sketch<std::conditional_t<Buckets == 160, relia::aggregate::small_histogram,
                                      relia::aggregate::latency_histogram>>;
  static double from_seconds(double x) { return x; }

  exponential_aggregation()
      : aggregation_(new metrics::Base2ExponentialHistogramAggregation([] {
          static const metrics::Base2ExponentialHistogramAggregationConfig config = [] {
            metrics::Base2ExponentialHistogramAggregationConfig out;
            out.max_size_ = Buckets;
            return out;
          }();
          return &config;
        }())) {}

  void record(double x) { aggregation_->Aggregate(x); }
  [[nodiscard]] double count() const { return static_cast<double>(point().count_); }
  [[nodiscard]] promised promise() const {
    // Its index comes from a logarithm: off by a last digit of the bound.
    return {std::tanh(0.5 * std::log(2.0) * std::exp2(-point().scale_)) + 1e-12, 0.0};
  }
  void merge(const exponential_aggregation& other) {
    aggregation_ = aggregation_->Merge(*other.aggregation_);
  }
  void prepare() { prepared_ = std::make_unique<data>(point()); }
  [[nodiscard]] double quantile(double level) const {
    const auto& buckets = *prepared_->positive_buckets_;
    double left = std::max(1.0, std::ceil(level * static_cast<double>(prepared_->count_)));
    int at = buckets.StartIndex();
    for (; at < buckets.EndIndex(); ++at) {
      left -= static_cast<double>(buckets.Get(at));
      if (left <= 0) break;
    }
    const double lower = bound(at);
    const double upper = bound(at + 1);
    return 2 * lower * upper / (lower + upper);
  }
  [[nodiscard]] double at_most(double x) const {
    const auto& buckets = *prepared_->positive_buckets_;
    std::uint64_t n = 0;
    for (int k = buckets.StartIndex(); k <= buckets.EndIndex() && bound(k + 1) <= x; ++k) {
      n += buckets.Get(k);
    }
    return static_cast<double>(n);
  }
  /// An OTLP ExponentialHistogramDataPoint: two times, count, sum, scale, zero count, extremes,
  /// and one varint for each bucket.
  [[nodiscard]] std::size_t bytes() const {
    const data p = point();
    const auto& buckets = *p.positive_buckets_;
    std::size_t counts = 0;
    for (int k = buckets.StartIndex(); k <= buckets.EndIndex(); ++k) {
      counts += varint_size(buckets.Get(k));
    }
    const std::size_t inner = 2 + 3 + varint_size(counts) + counts;
    return 6 * 9 + 2 + 1 + varint_size(inner) + inner;
  }

 private:
  using data = metrics::Base2ExponentialHistogramPointData;
  [[nodiscard]] data point() const {
    return opentelemetry::nostd::get<data>(aggregation_->ToPoint());
  }
  [[nodiscard]] double bound(int index) const {
    return std::exp2(std::ldexp(static_cast<double>(index), -prepared_->scale_));
  }

  std::unique_ptr<metrics::Aggregation> aggregation_;
  std::unique_ptr<data> prepared_;
};

const bool small_added = add_rows<exponential_aggregation<160>>("opentelemetry-cpp 160 buckets");
const bool added = add_rows<exponential_aggregation<1280>>("opentelemetry-cpp 1280 buckets");

}  // namespace
