// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The byte form of windows: layout, one byte a cell (whether it holds anything), prototype, what
/// was refused and set aside, where the cells lie, the samples held, the cells that hold anything.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <relia/aggregate/window_layout.hpp>
#include <relia/core/bytes.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

template <class Aggregate>
class windows;

namespace detail {

inline void write_layout(byte_writer& out, const window_layout& layout) {
  const window_options& options = layout.options();
  out.write_varint(static_cast<std::uint64_t>(options.parts));
  out.write_varint(static_cast<std::uint64_t>(options.allowance.count()));
  out.write_varint(static_cast<std::uint64_t>(options.confirmations));
  out.write_varint(layout.lengths().size());
  for (const duration length : layout.lengths()) {
    out.write_varint(static_cast<std::uint64_t>(length.count()));
  }
}

/// Throws: std::invalid_argument on what no layout can be.
[[nodiscard]] inline window_layout read_layout(byte_reader& in) {
  const auto read = [&in](count least, count most) {
    const count n = in.read_varint_count();
    in.check(least <= n && n <= most, "describe windows that can be");
    return n;
  };
  constexpr count longest = window_layout::longest_length.count();
  const count parts = read(1, 1000);
  const duration allowance{read(0, longest)};
  const count confirmations = read(2, 1000);
  std::array<duration, window_layout::most_lengths> lengths{};
  const auto n = static_cast<std::size_t>(read(1, window_layout::most_lengths));
  for (std::size_t i = 0; i < n; ++i) {
    lengths[i] = duration(read(i == 0 ? parts : lengths[i - 1].count() + 1, longest));
  }
  in.check(allowance <= lengths[n - 1], "describe windows that can be");
  return window_layout(lengths.data(), n, {parts, allowance, confirmations});
}

template <class Aggregate>
struct windows_form {
  using windows_type = windows<Aggregate>;

  [[nodiscard]] static std::vector<std::byte> write(const windows_type& w) {
    byte_writer out(byte_kind::windows, 1);
    write_layout(out, w.layout_);
    // Before anything else, so that a reader allocates no more cells than it was given bytes.
    out.write(std::uint64_t{w.cells_.size()});
    for (std::size_t i = 0; i < w.cells_.size(); ++i) {
      out.write(std::uint8_t{!w.cells_.at(i).empty()});
    }
    out.write_nested(w.cells_.prototype().to_bytes());
    out.write_varint(static_cast<std::uint64_t>(w.late_));
    out.write_varint(static_cast<std::uint64_t>(w.ahead_));
    out.write_nested(w.set_aside_.to_bytes());
    out.write_varint(w.started());
    if (!w.started()) return out.bytes();
    for (const std::int64_t x : w.cells_.state()) out.write_signed_varint(x);
    out.write_signed_varint(w.newest_);
    out.write_signed_varint(w.oldest_);
    out.write_varint(w.run_);
    for (std::size_t i = 0; i < w.run_; ++i) {
      out.write_signed_varint(w.held_[i].at);
      out.write_nested(w.held_[i].aggregate.to_bytes());
    }
    for (std::size_t i = 0; i < w.cells_.size(); ++i) {
      if (!w.cells_.at(i).empty()) out.write_nested(w.cells_.at(i).to_bytes());
    }
    return out.bytes();
  }

  [[nodiscard]] static windows_type read(std::span<const std::byte> bytes) {
    byte_reader in(bytes, byte_kind::windows, 1);
    const window_layout layout = read_layout(in);
    in.check(in.read_size(1) == layout.cells(), "hold one byte for each cell of its layout");
    std::string filled(layout.cells(), '\0');
    std::ptrdiff_t misplaced = 0;
    for (char& cell : filled) {
      cell = static_cast<char>(in.template read<std::uint8_t>() != 0);
      misplaced += cell;
    }
    windows_type w(layout, in.template read_nested<Aggregate>());
    const auto read = [&] {  // merged into the prototype: nothing incompatible can come in
      Aggregate a = w.cells_.prototype();
      a.merge(in.template read_nested<Aggregate>());
      return a;
    };
    w.late_ = in.read_varint_count();
    w.ahead_ = in.read_varint_count();
    w.set_aside_ = read();
    if (in.read_varint() != 0) {
      read_started(in, w, read);
      for (std::size_t i = 0; i < filled.size(); ++i) {
        if (filled[i] != 0) w.cells_.at(i) = read();
      }
    }
    w.cells_.visit(
        w.cells_.floor(), w.cells_.end(),
        [&](std::int64_t, std::int64_t, const Aggregate& a) { misplaced -= !a.empty(); });
    in.check(misplaced == 0, "hold nothing outside the cells of its layout");
    in.finish();
    return w;
  }

 private:
  template <class Read>
  static void read_started(byte_reader& in, windows_type& w, const Read& read) {
    std::vector<std::int64_t> state(w.layout_.tiers().size() + 1);
    for (std::int64_t& x : state) x = in.read_signed_varint();
    in.check(w.cells_.restore(state), "place its cells as its layout does");
    w.newest_ = in.read_signed_varint();
    w.oldest_ = in.read_signed_varint();
    in.check(w.on_clock(w.newest_) && w.on_clock(w.oldest_) && w.oldest_ <= w.newest_ &&
                 w.cells_.end() - w.cells_.grain() <= w.newest_ && w.newest_ < w.cells_.end(),
             "place its samples in its cells");
    const std::uint64_t run = in.read_varint();
    in.check(run < w.held_.size(), "hold fewer samples than confirm each other");
    for (std::size_t i = 0; i < run; ++i) {
      const std::int64_t at = in.read_signed_varint();
      in.check(w.on_clock(at) && !w.near(at, w.newest_), "hold samples outside the allowance");
      w.hold(at) = read();
      in.check(w.run_ == i + 1, "hold samples of one run");
    }
    w.rest_on_newest();
  }
};

}  // namespace detail
}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
