// SPDX-License-Identifier: BSL-1.0
#include "arrow.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The layout that the interface fixes for every language.
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema*);
  int (*get_next)(ArrowArrayStream*, ArrowArray*);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};

namespace relia::python {

namespace {

/// A structure that its owner wants to have released.
template <class T>
struct owned_struct {
  T value{};
  owned_struct() = default;
  owned_struct(const owned_struct&) = delete;
  owned_struct& operator=(const owned_struct&) = delete;
  ~owned_struct() {
    if (value.release != nullptr) value.release(&value);
  }
};

template <class T>
[[nodiscard]] T& in_capsule(const py::handle& capsule, const char* name) {
  void* pointer = PyCapsule_GetPointer(capsule.ptr(), name);
  if (pointer == nullptr) throw py::error_already_set();
  return *static_cast<T*>(pointer);
}

[[noreturn]] void refuse(const char* name, const std::string& rule) {
  throw py::value_error(std::string(name) + " must be " + rule);
}

[[nodiscard]] std::int64_t nulls_of(const ArrowArray& array) {
  if (array.null_count >= 0) return array.null_count;
  const auto* valid = static_cast<const std::uint8_t*>(array.buffers[0]);
  if (valid == nullptr) return 0;
  std::int64_t nulls = 0;
  for (std::int64_t i = array.offset; i < array.offset + array.length; ++i) {
    nulls += (valid[i / 8] >> (i % 8) & 1) == 0;
  }
  return nulls;
}

template <class T>
void widen(const ArrowArray& array, std::vector<double>& out) {
  const T* from = static_cast<const T*>(array.buffers[1]) + array.offset;
  out.assign(from, from + array.length);
}

void take_chunk(const char* name, const ArrowSchema& schema, const ArrowArray& array,
                const std::function<void(std::span<const double>)>& take) {
  const std::string_view format = schema.format;
  if (schema.dictionary != nullptr || format.size() != 1 ||
      std::string_view("gflLiIsScC").find(format) == std::string_view::npos) {
    refuse(name, "a column of numbers, got the Arrow format \"" + std::string(format) + "\"");
  }
  if (array.length == 0) return;
  if (const std::int64_t nulls = nulls_of(array); nulls > 0) {
    refuse(name,
           "without nulls, which are no values: drop or fill them, got " + std::to_string(nulls));
  }
  const py::gil_scoped_release release;
  if (format == "g") {
    const double* first = static_cast<const double*>(array.buffers[1]) + array.offset;
    return take({first, static_cast<std::size_t>(array.length)});
  }
  std::vector<double> wide;
  switch (format[0]) {
    case 'f':
      widen<float>(array, wide);
      break;
    case 'l':
      widen<std::int64_t>(array, wide);
      break;
    case 'L':
      widen<std::uint64_t>(array, wide);
      break;
    case 'i':
      widen<std::int32_t>(array, wide);
      break;
    case 'I':
      widen<std::uint32_t>(array, wide);
      break;
    case 's':
      widen<std::int16_t>(array, wide);
      break;
    case 'S':
      widen<std::uint16_t>(array, wide);
      break;
    case 'c':
      widen<std::int8_t>(array, wide);
      break;
    default:
      widen<std::uint8_t>(array, wide);
  }
  take(wide);
}

}  // namespace

bool is_arrow(const py::handle& values) {
  return !py::isinstance<py::array>(values) &&
         (py::hasattr(values, "__arrow_c_stream__") || py::hasattr(values, "__arrow_c_array__"));
}

void for_each_chunk(const py::handle& values, const char* name,
                    const std::function<void(std::span<const double>)>& take) {
  if (!py::hasattr(values, "__arrow_c_stream__")) {
    const py::tuple both = values.attr("__arrow_c_array__")();  // holds the memory
    take_chunk(name, in_capsule<ArrowSchema>(both[0], "arrow_schema"),
               in_capsule<ArrowArray>(both[1], "arrow_array"), take);
    return;
  }
  const py::object capsule = values.attr("__arrow_c_stream__")();
  auto& stream = in_capsule<ArrowArrayStream>(capsule, "arrow_array_stream");
  const auto check = [&](int error) {
    if (error == 0) return;
    const char* why = stream.get_last_error(&stream);
    refuse(name, std::string("a readable Arrow stream, got: ") + (why != nullptr ? why : "error"));
  };
  owned_struct<ArrowSchema> schema;
  check(stream.get_schema(&stream, &schema.value));
  for (;;) {
    owned_struct<ArrowArray> chunk;
    check(stream.get_next(&stream, &chunk.value));
    if (chunk.value.release == nullptr) return;  // the end
    take_chunk(name, schema.value, chunk.value, take);
  }
}

}  // namespace relia::python
