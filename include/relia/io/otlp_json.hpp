// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The same data point as OTLP/JSON (by nlohmann-json): protobuf's JSON mapping with names in
/// lowerCamelCase and 64-bit integers as decimal strings. Numbers are read in either form; NaN and
/// infinities are the strings "NaN", "Infinity" and "-Infinity".
/// Ref: OTLP specification, "JSON Protobuf Encoding"; Protocol Buffers, "ProtoJSON Format".

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include <relia/aggregate/exponential_counts.hpp>
#include <relia/detail/check.hpp>
#include <relia/io/otlp.hpp>
#include <relia/io/wire.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

/// What a field is and not its text, which may be as long as the message.
[[noreturn]] inline void refuse_json(std::string_view name, std::string_view rule,
                                     const nlohmann::json& value) {
  relia::detail::refuse_argument("io::from_otlp_json", name, rule,
                                 std::string_view(value.type_name()));
}

/// The whole of a text as a number, or nothing.
template <class Number>
[[nodiscard]] std::optional<Number> number_in(const std::string& text) {
  Number n{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

template <std::integral Integer>
[[nodiscard]] Integer json_integer(std::string_view name, const nlohmann::json& value) {
  using limits = std::numeric_limits<Integer>;
  std::optional<Integer> n;
  if (value.is_number_unsigned()) {
    const auto wide = value.get<std::uint64_t>();
    if (std::in_range<Integer>(wide)) n = static_cast<Integer>(wide);
  } else if (value.is_number_integer()) {
    const auto wide = value.get<std::int64_t>();
    if (std::in_range<Integer>(wide)) n = static_cast<Integer>(wide);
  } else if (value.is_string()) {
    n = number_in<Integer>(value.get_ref<const std::string&>());
  }
  if (!n) {
    refuse_json(name,
                "an integer, as a number or a string, in " + relia::detail::to_text(limits::min()) +
                    " to " + relia::detail::to_text(limits::max()),
                value);
  }
  return *n;
}

[[nodiscard]] inline double json_real(std::string_view name, const nlohmann::json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    if (const auto x = number_in<double>(text); x && std::isfinite(*x)) return *x;
  }
  refuse_json(name, R"(a number, "NaN", "Infinity" or "-Infinity")", value);
}

/// Calls `read` with the value of a field that is there; null is as good as absent.
template <class Read>
void json_field(const nlohmann::json& object, const char* name, Read read) {
  const auto at = object.find(name);
  if (at != object.end() && !at->is_null()) read(*at);
}

[[nodiscard]] inline otlp_fields::buckets json_buckets(std::string_view name,
                                                       const nlohmann::json& value) {
  if (!value.is_object()) refuse_json(name, "an object", value);
  otlp_fields::buckets to;
  json_field(value, "offset",
             [&](const auto& v) { to.offset = json_integer<std::int32_t>("offset", v); });
  json_field(value, "bucketCounts", [&](const auto& v) {
    if (!v.is_array()) refuse_json("bucketCounts", "an array", v);
    for (const auto& n : v) to.counts.push_back(json_integer<std::uint64_t>("a bucket's count", n));
  });
  return to;
}

[[nodiscard]] inline otlp_fields otlp_json(const nlohmann::json& point) {
  if (!point.is_object()) refuse_json("message", "an object", point);
  otlp_fields f;
  const auto whole = [&](const char* name, std::uint64_t& to) {
    json_field(point, name, [&](const auto& v) { to = json_integer<std::uint64_t>(name, v); });
  };
  const auto real = [&](const char* name, auto& to) {
    json_field(point, name, [&](const auto& v) { to = json_real(name, v); });
  };
  whole("startTimeUnixNano", f.start);
  whole("timeUnixNano", f.time);
  whole("count", f.count);
  whole("zeroCount", f.zero_count);
  real("sum", f.sum);
  real("min", f.min);
  real("max", f.max);
  real("zeroThreshold", f.zero_threshold);
  json_field(point, "scale",
             [&](const auto& v) { f.scale = json_integer<std::int32_t>("scale", v); });
  json_field(point, "positive", [&](const auto& v) { f.positive = json_buckets("positive", v); });
  json_field(point, "negative", [&](const auto& v) { f.negative = json_buckets("negative", v); });
  return f;
}

[[nodiscard]] inline nlohmann::ordered_json to_json_real(double x) {
  if (std::isnan(x)) return "NaN";
  if (std::isinf(x)) return x > 0 ? "Infinity" : "-Infinity";
  return x;
}

}  // namespace detail

/// As to_otlp, in JSON.
[[nodiscard]] inline wire_message to_otlp_json(const aggregate::exponential_counts& counts,
                                               const otlp_times& times = {}) {
  wire_message out;
  const detail::otlp_fields f = detail::otlp_fields_of("io::to_otlp_json", counts, times, out);
  nlohmann::ordered_json point = nlohmann::ordered_json::object();
  if (f.start != 0) point["startTimeUnixNano"] = std::to_string(f.start);
  if (f.time != 0) point["timeUnixNano"] = std::to_string(f.time);
  point["count"] = std::to_string(f.count);
  if (f.sum) point["sum"] = detail::to_json_real(*f.sum);
  point["scale"] = f.scale;
  point["zeroCount"] = std::to_string(f.zero_count);
  const auto side = [&](const char* name, const detail::otlp_fields::buckets& from) {
    if (from.counts.empty()) return;
    auto counts_of = nlohmann::ordered_json::array();
    for (const std::uint64_t n : from.counts) counts_of.push_back(std::to_string(n));
    point[name] = {{"offset", from.offset}, {"bucketCounts", std::move(counts_of)}};
  };
  side("positive", f.positive);
  side("negative", f.negative);
  if (f.min) point["min"] = detail::to_json_real(*f.min);
  if (f.max) point["max"] = detail::to_json_real(*f.max);
  if (f.zero_threshold != 0) point["zeroThreshold"] = f.zero_threshold;
  out.data = point.dump();
  return out;
}

/// As from_otlp, from JSON. Throws: std::invalid_argument, also for text that is not JSON.
[[nodiscard]] inline otlp_point from_otlp_json(std::string_view text,
                                               const wire_options& options = {}) {
  const auto point = nlohmann::json::parse(text, nullptr, false);
  if (point.is_discarded()) {
    relia::detail::refuse_argument("io::from_otlp_json", "message", "JSON",
                                   std::string_view(text.substr(0, 40)));
  }
  return detail::checked_point("io::from_otlp_json", detail::otlp_json(point), options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
