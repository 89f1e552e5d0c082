// SPDX-License-Identifier: BSL-1.0
#include <relia/aggregate/keyed.hpp>
#include <relia/detail/text.hpp>

#include "aggregate.hpp"
#include "choose.hpp"

namespace relia::python {
namespace {

using namespace relia::aggregate;

constexpr choice<rank_by> ranks[] = {{"bad", rank_by::bad}, {"valid", rank_by::valid}};

[[nodiscard]] std::string whole(count n) { return relia::detail::to_text(n); }

[[nodiscard]] std::string range(const bounded& b) {
  const std::string lower = whole(static_cast<count>(b.lower));
  return b.exact() ? lower : lower + "-" + whole(static_cast<count>(b.upper));
}

/// Keys from elsewhere need not be UTF-8.
[[nodiscard]] py::str text_of(const std::string& key) {
  return py::reinterpret_steal<py::str>(
      PyUnicode_DecodeUTF8(key.data(), static_cast<py::ssize_t>(key.size()), "replace"));
}

}  // namespace
}  // namespace relia::python

void bind_aggregate_keyed(py::module_& m) {
  using namespace relia::python;
  using std::string;
  py::class_<keyed_entry>(m, "keyed_entry",
                          "What is known of one key: what was seen while it was held, and at most "
                          "how much it had before; good, bad and valid are the bounds.")
      .def_property_readonly("key", [](const keyed_entry& e) { return text_of(e.key); })
      .def_property_readonly("seen", [](const keyed_entry& e) { return e.seen; })
      .def_readonly("missed_good", &keyed_entry::missed_good)
      .def_readonly("missed_bad", &keyed_entry::missed_bad)
      .def_readonly("missed", &keyed_entry::missed)
      .def_readonly("held", &keyed_entry::held)
      .def_property_readonly("good", &keyed_entry::good)
      .def_property_readonly("bad", &keyed_entry::bad)
      .def_property_readonly("valid", &keyed_entry::valid)
      .def("__repr__", [](const keyed_entry& e) {
        return "<keyed_entry " + string(py::repr(text_of(e.key))) + ", good " + range(e.good()) +
               ", bad " + range(e.bad()) + (e.held ? ">" : ", not held>");
      });

  py::class_<keyed> c(m, "keyed",
                      "Good and bad events per key, for any number of keys in a fixed memory: the "
                      "heavy keys by name, the others in one remainder (Space-Saving).");
  bind_merging(c);
  c.def(py::init([](std::size_t capacity, std::size_t key_bytes, const string& rank) {
          return keyed({capacity, key_bytes, choose(rank, ranks, "rank")});
        }),
        "capacity: keys held, 1 to 65536. key_bytes: 24 to 255; a longer key is held as its "
        "beginning and a hash. rank: \"bad\" or \"valid\", what makes a key heavy.",
        py::kw_only(), py::arg("capacity") = 256, py::arg("key_bytes") = 64,
        py::arg("rank") = "bad")
      .def(
          "record",
          [](keyed& self, const string& key, bool good, relia::count times) {
            relia::detail::require_non_negative_count("aggregate::keyed::record", "times", times);
            self.record(key, good, times);
          },
          "Counts events of a key. Raises ValueError for negative times.", py::arg("key"),
          py::arg("good"), py::arg("times") = 1)
      .def(
          "record_many",
          [](keyed& self, const std::vector<string>& keys,
             const py::array_t<bool, py::array::c_style>& good) {
            const auto n = static_cast<std::size_t>(good.size());
            relia::detail::require_same_size("aggregate::keyed::record_many", "good", n,
                                             keys.size());
            const std::span<const bool> flags(good.data(), n);
            const py::gil_scoped_release release;
            for (std::size_t i = 0; i < n; ++i) self.record(keys[i], flags[i]);
          },
          "Counts one event for each key; good is an array of booleans as long. Raises ValueError "
          "for unequal lengths.",
          py::arg("keys"), py::arg("good"))
      .def("at", &keyed::at, "What is known of a key, held or not.", py::arg("key"))
      .def(
          "heaviest",
          [](const keyed& self, std::optional<std::size_t> most) {
            return most ? self.heaviest(*most) : self.heaviest();
          },
          "The heaviest keys by what they can have had at most, heaviest first; all by default.",
          py::arg("most") = py::none())
      .def_property_readonly("other", [](const keyed& k) { return k.other(); })
      .def_property_readonly("total", &keyed::total)
      .def_property_readonly("capacity", [](const keyed& self) { return self.options().capacity; })
      .def_property_readonly("key_bytes",
                             [](const keyed& self) { return self.options().key_bytes; })
      .def_property_readonly("rank",
                             [](const keyed& self) { return word_of(self.options().rank, ranks); })
      .def_property_readonly("empty", &keyed::empty)
      .def_property_readonly("saturated", &keyed::saturated)
      .def("__len__", &keyed::size)
      .def("__repr__",
           [](const keyed& self) {
             string text = "<keyed " + relia::detail::to_text(self.size()) + " of " +
                           relia::detail::to_text(self.options().capacity) +
                           " keys, good=" + whole(self.total().good()) +
                           ", bad=" + whole(self.total().bad());
             for (const keyed_entry& e : self.heaviest(3)) {
               text += ", " + string(py::repr(text_of(e.key))) + ": bad " + range(e.bad());
             }
             return text + ">";
           })
      .def("_repr_html_", [](const keyed& self) {
        string html = "<table><tr><th>key</th><th>good</th><th>bad</th></tr>";
        const auto row = [&html](const string& key, const string& good, const string& bad) {
          html +=
              "<tr><td>" + html_text(key) + "</td><td>" + good + "</td><td>" + bad + "</td></tr>";
        };
        for (const keyed_entry& e : self.heaviest(20)) row(e.key, range(e.good()), range(e.bad()));
        row("all keys", whole(self.total().good()), whole(self.total().bad()));
        return html + "</table>";
      });
}
