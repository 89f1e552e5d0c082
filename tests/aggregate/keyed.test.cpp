// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/keyed.hpp>

#include <support/close.hpp>

using namespace relia;
using aggregate::counts;
using aggregate::keyed;
using aggregate::keyed_entry;
using aggregate::rank_by;

TEST_SUITE_BEGIN("keyed");

namespace {

using truth = std::map<std::string, counts>;

struct event {
  std::string key;
  bool good;
  count times;
};

/// Zipf-like keys, a bad fraction that differs by key, and now and then several events at once.
std::vector<event> stream(std::uint64_t seed, std::size_t events, std::uint64_t keys) {
  std::mt19937_64 engine(seed);
  const auto below = [&](std::uint64_t n) { return engine() % n; };
  std::vector<event> all;
  for (std::size_t i = 0; i < events; ++i) {
    const std::uint64_t k = below(1 + below(1 + below(keys)));
    all.push_back({"tenant-" + std::to_string(k), below(100) >= k % 7,
                   below(50) == 0 ? static_cast<count>(below(20)) : 1});
  }
  return all;
}

void record(keyed& k, truth& t, const std::vector<event>& events) {
  for (const event& e : events) {
    k.record(e.key, e.good, e.times);
    t[e.key].record(e.good, e.times);
  }
}

counts total_of(const truth& t) {
  counts sum;
  for (const auto& [key, c] : t) sum.merge(c);
  return sum;
}

/// Everything that is promised, against the truth.
void check_promises(const keyed& k, const truth& t) {
  const counts total = total_of(t);
  CHECK(k.total() == total);
  for (const auto& [key, c] : t) {
    const keyed_entry e = k.at(key);
    INFO(key);
    CHECK(e.good().contains(static_cast<double>(c.good())));
    CHECK(e.bad().contains(static_cast<double>(c.bad())));
    CHECK(e.valid().contains(static_cast<double>(c.valid())));
    const bool by_bad = k.options().rank == rank_by::bad;
    const count weight = by_bad ? c.bad() : c.valid();
    const count sum = by_bad ? total.bad() : total.valid();
    const auto capacity = static_cast<count>(k.options().capacity);
    if (weight > sum / capacity) CHECK(e.held);
    CHECK((by_bad ? e.missed_bad : e.missed) <= sum / capacity);
  }
  counts held;
  for (const keyed_entry& e : k.heaviest()) held.merge(e.seen);
  held.merge(k.other());
  CHECK(held == total);
}

}  // namespace

TEST_CASE("keyed: while there is room, every key is exact") {
  keyed k({.capacity = 3});
  k.record("a", true);
  k.record("b", false, 5);
  k.record("", true, 2);
  k.record("a", false, 0);
  CHECK(k.size() == 3);
  CHECK(k.other().empty());
  const auto b = k.at("b");
  CHECK(b.bad().exact());
  CHECK(b.seen == counts(0, 5));
  CHECK(k.at("").seen == counts(2, 0));
  CHECK_FALSE(k.at("c").held);
  k.record("c", false);  // takes the place of a key without bad events
  CHECK(k.total() == counts(3, 6));
  CHECK(k.at("c").missed_bad == 0);
  CHECK(k.other().bad() == 0);
}

TEST_CASE("keyed: bounds, remainder and guarantee hold on skewed streams") {
  for (const rank_by rank : {rank_by::bad, rank_by::valid}) {
    for (const std::size_t capacity :
         {std::size_t{1}, std::size_t{7}, std::size_t{32}, std::size_t{200}}) {
      keyed k({.capacity = capacity, .rank = rank});
      truth t;
      record(k, t, stream(capacity, 4000, 500));
      check_promises(k, t);
    }
  }
}

TEST_CASE("keyed: merged parts keep every promise of the whole, in any grouping") {
  for (const rank_by rank : {rank_by::bad, rank_by::valid}) {
    std::vector<keyed> parts;
    truth t;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      parts.emplace_back(aggregate::keyed_options{.capacity = 24, .rank = rank});
      record(parts.back(), t, stream(100 + seed, 1000, 300));
    }
    keyed in_turn = parts[0];
    for (std::size_t i = 1; i < parts.size(); ++i) in_turn.merge(parts[i]);
    check_promises(in_turn, t);
    for (std::size_t i = 0; i < 6; i += 2) parts[i].merge(parts[i + 1]);
    parts[2].merge(parts[4]);
    parts[0].merge(parts[2]);
    check_promises(parts[0], t);
    record(parts[0], t, stream(7, 2000, 300));  // and goes on recording
    check_promises(parts[0], t);
  }
}

TEST_CASE("keyed: merging commutes to the bit, and nothing is its neutral element") {
  keyed a({.capacity = 16});
  keyed b({.capacity = 16});
  truth t;
  record(a, t, stream(1, 3000, 200));
  record(b, t, stream(2, 3000, 200));
  keyed ab = a;
  ab.merge(b);
  keyed ba = b;
  ba.merge(a);
  CHECK(ab == ba);
  CHECK(ab.to_bytes() == ba.to_bytes());
  keyed with_nothing = a;
  with_nothing.merge(keyed({.capacity = 16}));
  CHECK(with_nothing == a);
  keyed twice = a;
  twice.merge(twice);
  counts doubled = a.total();
  doubled.merge(a.total());
  CHECK(twice.total() == doubled);
}

TEST_CASE("keyed: a tenant of little traffic that fails is named, when ranked by bad events") {
  keyed by_bad({.capacity = 8, .rank = rank_by::bad});
  keyed by_valid({.capacity = 8, .rank = rank_by::valid});
  std::mt19937_64 engine(5);
  for (int i = 0; i < 20000; ++i) {
    const std::string big = "big-" + std::to_string(engine() % 100);
    const bool good = engine() % 1000 != 0;
    by_bad.record(big, good);
    by_valid.record(big, good);
    if (i % 100 == 0) {
      by_bad.record("small", false);
      by_valid.record("small", false);
    }
  }
  const auto heaviest = by_bad.heaviest(1);
  REQUIRE(heaviest.size() == 1);
  CHECK(heaviest[0].key == "small");
  CHECK(heaviest[0].bad().contains(200));
  CHECK(by_valid.heaviest(1)[0].key != "small");
}

TEST_CASE("keyed: which of equals is held does not depend on the order they came in") {
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) names.push_back("k" + std::to_string(i));
  keyed forward({.capacity = 40});
  keyed backward({.capacity = 40});
  for (const auto& n : names) forward.record(n, false, 3);
  std::reverse(names.begin(), names.end());
  for (const auto& n : names) backward.record(n, false, 3);
  CHECK(forward == backward);
  CHECK(forward.to_bytes() == backward.to_bytes());
}

TEST_CASE("keyed: long keys are held by their beginning and hash, apart from each other") {
  keyed k({.capacity = 4, .key_bytes = 24});
  const std::string a = "/api/v1/customers/4711/orders";
  const std::string b = "/api/v1/customers/4712/orders";
  k.record(a, false);
  k.record(b, false, 2);
  CHECK(k.size() == 2);
  CHECK(k.at(a).seen == counts(0, 1));
  CHECK(k.at(b).seen == counts(0, 2));
  const std::string held = k.heaviest(1)[0].key;
  CHECK(held.size() == 24);
  CHECK(held.starts_with("/api/v1~"));
  CHECK(k.at(held).seen == counts(0, 2));
  keyed u({.capacity = 4, .key_bytes = 24});
  u.record("/cafe-\u00e9/and so on and so on", false);  // the seventh byte is half a letter
  CHECK(u.heaviest(1)[0].key.starts_with("/cafe-~"));
  CHECK(u.heaviest(1)[0].key.size() == 6 + 17);
}

TEST_CASE("keyed: recording a span is recording each") {
  const std::array<std::string_view, 4> keys{"a", "b", "a", "c"};
  const std::array good{true, false, false, true};
  keyed one({.capacity = 2});
  keyed all({.capacity = 2});
  for (std::size_t i = 0; i < keys.size(); ++i) one.record(keys[i], good[i]);
  all.record(keys, good);
  CHECK(one == all);
}

TEST_CASE("keyed: counts saturate and say so") {
  constexpr count most = std::numeric_limits<count>::max();
  keyed k({.capacity = 1});
  k.record("a", false, most);
  k.record("b", false, most);
  CHECK(k.saturated());
  CHECK(k.at("b").seen == counts(0, most));
  CHECK(k.other() == counts(0, most));
}

TEST_CASE("keyed: bytes come back as they went") {
  for (const std::size_t capacity : {std::size_t{3}, std::size_t{64}, std::size_t{1000}}) {
    keyed k({.capacity = capacity, .key_bytes = 32, .rank = rank_by::valid});
    truth t;
    record(k, t, stream(9, 3000, 300));
    const auto bytes = k.to_bytes();
    const keyed back = keyed::from_bytes(bytes);
    CHECK(back == k);
    CHECK(back.to_bytes() == bytes);
    check_promises(back, t);
  }
}

TEST_CASE("keyed: damaged bytes are refused, never trusted") {
  keyed k({.capacity = 4});
  truth t;
  record(k, t, stream(3, 200, 20));
  const auto bytes = k.to_bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    CHECK_THROWS_AS((void)keyed::from_bytes(std::span(bytes).first(i)), std::invalid_argument);
    for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128}) {
      auto damaged = bytes;
      damaged[i] ^= static_cast<std::byte>(flip);
      try {
        const keyed read = keyed::from_bytes(damaged);  // then it is another valid form
        CHECK(read.to_bytes() == damaged);
      } catch (const std::invalid_argument&) {
      }
    }
  }
  auto longer = bytes;
  longer.push_back(std::byte{0});
  CHECK_THROWS_WITH_AS((void)keyed::from_bytes(longer),
                       "relia::byte_reader: the bytes must end where the last field ends",
                       std::invalid_argument);
}

TEST_CASE("keyed: options out of range and unlike aggregates are refused") {
  CHECK_THROWS_WITH_AS(keyed({.capacity = 0}),
                       "relia::aggregate::keyed: capacity must be from 1 to 65536, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(keyed({.key_bytes = 8}),
                       "relia::aggregate::keyed: key_bytes must be from 24 to 255, got 8",
                       std::domain_error);
  keyed k({.capacity = 4});
  CHECK_THROWS_WITH_AS(k.merge(keyed({.capacity = 5})),
                       "relia::aggregate::keyed::merge: the capacities must be equal, 4, got 5",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(k.merge(keyed({.capacity = 4, .rank = rank_by::valid})),
                       "relia::aggregate::keyed::merge: the ranks must be equal, got \"valid\"",
                       std::invalid_argument);
}

TEST_SUITE_END();
