// SPDX-License-Identifier: BSL-1.0
#include <map>

#include <relia/detail/text.hpp>
#include <relia/sli/classic_histogram.hpp>
#include <relia/sli/native_counter.hpp>
#include <relia/sli/native_histogram.hpp>

#include "bind.hpp"
#include "choose.hpp"
#include "counter_answers.hpp"

namespace relia::python {
namespace {

constexpr choice<sli::reset_hint> hints[] = {{"unknown", sli::reset_hint::unknown},
                                             {"reset", sli::reset_hint::reset},
                                             {"not_reset", sli::reset_hint::not_reset},
                                             {"gauge", sli::reset_hint::gauge}};

using buckets = std::map<std::int32_t, double>;

std::vector<sli::native_bucket> to_buckets(const buckets& by_index) {
  std::vector<sli::native_bucket> found;
  for (const auto& [index, n] : by_index) found.push_back({index, n});
  return found;
}

buckets from_buckets(const std::vector<sli::native_bucket>& all) {
  buckets found;
  for (const sli::native_bucket& b : all) found.emplace(b.index, b.count);
  return found;
}

/// One answer, or arrays of them in the shape of the question.
struct bucket_answers {
  py::object value, lower, upper, state, reason;
};

template <class Ask>
bucket_answers ask(const reals& a, const reals& b, const Ask& question) {
  const py::list both = py::module_::import("numpy").attr("broadcast_arrays")(a, b);
  const auto x = both[0].cast<reals>();
  const auto y = both[1].cast<reals>();
  const std::vector<py::ssize_t> shape(x.shape(), x.shape() + x.ndim());
  py::array_t<double> value(shape);
  py::array_t<double> lower(shape);
  py::array_t<double> upper(shape);
  std::vector<sli::bucket_answer> found(static_cast<std::size_t>(x.size()));
  {
    const auto first = view(x);
    const auto second = view(y);
    const py::gil_scoped_release release;
    for (std::size_t i = 0; i < found.size(); ++i) found[i] = question(first[i], second[i]);
  }
  py::list state;
  py::list reason;
  for (std::size_t i = 0; i < found.size(); ++i) {
    value.mutable_data()[i] = found[i].value;
    lower.mutable_data()[i] = found[i].lower;
    upper.mutable_data()[i] = found[i].upper;
    state.append(py::str(std::string(to_string(found[i].state))));
    reason.append(py::str(std::string(found[i].reason)));
  }
  if (x.ndim() == 0) {
    return {value.attr("item")(), lower.attr("item")(), upper.attr("item")(), state[0], reason[0]};
  }
  const auto words = [&](const py::list& list) {
    return py::module_::import("numpy")
        .attr("array")(list, py::arg("dtype") = "U64")
        .attr("reshape")(py::cast(shape));
  };
  return {value, lower, upper, words(state), words(reason)};
}

bucket_answers one(const sli::bucket_answer& answer) {
  const reals none(std::vector<py::ssize_t>{});
  return ask(none, none, [&](double, double) { return answer; });
}

constexpr const char* quantile_doc =
    "histogram_quantile as PromQL answers it, between the bounds of its bucket. A level below 0 "
    "gives -inf, above 1 inf. Broadcasts.";
constexpr const char* fraction_doc =
    "histogram_fraction as PromQL answers it: how many of all observations lie between lower and "
    "upper, between the fractions that the buckets allow. Broadcasts.";

template <class Histogram>
void bind_questions(py::class_<Histogram>& c) {
  c.def(
       "quantile",
       [](const Histogram& h, const reals& level) {
         return ask(level, level, [&](double q, double) { return h.quantile(q); });
       },
       quantile_doc, py::arg("level"))
      .def(
          "fraction",
          [](const Histogram& h, const reals& lower, const reals& upper) {
            return ask(lower, upper, [&](double a, double b) { return h.fraction(a, b); });
          },
          fraction_doc, py::arg("lower"), py::arg("upper"));
}

void bind_classic(py::module_& m) {
  py::class_<bucket_answers>(m, "bucket_answer",
                             "What the buckets of a histogram answer: PromQL's value, the bounds "
                             "between which the truth lies, and why there is none. Asked many "
                             "questions, the attributes are arrays.")
      .def_readonly("value", &bucket_answers::value)
      .def_readonly("lower", &bucket_answers::lower)
      .def_readonly("upper", &bucket_answers::upper)
      .def_readonly("state", &bucket_answers::state)
      .def_readonly("reason", &bucket_answers::reason)
      .def("__repr__", [](const bucket_answers& a) {
        return "<bucket_answer " + std::string(py::repr(a.value)) + " in [" +
               std::string(py::repr(a.lower)) + ", " + std::string(py::repr(a.upper)) + "], " +
               std::string(py::str(a.state)) + ">";
      });
  using sli::classic_repairs;
  py::class_<classic_repairs>(m, "classic_repairs",
                              "What a set of classic buckets needed before it could be read.")
      .def_readonly("merged", &classic_repairs::merged)
      .def_readonly("small", &classic_repairs::small)
      .def_readonly("decreased", &classic_repairs::decreased)
      .def_readonly("largest_decrease", &classic_repairs::largest_decrease)
      .def("__eq__", [](const classic_repairs& a, const classic_repairs& b) { return a == b; })
      .def("__repr__", [](const classic_repairs& r) {
        return "<classic_repairs merged=" + relia::detail::to_text(r.merged) +
               ", small=" + relia::detail::to_text(r.small) +
               ", decreased=" + relia::detail::to_text(r.decreased) + ">";
      });
  using sli::classic_histogram;
  py::class_<classic_histogram> c(
      m, "classic_histogram",
      "The le buckets of a classic Prometheus histogram at one time, or "
      "their rates over a window.");
  c.def(py::init([](const reals& le, const reals& counts) {
          const auto bounds = view(le);
          const auto n = view(counts);
          relia::detail::require_same_size("sli::classic_histogram", "counts", n.size(),
                                           bounds.size());
          std::vector<sli::classic_bucket> all(n.size());
          for (std::size_t i = 0; i < n.size(); ++i) all[i] = {bounds[i], n[i]};
          return classic_histogram(all);
        }),
        "le: upper bounds in any order, inf included; counts: how many observations were at most "
        "that, cumulative. Raises ValueError for a bound that is NaN.",
        py::arg("le"), py::arg("counts"))
      .def(py::init<const aggregate::explicit_histogram&>(),
           "As an exporter would show it; a NaN counts in the +Inf bucket alone.",
           py::arg("recorded"))
      .def_property_readonly("le",
                             [](const classic_histogram& h) {
                               py::list all;
                               for (const auto& b : h.buckets()) all.append(b.le);
                               return reals(all);
                             })
      .def_property_readonly("counts",
                             [](const classic_histogram& h) {
                               py::list all;
                               for (const auto& b : h.buckets()) all.append(b.count);
                               return reals(all);
                             })
      .def_property_readonly("monotone",
                             [](const classic_histogram& h) {
                               py::list all;
                               for (const auto& b : h.monotone()) all.append(b.count);
                               return reals(all);
                             })
      .def_property_readonly("repairs", &classic_histogram::repairs)
      .def("__repr__", [](const classic_histogram& h) {
        return "<classic_histogram of " + relia::detail::to_text(h.buckets().size()) + " buckets>";
      });
  bind_questions(c);
}

void bind_native(py::module_& m) {
  using sli::native_histogram;
  py::class_<native_histogram> c(m, "native_histogram",
                                 "A Prometheus native histogram, with PromQL's own meaning.");
  c.def(py::init([](int schema, double n, double sum, double zero_threshold, double zeros,
                    const buckets& positive, const buckets& negative, const reals& bounds,
                    const std::string& hint) {
          const auto b = view(bounds);
          return native_histogram(sli::native_counts{
              schema, n, sum, zero_threshold, zeros, to_buckets(positive), to_buckets(negative),
              std::vector<double>(b.begin(), b.end()), choose(hint, hints, "hint")});
        }),
        "schema: -4 to 8, or -53 for custom bounds; positive, negative: {index: count}, indexed as "
        "Prometheus does, where 0 ends at 1; bounds: upper ends of custom buckets; hint: "
        "\"unknown\", \"reset\", \"not_reset\" or \"gauge\". Raises ValueError.",
        py::kw_only(), py::arg("schema") = 0, py::arg("count") = 0.0, py::arg("sum") = 0.0,
        py::arg("zero_threshold") = 0.0, py::arg("zeros") = 0.0, py::arg("positive") = buckets{},
        py::arg("negative") = buckets{}, py::arg("bounds") = py::tuple(),
        py::arg("hint") = "unknown")
      .def_static("from_counts", &native_histogram::from_counts,
                  "From exponential_counts of scale -4 or finer. Raises ValueError.",
                  py::arg("counts"))
      .def("to_counts", &native_histogram::to_counts,
           "As exponential_counts. Raises ValueError unless counts are whole and add up.")
      .def_property_readonly("schema", [](const native_histogram& h) { return h.data().schema; })
      .def_property_readonly("count", &native_histogram::count)
      .def_property_readonly("sum", &native_histogram::sum)
      .def_property_readonly("zero_threshold",
                             [](const native_histogram& h) { return h.data().zero_threshold; })
      .def_property_readonly("zeros", [](const native_histogram& h) { return h.data().zeros; })
      .def_property_readonly(
          "positive", [](const native_histogram& h) { return from_buckets(h.data().positive); })
      .def_property_readonly(
          "negative", [](const native_histogram& h) { return from_buckets(h.data().negative); })
      .def_property_readonly("bounds",
                             [](const native_histogram& h) {
                               return py::array_t<double>(
                                   static_cast<py::ssize_t>(h.data().bounds.size()),
                                   h.data().bounds.data());
                             })
      .def_property_readonly(
          "hint", [](const native_histogram& h) { return word_of(h.data().hint, hints); })
      .def_property_readonly(
          "ranges",
          [](const native_histogram& h) {
            const auto n = static_cast<py::ssize_t>(h.size());
            py::array_t<double> rows({n, py::ssize_t{3}});
            for (std::size_t k = 0; k < h.size(); ++k) {
              const sli::native_range b = h[k];
              double* row = rows.mutable_data() + 3 * k;
              row[0] = b.lower;
              row[1] = b.upper;
              row[2] = b.count;
            }
            return rows;
          },
          "Rows of lower bound, upper bound and count, from the lowest value up.")
      .def(
          "add", [](native_histogram& h, const native_histogram& other) { return h.add(other); },
          "Adds at the coarser schema; true says that custom bounds were reduced to those in "
          "common. Raises ValueError for exponential with custom buckets.",
          py::arg("other"))
      .def(
          "subtract",
          [](native_histogram& h, const native_histogram& other) { return h.subtract(other); },
          "Subtracts as add adds.", py::arg("other"))
      .def("multiply", &native_histogram::multiply, "A negative factor makes it a gauge.",
           py::arg("factor"))
      .def("divide", &native_histogram::divide, "Division by 0 leaves no buckets.",
           py::arg("divisor"))
      .def("reduce_to", &native_histogram::reduce_to, "Merges buckets down to a coarser schema.",
           py::arg("schema"))
      .def("compact", &native_histogram::compact, "Drops buckets that hold nothing.")
      .def("restarted_since", &native_histogram::restarted_since,
           "Whether the counting began anew between `before` and this.", py::arg("before"))
      .def(
          "average", [](const native_histogram& h) { return one(h.average()); },
          "histogram_avg: sum / count.")
      .def(
          "variance", [](const native_histogram& h) { return one(h.variance()); },
          "histogram_stdvar, with observations at the middle of their buckets.")
      .def(
          "standard_deviation",
          [](const native_histogram& h) { return one(h.standard_deviation()); },
          "histogram_stddev.")
      .def("__add__",
           [](native_histogram a, const native_histogram& b) {
             a.add(b);
             return a;
           })
      .def("__sub__",
           [](native_histogram a, const native_histogram& b) {
             a.subtract(b);
             return a;
           })
      .def("__eq__", [](const native_histogram& a, const native_histogram& b) { return a == b; })
      .def("__repr__", [](const native_histogram& h) {
        return "<native_histogram schema=" + relia::detail::to_text(h.data().schema) +
               ", count=" + repr(h.count()) + ", sum=" + repr(h.sum()) + ", " +
               relia::detail::to_text(h.size()) + " buckets>";
      });
  c.attr("__hash__") = py::none();
  bind_questions(c);
}

using growth = sli::native_counter_answer (sli::native_counter::*)(
    instant, duration, const sli::counter_options&) const;
using tally = sli::counter_answer (sli::native_counter::*)(instant, duration,
                                                           const sli::counter_options&) const;

void bind_counter(py::module_& m) {
  using answer = sli::native_counter_answer;
  using sli::native_counter;
  py::class_<answer>(m, "native_counter_answer",
                     "What a native histogram grew by: a histogram, empty unless state is \"ok\".")
      .def_readonly("value", &answer::value)
      .def_property_readonly("state",
                             [](const answer& a) { return std::string(to_string(a.state)); })
      .def_property_readonly("reason", [](const answer& a) { return std::string(a.reason); })
      .def_readonly("samples", &answer::samples)
      .def_readonly("resets", &answer::resets)
      .def_readonly("reconciled", &answer::reconciled)
      .def_readonly("gauge", &answer::gauge)
      .def_property_readonly("preset",
                             [](const answer& a) { return word_of(a.preset, counter_presets); })
      .def_property_readonly("edges", [](const answer& a) { return word_of(a.edges, all_edges); })
      .def("__repr__", [](const answer& a) {
        return "<native_counter_answer " + std::string(to_string(a.state)) +
               (a.reason.empty() ? "" : ": " + std::string(a.reason)) +
               ", count=" + repr(a.value.count()) +
               ", samples=" + relia::detail::to_text(a.samples) +
               ", resets=" + relia::detail::to_text(a.resets) + ">";
      });
  py::class_<native_counter> c(m, "native_counter",
                               "The readings of one native histogram that restarts at nothing.");
  c.def(py::init([](const py::object& times, const std::vector<sli::native_histogram>& values,
                    const py::object& starts) {
          return native_counter(to_instants(times, "times"), values, to_starts(starts));
        }),
        "starts: when the count behind each reading began; None or NaT where unknown. Raises "
        "ValueError unless times increase strictly.",
        py::arg("times"), py::arg("values"), py::arg("starts") = py::none())
      .def_property_readonly("times",
                             [](const native_counter& n) { return from_instants(n.times()); })
      .def_property_readonly("values",
                             [](const native_counter& n) {
                               return std::vector<sli::native_histogram>(n.values().begin(),
                                                                         n.values().end());
                             })
      .def("__len__", &native_counter::size)
      .def("__repr__", [](const native_counter& n) {
        return "<native_counter of " + relia::detail::to_text(n.size()) + " readings>";
      });
  const auto def = [&](const char* name, const char* doc, auto reply) {
    c.def(name, reply, doc, py::arg("at"), py::arg("window"), py::kw_only(),
          py::arg("preset") = "prometheus_3", py::arg("edges") = "extrapolated",
          py::arg("lookback") = 300.0);
  };
  const auto grow = [](growth q) {
    return [q](const native_counter& n, const py::object& at, const py::object& window,
               const std::string& preset, const std::string& edges,
               const py::object& lookback) -> py::object {
      const auto options = to_counter_options(preset, edges, lookback);
      const duration length = to_duration(window, "window");
      std::vector<answer> found;
      const std::vector<instant> times = to_instants(at, "at");
      {
        const py::gil_scoped_release release;
        for (const instant t : times) found.push_back((n.*q)(t, length, options));
      }
      return is_one(at) ? py::cast(found.front()) : py::cast(found);
    };
  };
  const auto count_of = [](tally q) {
    return [q](const native_counter& n, const py::object& at, const py::object& window,
               const std::string& preset, const std::string& edges, const py::object& lookback) {
      const auto options = to_counter_options(preset, edges, lookback);
      const duration length = to_duration(window, "window");
      std::vector<sli::counter_answer> found;
      for (const instant t : to_instants(at, "at")) found.push_back((n.*q)(t, length, options));
      return collect(found, is_one(at), preset, edges);
    };
  };
  def("increase",
      "By how much the histogram grew in the window that ends at each time; a list for many times. "
      "window, lookback: timedelta or seconds; preset \"prometheus_3\" or \"prometheus_2\"; edges "
      "\"extrapolated\", \"anchored\" or \"smoothed\". Raises ValueError.",
      grow(&native_counter::increase));
  def("rate", "increase per second of the window.", grow(&native_counter::rate));
  def("irate", "Growth per second between the last two readings.", grow(&native_counter::irate));
  def("resets", "How often the histogram restarted in the window.",
      count_of(&native_counter::resets));
  def("changes", "How often any of its numbers changed in the window.",
      count_of(&native_counter::changes));
}

}  // namespace
}  // namespace relia::python

void bind_sli_histograms(py::module_& m) {
  relia::python::bind_classic(m);
  relia::python::bind_native(m);
  relia::python::bind_counter(m);
}
