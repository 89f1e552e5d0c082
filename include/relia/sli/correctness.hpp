// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which part of the outputs was wrong, when only a sample of them could be checked? Of the outputs
/// of this period, with exact limits that meet when every output was checked; or of the process
/// that made them, whose next period is what the objective is about.

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/stats/finite_proportion.hpp>
#include <relia/stats/proportion.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// The fraction of `produced` outputs that were wrong, when `wrong` of `checked` were, drawn at
/// random. The sampling fraction is checked / produced.
/// Domain and Throws: as stats::finite_proportion.
[[nodiscard]] inline estimate<double> wrong_of_outputs(
    count wrong, count checked, count produced,
    const stats::finite_proportion_options& options = {}) {
  return stats::finite_proportion(wrong, checked, produced, options);
}

/// The probability that the process makes a wrong output, however many it makes.
/// Domain and Throws: as stats::proportion.
[[nodiscard]] inline estimate<double> wrong_of_process(
    count wrong, count checked, const stats::proportion_options& options = {}) {
  return stats::proportion(wrong, checked, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
