// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Prometheus histograms as protobuf (by protozero): the message Histogram of the exposition
/// format, native ones in and out, classic ones out. A native histogram's bucket n is index n - 1
/// of aggregate::exponential_counts; populated stretches are spans, their counts zigzag deltas. An
/// infinity lies one past the bucket of the largest double; a NaN is counted in no bucket and makes
/// the sum NaN. Ref: prometheus/client_model, io/prometheus/client/metrics.proto; Prometheus
/// documentation, "Native Histograms", "Data model".

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/explicit_histogram.hpp>
#include <relia/aggregate/exponential_counts.hpp>
#include <relia/detail/check.hpp>
#include <relia/io/detail/prometheus_fields.hpp>
#include <relia/io/wire.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

/// What Prometheus adds up: the infinities and NaN are in its sum.
[[nodiscard]] inline double prometheus_sum(double finite, count positive_infinities,
                                           count negative_infinities, count nans) noexcept {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (nans > 0 || std::isnan(finite) || (positive_infinities > 0 && negative_infinities > 0)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (positive_infinities > 0) return infinity;
  return negative_infinities > 0 ? -infinity : finite;
}

inline void drop_sum(wire_message& out, double sum) {
  if (!std::isnan(sum)) {
    out.dropped.push_back("sum " + relia::detail::to_text(sum) + " of the finite values");
  }
}

inline void drop_end(wire_message& out, std::string_view name, const aggregate::bounded& end) {
  if (end.has_value()) {
    out.dropped.push_back(std::string(name) + " " + relia::detail::to_text(end.value));
  }
}

/// Appends one side: stretches that hold something, gaps of one or two empty buckets included
/// because a span costs more than they do.
inline void write_side(protozero::pbf_writer& message, protozero::pbf_tag_type tag,
                       const exponential_buckets& side, std::int64_t overflow, count infinities) {
  constexpr std::int64_t widest_gap = 2;
  std::vector<std::int64_t> deltas;
  std::vector<prometheus_span> spans;
  std::int64_t end = 0;  // one past the last bucket written
  count before = 0;
  const auto put = [&](std::int64_t n, count c) {
    if (spans.empty() || n - end > widest_gap) {
      spans.push_back({static_cast<std::int32_t>(n - end), 0});
      end = n;
    }
    for (; end <= n; ++end) {
      const count here = end == n ? c : 0;
      deltas.push_back(here - before);
      before = here;
      ++spans.back().length;
    }
  };
  for (std::size_t k = 0; k < side.counts.size(); ++k) {
    const std::int64_t index = side.offset + static_cast<std::int64_t>(k);
    if (side.counts[k] != 0) put(index + 1, side.counts[k]);
  }
  if (infinities > 0) put(overflow, infinities);
  for (const prometheus_span& s : spans) {
    protozero::pbf_writer span(message, tag);
    span.add_sint32(1, s.offset);
    span.add_uint32(2, s.length);
  }
  if (!deltas.empty()) message.add_packed_sint64(tag + 1, deltas.begin(), deltas.end());
}

}  // namespace detail

/// The counts as a message Histogram with native buckets. Scales finer than 8 are folded to 8; NaN
/// and infinities travel, at the cost of the sum. Listed as dropped: min, max, resolution, the sum
/// of the finite values where a NaN or an infinity overrides it.
/// Domain: scale -4 to 20. Throws: std::domain_error. Cost: O(n).
[[nodiscard]] inline wire_message to_prometheus(const aggregate::exponential_counts& counts) {
  constexpr const char* where = "io::to_prometheus";
  using relia::detail::sum_of_counts;
  using relia::detail::to_text;
  const count finite = detail::require_counts(where, counts);
  relia::detail::require_domain(counts.scale >= detail::prometheus_coarsest, where, "scale",
                                "at least -4, the coarsest that Prometheus has", counts.scale);
  count total = finite;
  for (const count n : {counts.nans, counts.positive_infinities, counts.negative_infinities}) {
    total = sum_of_counts(where, "the sum of everything counted", total, n);
  }
  const bool fine = counts.scale > detail::prometheus_finest;
  const aggregate::exponential_counts& c =
      fine ? folded(counts, detail::prometheus_finest) : counts;

  wire_message out;
  if (fine) out.dropped.push_back("scale " + to_text(counts.scale) + ", folded to 8");
  if (c.min) out.dropped.push_back("min " + to_text(*c.min));
  if (c.max) out.dropped.push_back("max " + to_text(*c.max));
  if (total != finite && finite > 0) detail::drop_sum(out, c.sum);
  protozero::pbf_writer message(out.data);
  message.add_uint64(1, static_cast<std::uint64_t>(total));
  message.add_double(
      2, detail::prometheus_sum(c.sum, c.positive_infinities, c.negative_infinities, c.nans));
  message.add_sint32(5, c.scale);
  message.add_double(6, c.zero_threshold);
  message.add_uint64(7, static_cast<std::uint64_t>(c.zeros));
  if (c.zero_threshold == 0 && finite == 0 && c.positive_infinities == 0 &&
      c.negative_infinities == 0) {
    // Without a span it would be taken for a classic histogram.
    message.add_message(12, std::string());
  }
  const std::int64_t overflow = aggregate::highest_exponential_index(c.scale) + 2;
  detail::write_side(message, 9, c.negative, overflow, c.negative_infinities);
  detail::write_side(message, 12, c.positive, overflow, c.positive_infinities);
  return out;
}

/// The counts as a message Histogram with classic buckets, cumulative; what lies above the last
/// bound is in sample_count alone, which is what the bucket +Inf would say. A NaN is there too and
/// in no other bucket: never a fast request. Listed as dropped: as above. Throws: std::domain_error
/// where the sum of everything counted passes 2^63. Cost: O(buckets).
[[nodiscard]] inline wire_message to_prometheus(const aggregate::explicit_histogram& histogram) {
  constexpr const char* where = "io::to_prometheus";
  using relia::detail::sum_of_counts;
  count below = histogram.negative_infinities();
  const count apart = sum_of_counts(
      where, "the sum of everything counted",
      sum_of_counts(where, "the sum of everything counted", below, histogram.positive_infinities()),
      histogram.nans());
  count finite = 0;
  for (const count n : histogram.counts()) {
    finite = sum_of_counts(where, "the sum of everything counted", finite, n);
  }
  wire_message out;
  detail::drop_end(out, "min", histogram.min());
  detail::drop_end(out, "max", histogram.max());
  if (apart > 0 && finite > 0) detail::drop_sum(out, histogram.sum());
  protozero::pbf_writer message(out.data);
  message.add_uint64(1, static_cast<std::uint64_t>(
                            sum_of_counts(where, "the sum of everything counted", finite, apart)));
  message.add_double(2, detail::prometheus_sum(histogram.sum(), histogram.positive_infinities(),
                                               histogram.negative_infinities(), histogram.nans()));
  for (std::size_t i = 0; i < histogram.bounds().size(); ++i) {
    below += histogram.counts()[i];
    protozero::pbf_writer bucket(message, 3);
    bucket.add_uint64(1, static_cast<std::uint64_t>(below));
    bucket.add_double(2, histogram.bounds()[i]);
  }
  return out;
}

/// Reads a message Histogram; classic buckets beside the native ones, labels and exemplars are
/// passed over. Float histograms are read where their counts are whole. Schemas 9 to 20 are folded
/// to options.max_scale. Observations in no bucket are NaN. The sum is that of the finite values
/// where the message has it, and NaN where a NaN or an infinity has overridden it. Throws:
/// std::invalid_argument for bytes that are not such a message, or a schema outside -4 to 20
/// (-53, custom buckets, included). Cost: O(n), memory linear in the message beside the result.
[[nodiscard]] inline aggregate::exponential_counts from_prometheus(
    std::string_view message, const wire_options& options = {}) {
  constexpr const char* where = "io::from_prometheus";
  const detail::prometheus_fields f = [&] {
    try {
      return detail::prometheus_protobuf(message);
    } catch (const protozero::exception& e) {
      relia::detail::refuse_argument(where, "message", "protobuf", std::string_view(e.what()));
    }
  }();
  return detail::checked_histogram(where, f, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
