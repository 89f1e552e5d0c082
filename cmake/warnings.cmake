# Linked PRIVATE by our own targets; never exported.
add_library(relia_warnings INTERFACE)
target_compile_options(relia_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU,Clang>:-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow>)
