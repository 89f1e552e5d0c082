// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// An array whose size is known at construction and stays. A std::vector would serve, but each type
/// of element costs the compiler of every file that includes it ten milliseconds; this costs one.

#include <cstddef>
#include <type_traits>

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

template <class T>
class fixed_array {
  static_assert(std::is_trivially_copyable_v<T>, "copying must not throw between new and delete");

 public:
  explicit fixed_array(std::size_t size, const T& value = T{}) : data_(new T[size]), size_(size) {
    for (T& x : *this) x = value;
  }
  fixed_array(const T* from, std::size_t size) : data_(new T[size]), size_(size) {
    for (T& x : *this) x = *from++;
  }
  fixed_array(const fixed_array& other) : fixed_array(other.data_, other.size_) {}
  fixed_array(fixed_array&& other) noexcept : data_(other.data_), size_(other.size_) {
    other.data_ = nullptr;
    other.size_ = 0;
  }
  fixed_array& operator=(fixed_array other) noexcept {  // by hand: std::swap checks its types
    T* const data = data_;
    data_ = other.data_;
    size_ = other.size_;
    other.data_ = data;
    return *this;
  }
  ~fixed_array() { delete[] data_; }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] T* begin() noexcept { return data_; }
  [[nodiscard]] T* end() noexcept { return data_ + size_; }
  [[nodiscard]] const T* begin() const noexcept { return data_; }
  [[nodiscard]] const T* end() const noexcept { return data_ + size_; }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }

 private:
  T* data_;
  std::size_t size_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
