// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How relia refuses. A value outside its domain is a std::domain_error, a wrong shape or option a
/// std::invalid_argument, an iteration that did not converge a relia::convergence_error. Built
/// without exceptions, the same message goes to stderr and the program aborts; define RELIA_RAISE
/// to do otherwise.

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <relia/version.hpp>

/// Raises `exception_type` with a std::string `message`. Must not return.
#if !defined(RELIA_RAISE)
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define RELIA_RAISE(exception_type, message) throw exception_type(message)
#else
#define RELIA_RAISE(exception_type, message) ::relia::detail::abort_with(message)
#endif
#endif

namespace relia::inline RELIA_VERSION_NAMESPACE {

/// An iteration stopped before it reached its tolerance. The message holds the last state.
class convergence_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {

[[noreturn]] inline void abort_with(const std::string& message) {
  std::fputs(message.c_str(), stderr);
  std::fputc('\n', stderr);
  std::abort();
}

}  // namespace detail
}  // namespace relia::inline RELIA_VERSION_NAMESPACE
