// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// OpenTelemetry's ExponentialHistogramDataPoint as protobuf (by protozero). Its buckets are those
/// of aggregate::exponential_counts, index for index; its count is zeros and buckets, so NaN and
/// infinities have no place in it. Fields may be added by appending bytes: protobuf reads messages
/// that follow each other as one, so attributes need no rewrite.
/// Ref: opentelemetry-proto v1.9, opentelemetry/proto/metrics/v1/metrics.proto.

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include <relia/aggregate/exponential_counts.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/io/wire.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// When the values of a point were recorded. OpenTelemetry requires `time` of what is sent on.
struct otlp_times {
  std::optional<instant> start{};
  std::optional<instant> time{};

  friend bool operator==(const otlp_times&, const otlp_times&) = default;
};

struct otlp_point {
  aggregate::exponential_counts counts{};
  otlp_times times{};

  friend bool operator==(const otlp_point&, const otlp_point&) = default;
};

namespace detail {

/// The fields of a data point as any encoding gives them, before any is trusted.
struct otlp_fields {
  struct buckets {
    std::int64_t offset = 0;
    std::vector<std::uint64_t> counts{};
  };
  std::uint64_t start = 0;
  std::uint64_t time = 0;
  std::uint64_t count = 0;
  std::optional<double> sum{};
  std::int64_t scale = 0;
  std::uint64_t zero_count = 0;
  buckets positive{};
  buckets negative{};
  std::optional<double> min{};
  std::optional<double> max{};
  double zero_threshold = 0;
};

[[nodiscard]] inline std::optional<instant> otlp_time(std::string_view where, std::string_view name,
                                                      std::uint64_t nanoseconds) {
  if (nanoseconds == 0) return std::nullopt;
  relia::detail::require_argument(
      nanoseconds <= std::uint64_t{std::numeric_limits<std::int64_t>::max()}, where, name,
      "before the year 2262", nanoseconds);
  return instant(std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds)));
}

[[nodiscard]] inline std::uint64_t otlp_nanoseconds(std::string_view where, std::string_view name,
                                                    const std::optional<instant>& t) {
  if (!t) return 0;
  const std::int64_t since_1970 = t->time_since_epoch().count();
  relia::detail::require_domain(since_1970 > 0, where, name, "after 1970-01-01T00:00:00Z",
                                since_1970);
  return static_cast<std::uint64_t>(since_1970);
}

[[nodiscard]] inline otlp_point checked_point(std::string_view where, const otlp_fields& in,
                                              const wire_options& options) {
  using relia::detail::require_argument;
  require_wire_options(where, options);
  require_wire_scale(where, "scale", in.scale, coarsest_scale);
  const int scale = static_cast<int>(in.scale);
  const auto side = [&](const otlp_fields::buckets& from) {
    sparse_buckets cells;
    std::int64_t index = from.offset;
    for (const std::uint64_t n : from.counts) {
      if (n != 0)
        cells.add(read_index(where, index, scale), read_count(where, "a bucket's count", n));
      ++index;
    }
    return cells;
  };
  const sparse_buckets positive = side(in.positive);
  const sparse_buckets negative = side(in.negative);
  otlp_point point;
  point.times = {otlp_time(where, "start_time_unix_nano", in.start),
                 otlp_time(where, "time_unix_nano", in.time)};
  point.counts.zeros = read_count(where, "zero_count", in.zero_count);
  const count total = read_total(where, point.counts.zeros, positive, negative);
  if (in.count != static_cast<std::uint64_t>(total)) {
    relia::detail::refuse_argument(
        where, "count", "zero_count and the buckets together, " + relia::detail::to_text(total),
        in.count);
  }
  point.counts.zero_threshold = read_threshold(where, "zero_threshold", in.zero_threshold);
  fill(point.counts, scale, positive, negative, options);
  if (total > 0) {
    point.counts.sum = in.sum.value_or(std::numeric_limits<double>::quiet_NaN());
    require_argument(!in.min || !std::isnan(*in.min), where, "min", "a number", in.min.value_or(0));
    require_argument(!in.max || !std::isnan(*in.max), where, "max", "a number", in.max.value_or(0));
    require_argument(!in.min || !in.max || *in.min <= *in.max, where, "min", "at most max",
                     in.min.value_or(0));
    point.counts.min = in.min;
    point.counts.max = in.max;
  }
  return point;
}

/// What a data point holds of the counts; the rest is listed in `out`.
[[nodiscard]] inline otlp_fields otlp_fields_of(std::string_view where,
                                                const aggregate::exponential_counts& counts,
                                                const otlp_times& times, wire_message& out) {
  otlp_fields f;
  const count total = require_counts(where, counts);
  f.start = otlp_nanoseconds(where, "start", times.start);
  f.time = otlp_nanoseconds(where, "time", times.time);
  f.count = static_cast<std::uint64_t>(total);
  f.scale = counts.scale;
  f.zero_count = static_cast<std::uint64_t>(counts.zeros);
  f.zero_threshold = counts.zero_threshold;
  const auto side = [](const exponential_buckets& from) {
    otlp_fields::buckets to{from.offset, {}};
    for (const count n : from.counts) to.counts.push_back(static_cast<std::uint64_t>(n));
    return to;
  };
  f.positive = side(counts.positive);
  f.negative = side(counts.negative);
  drop_count(out, counts.nans, "NaN");
  drop_count(out, counts.positive_infinities, "+Inf");
  drop_count(out, counts.negative_infinities, "-Inf");
  if (total == 0) {
    f.sum = 0.0;
    return f;
  }
  if (!std::isnan(counts.sum)) f.sum = counts.sum;
  // An infinite end belongs to an infinity that is not in the message.
  f.min = counts.negative_infinities > 0 ? std::nullopt : counts.min;
  f.max = counts.positive_infinities > 0 ? std::nullopt : counts.max;
  return f;
}

[[nodiscard]] inline otlp_fields::buckets otlp_buckets(protozero::pbf_reader in,
                                                       otlp_fields::buckets to) {
  using protozero::pbf_wire_type;
  while (in.next()) {
    switch (in.tag_and_type()) {
      case protozero::tag_and_type(1, pbf_wire_type::varint):
        to.offset = in.get_sint32();
        break;
      case protozero::tag_and_type(2, pbf_wire_type::varint):
        to.counts.push_back(in.get_uint64());
        break;
      case protozero::tag_and_type(2, pbf_wire_type::length_delimited):
        for (const std::uint64_t n : in.get_packed_uint64()) to.counts.push_back(n);
        break;
      default:
        in.skip();
    }
  }
  return to;
}

[[nodiscard]] inline otlp_fields otlp_protobuf(std::string_view message) {
  using protozero::pbf_wire_type;
  protozero::pbf_reader in(message.data(), message.size());
  otlp_fields f;
  while (in.next()) {
    switch (in.tag_and_type()) {
      case protozero::tag_and_type(2, pbf_wire_type::fixed64):
        f.start = in.get_fixed64();
        break;
      case protozero::tag_and_type(3, pbf_wire_type::fixed64):
        f.time = in.get_fixed64();
        break;
      case protozero::tag_and_type(4, pbf_wire_type::fixed64):
        f.count = in.get_fixed64();
        break;
      case protozero::tag_and_type(5, pbf_wire_type::fixed64):
        f.sum = in.get_double();
        break;
      case protozero::tag_and_type(6, pbf_wire_type::varint):
        f.scale = in.get_sint32();
        break;
      case protozero::tag_and_type(7, pbf_wire_type::fixed64):
        f.zero_count = in.get_fixed64();
        break;
      case protozero::tag_and_type(8, pbf_wire_type::length_delimited):
        f.positive = otlp_buckets(in.get_message(), std::move(f.positive));
        break;
      case protozero::tag_and_type(9, pbf_wire_type::length_delimited):
        f.negative = otlp_buckets(in.get_message(), std::move(f.negative));
        break;
      case protozero::tag_and_type(12, pbf_wire_type::fixed64):
        f.min = in.get_double();
        break;
      case protozero::tag_and_type(13, pbf_wire_type::fixed64):
        f.max = in.get_double();
        break;
      case protozero::tag_and_type(14, pbf_wire_type::fixed64):
        f.zero_threshold = in.get_double();
        break;
      default:
        in.skip();  // attributes, flags, exemplars, and what later versions add
    }
  }
  return f;
}

}  // namespace detail

/// The counts as one data point. The sum is written whatever the signs. Not carried, and listed:
/// NaN and infinities. A sum that is not known (NaN) is left out, as is an end that is an infinity.
/// Domain: counts as their struct says; times after 1970. Throws: std::domain_error. Cost: O(n).
[[nodiscard]] inline wire_message to_otlp(const aggregate::exponential_counts& counts,
                                          const otlp_times& times = {}) {
  wire_message out;
  const detail::otlp_fields f = detail::otlp_fields_of("io::to_otlp", counts, times, out);
  protozero::pbf_writer message(out.data);
  if (f.start != 0) message.add_fixed64(2, f.start);
  if (f.time != 0) message.add_fixed64(3, f.time);
  if (f.count != 0) message.add_fixed64(4, f.count);
  if (f.sum) message.add_double(5, *f.sum);
  if (f.scale != 0) message.add_sint32(6, static_cast<std::int32_t>(f.scale));
  if (f.zero_count != 0) message.add_fixed64(7, f.zero_count);
  const auto side = [&](protozero::pbf_tag_type tag, const detail::otlp_fields::buckets& from) {
    if (from.counts.empty()) return;
    protozero::pbf_writer buckets(message, tag);
    if (from.offset != 0) buckets.add_sint32(1, static_cast<std::int32_t>(from.offset));
    buckets.add_packed_uint64(2, from.counts.begin(), from.counts.end());
  };
  side(8, f.positive);
  side(9, f.negative);
  if (f.min) message.add_double(12, *f.min);
  if (f.max) message.add_double(13, *f.max);
  if (f.zero_threshold != 0) message.add_double(14, f.zero_threshold);
  return out;
}

/// Reads a data point; attributes, exemplars and flags are passed over. Scales 9 to 20 are folded
/// to options.max_scale. A sum that is not there is NaN: not known. Throws: std::invalid_argument
/// for bytes that are not such a message: scale outside -10 to 20, a count that is not zero_count
/// and buckets together, an index that no double has, a threshold that is negative or NaN. Cost:
/// O(n), memory linear in the message beside the buckets returned.
[[nodiscard]] inline otlp_point from_otlp(std::string_view message,
                                          const wire_options& options = {}) {
  const auto fields = [&] {
    try {
      return detail::otlp_protobuf(message);
    } catch (const protozero::exception& e) {
      relia::detail::refuse_argument("io::from_otlp", "message", "protobuf",
                                     std::string_view(e.what()));
    }
  }();
  return detail::checked_point("io::from_otlp", fields, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
