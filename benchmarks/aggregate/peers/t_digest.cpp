// SPDX-License-Identifier: BSL-1.0
// https://github.com/RedisBloom/t-digest-c with the compression most use.
#include <aggregate/sketch_rows.hpp>
#include <memory>
#include <tdigest.h>

namespace {

using namespace relia::bench;

class t_digest_100 {
 public:
  using input = double;
  static double from_seconds(double x) { return x; }

  void record(double x) { td_add(digest_.get(), x, 1); }
  [[nodiscard]] double count() const { return static_cast<double>(td_size(digest_.get())); }
  [[nodiscard]] promised promise() const { return nothing_promised; }
  void merge(const t_digest_100& other) { td_merge(digest_.get(), other.digest_.get()); }
  [[nodiscard]] double quantile(double level) const { return td_quantile(digest_.get(), level); }
  [[nodiscard]] double at_most(double x) const { return td_cdf(digest_.get(), x) * count(); }

 private:
  std::unique_ptr<td_histogram_t, decltype(&td_free)> digest_{td_new(100), td_free};
};

const bool added = add_rows<t_digest_100>("t-digest-c 100");

}  // namespace
