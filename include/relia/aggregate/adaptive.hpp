// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Exact while few, bounded when many: up to Capacity values are kept themselves, and the next one
/// takes them all into a histogram. Whether that has happened depends only on how many values
/// there are, NaN included, never on the order in which parts were merged. For the many routes of
/// a service that are called rarely.
/// Memory: sizeof(Histogram) + 8 bytes x Capacity, whatever was recorded. Recording allocates
/// nothing.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/small_sample.hpp>
#include <relia/core/bytes.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// Histogram: any latency shape of this area. An integer_histogram sees the values rounded.
/// Capacity: what 64 cost beside a histogram alone is 0.5 KB of memory and, for log-normal
/// latencies, 0.3 KB of the byte form (525 bytes where the histogram has 157 to 220); what they
/// give is no error and no bounds. A histogram's byte form is the smaller one from 10 values on,
/// its memory from 2000.
template <class Histogram, std::size_t Capacity = 64>
class adaptive {
 public:
  using histogram_type = Histogram;
  using sample_type = small_sample<Capacity>;

  adaptive() requires std::default_initializable<Histogram>
  = default;

  /// Goes over to a histogram with the parameters of this one, which must be empty. Throws:
  /// std::invalid_argument.
  explicit adaptive(Histogram histogram) : histogram_(std::move(histogram)) {
    relia::detail::require_argument(histogram_.empty(), "aggregate::adaptive", "histogram", "empty",
                                    histogram_.count());
  }

  void record(double value) noexcept {
    if (!spilled_) {
      if (room() != 0) return sample_.record(value);
      spill();
    }
    histogram_.record(value);
  }

  void record(std::span<const double> values) noexcept {
    for (const double x : values) record(x);
  }

  /// Adds what `other` recorded. Throws: std::invalid_argument when their histograms do not merge.
  void merge(const adaptive& other) {
    const sample_type more = other.sample_;  // other may be this
    const bool spills = spilled_ || other.spilled_ || used(more) > room();
    histogram_.merge(other.histogram_);
    if (!spills) return sample_.merge(more);
    if (!spilled_) spill();
    pour(more, histogram_);
  }

  /// Takes away a part that was merged or recorded into this. What has gone over to a histogram
  /// stays one. Throws: std::invalid_argument when `part` is not a part.
  void subtract(const adaptive& part) {
    if (!spilled_ && !part.spilled_) return sample_.subtract(part.sample_);
    relia::detail::require_argument(spilled_, "aggregate::adaptive::subtract", "part",
                                    "a part of the values", std::string_view("more of them"));
    histogram_.subtract(part.to_histogram());
  }

  /// Whether the values have gone over to the histogram.
  [[nodiscard]] bool spilled() const noexcept { return spilled_; }
  /// Empty once spilled().
  [[nodiscard]] const sample_type& sample() const noexcept { return sample_; }
  /// Empty until spilled().
  [[nodiscard]] const Histogram& histogram() const noexcept { return histogram_; }
  /// Everything in a histogram, spilled or not.
  [[nodiscard]] Histogram to_histogram() const {
    Histogram all = histogram_;
    pour(sample_, all);
    return all;
  }

  /// Everything recorded but NaN.
  [[nodiscard]] relia::count count() const noexcept {
    return spilled_ ? histogram_.count() : sample_.count();
  }
  [[nodiscard]] relia::count nans() const noexcept {
    return spilled_ ? histogram_.nans() : sample_.nans();
  }
  [[nodiscard]] relia::count positive_infinities() const noexcept {
    return spilled_ ? histogram_.positive_infinities() : sample_.positive_infinities();
  }
  [[nodiscard]] relia::count negative_infinities() const noexcept {
    return spilled_ ? histogram_.negative_infinities() : sample_.negative_infinities();
  }
  [[nodiscard]] relia::count zeros() const noexcept {
    return spilled_ ? histogram_.zeros() : sample_.zeros();
  }
  [[nodiscard]] bool empty() const noexcept { return sample_.empty() && histogram_.empty(); }
  [[nodiscard]] bool saturated() const noexcept { return histogram_.saturated(); }
  [[nodiscard]] double sum() const noexcept { return spilled_ ? histogram_.sum() : sample_.sum(); }
  [[nodiscard]] bounded min() const { return spilled_ ? histogram_.min() : sample_.min(); }
  [[nodiscard]] bounded max() const { return spilled_ ? histogram_.max() : sample_.max(); }

  /// Exact until spilled(), then the histogram's. Domain: [0, 1]. Throws: std::domain_error.
  [[nodiscard]] bounded quantile(double level) const {
    return spilled_ ? histogram_.quantile(level) : sample_.quantile(level);
  }
  /// How many values are at most x. Domain: x not NaN. Throws: std::domain_error.
  [[nodiscard]] bounded at_most(double x) const {
    return spilled_ ? histogram_.at_most(x) : sample_.at_most(x);
  }
  /// at_most(x) / (count() + nans()): a NaN is an event that is never fast enough.
  [[nodiscard]] bounded fraction_at_most(double x) const {
    return spilled_ ? histogram_.fraction_at_most(x) : sample_.fraction_at_most(x);
  }

  /// The sample, then the histogram's own byte form; a histogram just as by default takes no bytes.
  [[nodiscard]] std::vector<std::byte> to_bytes() const {
    byte_writer out(byte_kind::small_sample, 1);
    out.write_varint(spilled_ ? after_spill : before_spill);
    sample_.write(out);
    out.write_nested(is_default() ? std::vector<std::byte>{} : histogram_.to_bytes());
    return out.bytes();
  }

  /// `limits` go to the histogram's own from_bytes. Throws: std::invalid_argument on bytes that are
  /// not the byte form of such an aggregate.
  template <class... Limits>
  requires requires(std::span<const std::byte> bytes, Limits... limits) {
    Histogram::from_bytes(bytes, limits...);
  }
  [[nodiscard]] static adaptive from_bytes(std::span<const std::byte> bytes, Limits... limits) {
    byte_reader in(bytes, byte_kind::small_sample, 1);
    const std::uint64_t form = in.read_varint();
    in.check(form == before_spill || form == after_spill,
             "hold a sample that goes over to a histogram");
    const sample_type sample = sample_type::read(in);
    const std::uint64_t size = in.read_varint();
    const std::span<const std::byte> rest(in.read_bytes(size), static_cast<std::size_t>(size));
    in.finish();
    adaptive result = rest.empty() ? make_default(in)
                                   : adaptive(from_parts{}, Histogram::from_bytes(rest, limits...));
    result.spilled_ = form == after_spill;
    result.sample_ = sample;
    in.check(result.spilled_ ? result.sample_.empty() : result.histogram_.empty(),
             "hold values or a histogram, not both");
    in.check(used(sample) <= Capacity && sample.refused() == 0,
             "hold no more values than the capacity");
    return result;
  }

  friend bool operator==(const adaptive&, const adaptive&) = default;

 private:
  static constexpr std::uint64_t before_spill = 1;
  static constexpr std::uint64_t after_spill = 2;
  static constexpr bool has_default = std::default_initializable<Histogram>;
  struct from_parts {};

  adaptive(from_parts, Histogram histogram) : histogram_(std::move(histogram)) {}

  [[nodiscard]] static adaptive make_default(const byte_reader& in) {
    if constexpr (has_default) {
      return {};
    } else {
      in.check(false, "hold a histogram, which has no default here");
      return adaptive(from_parts{}, Histogram::from_bytes({}));
    }
  }
  [[nodiscard]] bool is_default() const {
    if constexpr (has_default) return histogram_ == Histogram{};
    return false;
  }

  /// The places taken: a NaN takes one too, or spilling could take for ever.
  [[nodiscard]] static std::uint64_t used(const sample_type& sample) noexcept {
    return sample.values().size() + static_cast<std::uint64_t>(sample.nans());
  }
  [[nodiscard]] std::uint64_t room() const noexcept { return Capacity - used(sample_); }

  static void pour(const sample_type& from, Histogram& to) noexcept {
    to.record(from.values());
    for (relia::count i = 0; i < from.nans(); ++i) {
      to.record(std::numeric_limits<double>::quiet_NaN());
    }
  }

  void spill() noexcept {
    pour(sample_, histogram_);
    sample_ = {};
    spilled_ = true;
  }

  sample_type sample_{};
  Histogram histogram_;
  bool spilled_ = false;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
