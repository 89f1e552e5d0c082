// SPDX-License-Identifier: BSL-1.0
// The coverage-guided fuzzer of one target: RELIA_FUZZ_TARGET=otlp relia_fuzz FOLDER...
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "targets.hpp"

namespace {

const relia::fuzz::target& chosen() {
  const char* name = std::getenv("RELIA_FUZZ_TARGET");
  for (const auto& target : relia::fuzz::targets) {
    if (name != nullptr && target.name == name) return target;
  }
  std::fputs("RELIA_FUZZ_TARGET must be one of", stderr);
  for (const auto& target : relia::fuzz::targets) {
    std::fprintf(stderr, " %s", std::string(target.name).c_str());
  }
  std::fputc('\n', stderr);
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const relia::fuzz::target& target = chosen();
  relia::fuzz::run(target, {reinterpret_cast<const char*>(data), size});
  return 0;
}
