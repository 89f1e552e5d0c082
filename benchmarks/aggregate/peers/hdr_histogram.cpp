// SPDX-License-Identifier: BSL-1.0
// https://github.com/HdrHistogram/HdrHistogram_c: integers, nanoseconds here, from 1 µs to 1 h.
#include <aggregate/sketch_rows.hpp>
#include <cstdlib>
#include <hdr/hdr_histogram.h>
#include <hdr/hdr_histogram_log.h>
#include <string_view>
#include <type_traits>

namespace {

using namespace relia::bench;

std::int64_t to_nanoseconds(double x) { return static_cast<std::int64_t>(x * 1e9); }

/// `Input`: double seconds, converted for each record, or nanoseconds that somebody had ready.
template <class Input>
class hdr_two_digits {
 public:
  using input = Input;
  static Input from_seconds(double x) {
    if constexpr (std::is_integral_v<Input>)
      return to_nanoseconds(x);
    else
      return x;
  }

  hdr_two_digits() { hdr_init(1000, 3'600'000'000'000, 2, &histogram_); }
  hdr_two_digits(const hdr_two_digits&) = delete;
  hdr_two_digits& operator=(const hdr_two_digits&) = delete;
  ~hdr_two_digits() { hdr_close(histogram_); }

  void record(std::int64_t x) { hdr_record_value(histogram_, x); }
  void record(double x) { record(to_nanoseconds(x)); }
  [[nodiscard]] double count() const { return static_cast<double>(histogram_->total_count); }
  /// 128 buckets to an octave; a quantile is the bucket's largest integer.
  [[nodiscard]] promised promise() const { return {1.0 / 128, 0.0}; }
  void merge(const hdr_two_digits& other) { hdr_add(histogram_, other.histogram_); }
  [[nodiscard]] double quantile(double level) const {
    return static_cast<double>(hdr_value_at_percentile(histogram_, 100 * level)) * 1e-9;
  }
  [[nodiscard]] double at_most(double x) const {
    const std::int64_t limit = to_nanoseconds(x);
    hdr_iter iter;
    hdr_iter_recorded_init(&iter, histogram_);
    std::int64_t n = 0;
    while (hdr_iter_next(&iter) && iter.value <= limit) n += iter.count;
    return static_cast<double>(n);
  }
  /// Deflated; the base64 of the log line is taken off again.
  [[nodiscard]] std::size_t bytes() const {
    char* line = nullptr;
    hdr_log_encode(histogram_, &line);
    const std::string_view text = line;
    const std::size_t size = text.size() / 4 * 3 - (text.size() - text.find_last_not_of('=') - 1);
    std::free(line);
    return size;
  }

 private:
  hdr_histogram* histogram_ = nullptr;
};

const bool added = [] {
  add_record_rows<hdr_two_digits<std::int64_t>>("HdrHistogram_c 2 digits, of integers");
  return add_rows<hdr_two_digits<double>>("HdrHistogram_c 2 digits");
}();

}  // namespace
