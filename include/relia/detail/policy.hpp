// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The one way in which relia calls Boost.Math: no promotion to long double (four times faster; the
/// accuracy tests judge the digits), and errors as the caller's context wants them.

#include <boost/math/policies/policy.hpp>

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::detail {

/// For code that has checked its arguments: what remains is reported by exception.
using policy = boost::math::policies::policy<boost::math::policies::promote_float<false>,
                                             boost::math::policies::promote_double<false>>;

/// For noexcept code: every error becomes NaN or infinity, which the caller turns into a named
/// state.
using quiet_policy = boost::math::policies::policy<
    boost::math::policies::promote_float<false>, boost::math::policies::promote_double<false>,
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::denorm_error<boost::math::policies::ignore_error>,
    boost::math::policies::rounding_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
    boost::math::policies::indeterminate_result_error<boost::math::policies::ignore_error>>;

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::detail
