// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The message Histogram of Prometheus: its fields as protozero finds them, and what they must be
/// before they are taken for counts.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include <protozero/pbf_reader.hpp>

#include <relia/aggregate/exponential_counts.hpp>
#include <relia/detail/check.hpp>
#include <relia/io/wire.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io::detail {

inline constexpr int prometheus_coarsest = -4;
inline constexpr int prometheus_finest = 8;

/// A stretch of buckets: how many are skipped before it, or where the first begins; how many it
/// has.
struct prometheus_span {
  std::int32_t offset = 0;
  std::uint32_t length = 0;
};

/// The fields of a Histogram before any is trusted.
struct prometheus_fields {
  struct side {
    std::vector<prometheus_span> spans{};
    std::vector<std::int64_t> deltas{};
    std::vector<double> counts{};
  };
  std::uint64_t count = 0;
  std::optional<double> count_float{};
  double sum = 0;
  bool classic = false;
  std::int32_t schema = 0;
  double zero_threshold = 0;
  std::uint64_t zero_count = 0;
  std::optional<double> zero_count_float{};
  side negative{};
  side positive{};

  [[nodiscard]] bool is_native() const noexcept {
    return zero_threshold != 0 || zero_count != 0 || zero_count_float.value_or(0) != 0 ||
           !positive.spans.empty() || !negative.spans.empty();
  }
  [[nodiscard]] bool is_float() const noexcept {
    return count_float.value_or(0) != 0 || zero_count_float.value_or(0) != 0 ||
           !positive.counts.empty() || !negative.counts.empty();
  }
};

/// A count that travelled as a double.
[[nodiscard]] inline count whole_count(std::string_view where, std::string_view name, double n) {
  relia::detail::require_argument(n >= 0 && n < 0x1p63 && n == std::floor(n), where, name,
                                  "a whole number of observations below 2^63 (a rate has none)", n);
  return static_cast<count>(n);
}

/// One side of a histogram: its buckets, and what its overflow bucket holds.
struct prometheus_side {
  sparse_buckets buckets{};
  count infinities = 0;
};

[[nodiscard]] inline prometheus_side checked_side(std::string_view where,
                                                  const prometheus_fields::side& in, int scale,
                                                  bool is_float) {
  const std::size_t n = is_float ? in.counts.size() : in.deltas.size();
  std::uint64_t listed = 0;
  for (const prometheus_span& s : in.spans) listed += s.length;
  relia::detail::require_argument(listed == n, where, "the lengths of the spans",
                                  "the number of buckets, " + relia::detail::to_text(n), listed);
  prometheus_side out;
  std::int64_t index = -1;  // bucket n is index n - 1
  std::size_t k = 0;
  count running = 0;
  for (const prometheus_span& s : in.spans) {
    relia::detail::require_argument(&s == in.spans.data() || s.offset >= 0, where,
                                    "the offset of a span after the first", "at least 0", s.offset);
    index += s.offset;
    for (std::uint32_t i = 0; i < s.length; ++i, ++index, ++k) {
      if (is_float) {
        running = whole_count(where, "a bucket's count", in.counts[k]);
      } else {
        relia::detail::require_argument(
            !__builtin_add_overflow(running, in.deltas[k], &running) && running >= 0, where,
            "a bucket's count", "at least 0 and below 2^63 after its delta", in.deltas[k]);
      }
      if (running == 0) continue;
      if (index == highest_exponential_index(scale) + 1) {
        out.infinities = running;
      } else {
        out.buckets.add(read_index(where, index, scale), running);
      }
    }
  }
  return out;
}

[[nodiscard]] inline prometheus_span prometheus_span_of(protozero::pbf_reader in) {
  using protozero::pbf_wire_type;
  prometheus_span s;
  while (in.next()) {
    switch (in.tag_and_type()) {
      case protozero::tag_and_type(1, pbf_wire_type::varint):
        s.offset = in.get_sint32();
        break;
      case protozero::tag_and_type(2, pbf_wire_type::varint):
        s.length = in.get_uint32();
        break;
      default:
        in.skip();
    }
  }
  return s;
}

/// Fields 9 to 11 and 12 to 14: spans, deltas and absolute counts of a side, packed or not.
[[nodiscard]] inline bool read_side_field(protozero::pbf_reader& in, protozero::pbf_tag_type spans,
                                          prometheus_fields::side& to) {
  using protozero::pbf_wire_type;
  const auto is = [&](protozero::pbf_tag_type tag, pbf_wire_type type) {
    return in.tag_and_type() == protozero::tag_and_type(tag, type);
  };
  if (is(spans, pbf_wire_type::length_delimited)) {
    to.spans.push_back(prometheus_span_of(in.get_message()));
  } else if (is(spans + 1, pbf_wire_type::varint)) {
    to.deltas.push_back(in.get_sint64());
  } else if (is(spans + 1, pbf_wire_type::length_delimited)) {
    for (const std::int64_t delta : in.get_packed_sint64()) to.deltas.push_back(delta);
  } else if (is(spans + 2, pbf_wire_type::fixed64)) {
    to.counts.push_back(in.get_double());
  } else if (is(spans + 2, pbf_wire_type::length_delimited)) {
    for (const double n : in.get_packed_double()) to.counts.push_back(n);
  } else {
    return false;
  }
  return true;
}

[[nodiscard]] inline prometheus_fields prometheus_protobuf(std::string_view message) {
  using protozero::pbf_wire_type;
  protozero::pbf_reader in(message.data(), message.size());
  prometheus_fields f;
  while (in.next()) {
    switch (in.tag_and_type()) {
      case protozero::tag_and_type(1, pbf_wire_type::varint):
        f.count = in.get_uint64();
        break;
      case protozero::tag_and_type(2, pbf_wire_type::fixed64):
        f.sum = in.get_double();
        break;
      case protozero::tag_and_type(3, pbf_wire_type::length_delimited):
        f.classic = true;
        in.skip();
        break;
      case protozero::tag_and_type(4, pbf_wire_type::fixed64):
        f.count_float = in.get_double();
        break;
      case protozero::tag_and_type(5, pbf_wire_type::varint):
        f.schema = in.get_sint32();
        break;
      case protozero::tag_and_type(6, pbf_wire_type::fixed64):
        f.zero_threshold = in.get_double();
        break;
      case protozero::tag_and_type(7, pbf_wire_type::varint):
        f.zero_count = in.get_uint64();
        break;
      case protozero::tag_and_type(8, pbf_wire_type::fixed64):
        f.zero_count_float = in.get_double();
        break;
      default:
        if (!read_side_field(in, 9, f.negative) && !read_side_field(in, 12, f.positive)) in.skip();
    }
  }
  return f;
}

/// What a message says beside its buckets.
struct prometheus_totals {
  count all = 0;  ///< observations, NaN and infinities included
  double sum = 0;
  count zeros = 0;
  double zero_threshold = 0;
};

/// Throws: std::invalid_argument where the parts contradict each other.
[[nodiscard]] inline exponential_counts assembled(std::string_view where, int scale,
                                                  const prometheus_side& positive,
                                                  const prometheus_side& negative,
                                                  const prometheus_totals& totals,
                                                  const wire_options& options) {
  exponential_counts counts;
  counts.zeros = totals.zeros;
  counts.zero_threshold = totals.zero_threshold;
  const count finite = read_total(where, counts.zeros, positive.buckets, negative.buckets);
  count total = finite;
  for (const count n : {positive.infinities, negative.infinities}) {
    relia::detail::require_argument(!__builtin_add_overflow(total, n, &total), where,
                                    "the sum of the buckets", "below 2^63", n);
  }
  if (totals.all != total && !(totals.all > total && std::isnan(totals.sum))) {
    relia::detail::refuse_argument(where, "sample_count",
                                   "zero_count and the buckets together, " +
                                       relia::detail::to_text(total) +
                                       ", or more where a NaN has made the sum NaN",
                                   totals.all);
  }
  counts.nans = totals.all - total;
  counts.positive_infinities = positive.infinities;
  counts.negative_infinities = negative.infinities;
  if (finite > 0) {
    counts.sum = totals.all == finite ? totals.sum : std::numeric_limits<double>::quiet_NaN();
  }
  fill(counts, scale, positive.buckets, negative.buckets, options);
  return counts;
}

/// Throws: std::invalid_argument on the first thing that is not as the format says.
[[nodiscard]] inline exponential_counts checked_histogram(std::string_view where,
                                                          const prometheus_fields& f,
                                                          const wire_options& options) {
  using relia::detail::require_argument;
  require_wire_options(where, options);
  require_argument(f.is_native(), where, "message",
                   "a native histogram: with a zero threshold, a zero count or a span",
                   std::string_view(f.classic ? "classic buckets only" : "none of these"));
  require_argument(f.schema != -53, where, "schema",
                   "exponential; custom buckets (-53) have no base", f.schema);
  require_wire_scale(where, "schema", f.schema, prometheus_coarsest);
  const bool is_float = f.is_float();
  prometheus_totals totals{.sum = f.sum};
  if (is_float) {
    totals.zeros = whole_count(where, "zero_count_float", f.zero_count_float.value_or(0));
    totals.all = whole_count(where, "sample_count_float", f.count_float.value_or(0));
  } else {
    totals.zeros = read_count(where, "zero_count", f.zero_count);
    totals.all = read_count(where, "sample_count", f.count);
  }
  totals.zero_threshold = read_threshold(where, "zero_threshold", f.zero_threshold);
  return assembled(where, f.schema, checked_side(where, f.positive, f.schema, is_float),
                   checked_side(where, f.negative, f.schema, is_float), totals, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io::detail
