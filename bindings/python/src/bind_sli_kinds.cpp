// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/sli.hpp>

#include "bind.hpp"
#include "choose.hpp"
#include "slices.hpp"
#include "whole.hpp"

namespace relia::python {
namespace {

using std::string;

/// Whatever answers count, nans and at_most(x), or an array of raw latencies.
class any_shape {
 public:
  explicit any_shape(const py::object& shape) {
    if (py::hasattr(shape, "at_most")) {
      shape_ = shape;
    } else {
      values_ = reals(shape);
    }
  }

  [[nodiscard]] relia::count count() const {
    return shape_ ? shape_.attr("count").cast<relia::count>() : raw().count();
  }
  [[nodiscard]] relia::count nans() const {
    return shape_ ? shape_.attr("nans").cast<relia::count>() : raw().nans();
  }
  [[nodiscard]] aggregate::bounded at_most(double x) const {
    if (shape_) return shape_.attr("at_most")(x).cast<aggregate::bounded>();
    const sli::raw_latencies all = raw();
    const py::gil_scoped_release release;
    return all.at_most(x);
  }

 private:
  [[nodiscard]] sli::raw_latencies raw() const { return sli::raw_latencies(view(values_)); }

  py::object shape_{};
  reals values_{};
};

string text(const aggregate::counts& c) {
  return "good=" + relia::detail::to_text(c.good()) + ", bad=" + relia::detail::to_text(c.bad());
}

double seconds(duration d) { return static_cast<double>(d.count()) / 1e9; }

void bind_bounded_counts(py::module_& m) {
  using sli::bounded_counts;
  py::class_<bounded_counts>(m, "bounded_counts",
                             "Events of which some may have been good or bad: the fewest good, the "
                             "most good, and the split that is quoted.")
      .def(py::init([](const aggregate::counts& fewest, const aggregate::counts& most,
                       const aggregate::counts& quoted) {
             return bounded_counts{fewest, most, quoted};
           }),
           py::arg("fewest_good"), py::arg("most_good"), py::arg("quoted"))
      .def_property_readonly("fewest_good", [](const bounded_counts& b) { return b.fewest_good; })
      .def_property_readonly("most_good", [](const bounded_counts& b) { return b.most_good; })
      .def_property_readonly("quoted", [](const bounded_counts& b) { return b.quoted; })
      .def_property_readonly("exact", &bounded_counts::exact)
      .def_property_readonly("doubtful", &bounded_counts::doubtful)
      .def("__eq__", [](const bounded_counts& a, const bounded_counts& b) { return a == b; })
      .def("__repr__",
           [](const bounded_counts& b) {
             return "<bounded_counts " + text(b.quoted) +
                    ", doubtful=" + relia::detail::to_text(b.doubtful()) + ">";
           })
      .attr("__hash__") = py::none();
  m.def("with_missing", &sli::with_missing,
        "Events with `missing` more of which nobody saw whether they were good: all good, all bad, "
        "and as good as the others, which is quoted. Raises ValueError for a negative count. "
        "Source: Manski (2003), Partial Identification of Probability Distributions, 1.2.",
        py::arg("seen"), py::arg("missing"));
  m.def(
      "events_within",
      [](const py::object& shape, double threshold) {
        return sli::events_within(any_shape(shape), threshold);
      },
      "The events of a histogram or of an array of raw latencies, good where the latency is at "
      "most "
      "the threshold, in the same unit. NaN is never good. Where buckets cannot tell, the result "
      "has bounds. Raises ValueError for a NaN threshold.",
      py::arg("shape"), py::arg("threshold"));
  const auto def = [&m](const char* name, auto function, const char* doc) {
    m.def(
        name,
        [=](const bounded_counts& events, double level, const string& method, const string& sides) {
          return function(events, to_proportion_options(level, method, sides, name));
        },
        doc, py::arg("events"), py::kw_only(), py::arg("confidence_level") = 0.95,
        py::arg("method") = "wilson", py::arg("sides") = "both");
  };
  def(
      "bad_fraction",
      [](const bounded_counts& e, const stats::proportion_options& o) {
        return sli::bad_fraction(e, o);
      },
      "Of bounded_counts: the lower limit is that of the fewest bad events, the upper that of the "
      "most; a note says which part of the width is doubt.");
  def(
      "attainment",
      [](const bounded_counts& e, const stats::proportion_options& o) {
        return sli::attainment(e, o);
      },
      "Of bounded_counts: 1 - bad_fraction, rounded once.");
}

void bind_clustered(py::module_& m) {
  const auto options = [](double level, const string& how, const string& side, count block_length,
                          std::uint64_t seed, count resamples) {
    return stats::clustered_proportion_options{
        level,
        to_method(how,
                  {stats::joined_clusters, stats::cluster_robust, stats::quasi_binomial,
                   stats::linearised, stats::circular_blocks},
                  "sli::clustered_bad_fraction"),
        to_sides(side),
        block_length,
        seed,
        resamples};
  };
  m.def(
      "clustered_bad_fraction",
      [=](const py::object& good, const py::object& bad, double level, const string& how,
          const string& side, count block_length, std::uint64_t seed, count resamples) {
        const auto g = to_counts(good, "good");
        const auto b = to_counts(bad, "bad");
        const auto o = options(level, how, side, block_length, seed, resamples);
        const py::gil_scoped_release release;
        return sli::clustered_bad_fraction(g, b, o);
      },
      R"(The fraction of valid events that were bad, with an interval for which the rows are the sample.

good, bad: events of each slice in the order of time, or with method="cluster_robust" of each host
or tenant. Options as stats.clustered_proportion. Raises ValueError for unequal sizes or negative
counts.)",
      py::arg("good"), py::arg("bad"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("method") = "joined_clusters", py::arg("sides") = "both", py::arg("block_length") = 0,
      py::arg("seed") = 0, py::arg("resamples") = 10'000);
  m.def(
      "clustered_bad_fraction",
      [=](const std::vector<sli::bounded_counts>& rows, double level, const string& how,
          const string& side, count block_length, std::uint64_t seed, count resamples) {
        const auto o = options(level, how, side, block_length, seed, resamples);
        const py::gil_scoped_release release;
        return sli::clustered_bad_fraction(rows, o);
      },
      "The same of bounded_counts, one for each row: the limits of both extremes.", py::arg("rows"),
      py::kw_only(), py::arg("confidence_level") = 0.95, py::arg("method") = "joined_clusters",
      py::arg("sides") = "both", py::arg("block_length") = 0, py::arg("seed") = 0,
      py::arg("resamples") = 10'000);
}

void bind_apdex(py::module_& m) {
  using sli::apdex_counts;
  py::class_<apdex_counts>(m, "apdex_counts", "Satisfied, tolerating and frustrated samples.")
      .def(py::init([](count satisfied, count tolerating, count frustrated) {
             return apdex_counts{satisfied, tolerating, frustrated};
           }),
           py::arg("satisfied") = 0, py::arg("tolerating") = 0, py::arg("frustrated") = 0)
      .def_readonly("satisfied", &apdex_counts::satisfied)
      .def_readonly("tolerating", &apdex_counts::tolerating)
      .def_readonly("frustrated", &apdex_counts::frustrated)
      .def("__repr__", [](const apdex_counts& c) {
        return "apdex_counts(" + relia::detail::to_text(c.satisfied) + ", " +
               relia::detail::to_text(c.tolerating) + ", " + relia::detail::to_text(c.frustrated) +
               ")";
      });
  m.def(
      "apdex",
      [](const apdex_counts& counts, double level, const string& side) {
        return sli::apdex(counts, {.confidence_level = level, .sides = to_sides(side)});
      },
      "The Apdex score (satisfied + tolerating / 2) / all, with the score interval of the three "
      "counts. No samples give the state \"no_data\". Raises ValueError for negative counts. "
      "Source: Apdex Technical Specification 1.1 (2007).",
      py::arg("counts"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("sides") = "both");
  m.def(
      "apdex",
      [](const py::object& shape, double target, count errors, double level, const string& side) {
        return sli::apdex(any_shape(shape), target, errors,
                          {.confidence_level = level, .sides = to_sides(side)});
      },
      "The Apdex score of a histogram or of an array of latencies at a target T in their unit: at "
      "most T is satisfied, at most 4 T tolerating; slower, NaN and `errors` frustrated. Raises "
      "ValueError for a target that is not positive.",
      py::arg("shape"), py::arg("target"), py::arg("errors") = 0, py::kw_only(),
      py::arg("confidence_level") = 0.95, py::arg("sides") = "both");
}

void bind_watched_time(py::module_& m) {
  using sli::watched_time;
  const auto field = [](duration watched_time::*part) {
    return [part](const watched_time& t) { return seconds(t.*part); };
  };
  py::class_<watched_time>(m, "watched_time",
                           "Seconds that were good, bad, and watched by nobody; the doubtful parts "
                           "are those in which the state changed unseen.")
      .def(py::init([](const py::object& good, const py::object& bad, const py::object& unknown,
                       const py::object& good_doubtful, const py::object& bad_doubtful) {
             return watched_time{to_duration(good, "good"), to_duration(bad, "bad"),
                                 to_duration(unknown, "unknown"),
                                 to_duration(good_doubtful, "good_doubtful"),
                                 to_duration(bad_doubtful, "bad_doubtful")};
           }),
           py::arg("good") = 0, py::arg("bad") = 0, py::arg("unknown") = 0,
           py::arg("good_doubtful") = 0, py::arg("bad_doubtful") = 0)
      .def_property_readonly("good", field(&watched_time::good))
      .def_property_readonly("bad", field(&watched_time::bad))
      .def_property_readonly("unknown", field(&watched_time::unknown))
      .def_property_readonly("good_doubtful", field(&watched_time::good_doubtful))
      .def_property_readonly("bad_doubtful", field(&watched_time::bad_doubtful))
      .def_property_readonly("length", [](const watched_time& t) { return seconds(t.length()); })
      .def("__repr__", [](const watched_time& t) {
        return "<watched_time good " + repr(seconds(t.good)) + " s, bad " + repr(seconds(t.bad)) +
               " s, unknown " + repr(seconds(t.unknown)) + " s>";
      });
  m.def(
      "bad_fraction",
      [](const watched_time& time, const string& unknown) {
        return sli::bad_fraction(time, choose(unknown, no_traffics, "unknown"));
      },
      "Of watched_time: the fraction of time that was bad. Unknown time counts as \"good\", "
      "\"bad\" "
      "or is \"ignore\"d in the value; the bounds take it, and what is doubtful, as all good and "
      "all bad.",
      py::arg("time"), py::kw_only(), py::arg("unknown") = "ignore");

  using sli::probe_result;
  py::class_<probe_result>(m, "probe_result", "What a boolean probe says of a period.")
      .def_readonly("time", &probe_result::time)
      .def_readonly("samples", &probe_result::samples)
      .def_readonly("gaps", &probe_result::gaps)
      .def_readonly("changes", &probe_result::changes)
      .def("__repr__", [](const probe_result& r) {
        return "<probe_result " + string(py::repr(py::cast(r.time))) +
               ", samples=" + relia::detail::to_text(r.samples) +
               ", gaps=" + relia::detail::to_text(r.gaps) +
               ", changes=" + relia::detail::to_text(r.changes) + ">";
      });
  m.def(
      "probe",
      [](const py::object& times, const py::array_t<bool, py::array::c_style>& up, const period& of,
         const py::object& holds) {
        const std::vector<instant> when = to_instants(times, "times");
        const std::span<const bool> flags(up.data(), static_cast<std::size_t>(up.size()));
        const duration longest = to_duration(holds, "holds");
        const py::gil_scoped_release release;
        return sli::probe(when, flags, of, longest);
      },
      "The period split by what a boolean probe said. A sample stands until the next one, but no "
      "longer than `holds` (timedelta or seconds), such as twice the probe's interval. Raises "
      "ValueError for unequal sizes or times out of order.",
      py::arg("times"), py::arg("up"), py::arg("of"), py::arg("holds"));

  using sli::freshness_result;
  py::class_<freshness_result>(m, "freshness_result",
                               "Time split by whether data was fresh, its mean age and its oldest, "
                               "in seconds.")
      .def_readonly("time", &freshness_result::time)
      .def_property_readonly("mean_age",
                             [](const freshness_result& r) { return r.mean_age.count(); })
      .def_property_readonly("oldest", [](const freshness_result& r) { return r.oldest.count(); })
      .def("__repr__", [](const freshness_result& r) {
        return "<freshness_result " + string(py::repr(py::cast(r.time))) + ", mean age " +
               repr(r.mean_age.count()) + " s, oldest " + repr(r.oldest.count()) + " s>";
      });
  m.def(
      "freshness",
      [](const py::object& published, const py::object& data_times, const period& of,
         const py::object& limit) {
        const std::vector<instant> visible = to_instants(published, "published");
        const std::vector<instant> data = to_instants(data_times, "data_times");
        const duration longest = to_duration(limit, "limit");
        const py::gil_scoped_release release;
        return sli::freshness(visible, data, of, longest);
      },
      "The period split by whether the data was at most `limit` old. At published[i] data became "
      "visible that held everything up to data_times[i]. Exact between publications. Raises "
      "ValueError for data from the future or publications out of order.",
      py::arg("published"), py::arg("data_times"), py::arg("of"), py::arg("limit"));
}

void bind_slices(py::module_& m) {
  m.def(
      "judge_throughput",
      [](const reals& work, const py::object& length, double floor_per_second,
         const string& missing) {
        return from_judged(sli::judge_throughput(view(work), to_duration(length, "length"),
                                                 floor_per_second,
                                                 choose(missing, no_traffics, "missing")));
      },
      "Each slice as \"good\", \"bad\" or \"ignored\": good when its work (rows, bytes) reaches "
      "the "
      "floor per second. NaN is a slice of which nobody knows the work. Raises ValueError for "
      "negative work.",
      py::arg("work"), py::arg("length"), py::arg("floor_per_second"), py::kw_only(),
      py::arg("missing") = "ignore");
  using result = sli::quantile_objective_result;
  py::class_<result>(m, "quantile_objective_result",
                     "Which slices met an objective on a quantile; those that buckets cannot tell "
                     "are undecided, and the doubt of slices.")
      .def_property_readonly("judged", [](const result& r) { return from_judged(r.judged); })
      .def_property_readonly("slices", [](const result& r) { return r.slices; })
      .def_readonly("undecided", &result::undecided)
      .def_readonly("short_of_data", &result::short_of_data)
      .def("__repr__", [](const result& r) {
        return "<quantile_objective_result " + text(r.slices.quoted) +
               ", undecided=" + relia::detail::to_text(r.undecided) +
               ", short_of_data=" + relia::detail::to_text(r.short_of_data) + ">";
      });
  m.def(
      "quantile_objective",
      [](const py::iterable& slices, double level, double limit, count fewest,
         const string& not_enough) {
        std::vector<any_shape> shapes;
        for (const py::handle s : slices) {
          shapes.emplace_back(py::reinterpret_borrow<py::object>(s));
        }
        return sli::quantile_objective<any_shape>(
            shapes, level, limit, {fewest, choose(not_enough, no_traffics, "not_enough")});
      },
      "In which slices the quantile of the latencies was at most the limit. slices: a histogram or "
      "an array of latencies each. fewest: events below which a slice has not enough data; 0 takes "
      "1 / (1 - level). bad_fraction of the result's slices is the indicator. Raises ValueError.",
      py::arg("slices"), py::arg("level"), py::arg("limit"), py::kw_only(), py::arg("fewest") = 0,
      py::arg("not_enough") = "ignore");
}

void bind_parts(py::module_& m) {
  m.def(
      "wrong_of_outputs",
      [](count wrong, count checked, count produced, double level, const string& side) {
        return sli::wrong_of_outputs(wrong, checked, produced,
                                     {.confidence_level = level, .sides = to_sides(side)});
      },
      "The fraction of the produced outputs that were wrong, when `wrong` of `checked`, drawn at "
      "random, were; exact, and known when all were checked. Raises ValueError unless wrong <= "
      "checked <= produced.",
      py::arg("wrong"), py::arg("checked"), py::arg("produced"), py::kw_only(),
      py::arg("confidence_level") = 0.95, py::arg("sides") = "both");
  m.def(
      "wrong_of_process",
      [](count wrong, count checked, double level, const string& method, const string& side) {
        return sli::wrong_of_process(
            wrong, checked, to_proportion_options(level, method, side, "sli::wrong_of_process"));
      },
      "The probability that the process makes a wrong output, however many it makes.",
      py::arg("wrong"), py::arg("checked"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("method") = "wilson", py::arg("sides") = "both");
  m.def(
      "annual_loss",
      [](count lost, count objects, const py::object& watched, double level, const string& method,
         const string& side) {
        return sli::annual_loss(
            lost, objects, to_duration(watched, "watched"),
            {level, to_method(method, {stats::garwood, stats::clopper_pearson}, "sli::annual_loss"),
             to_sides(side)});
      },
      R"(The probability that an object is lost within a year: 1 - durability.

watched: timedelta or seconds; objects: how many were stored, or their mean number. method:
"garwood" (a constant rate, right where objects come and go) or "clopper_pearson" (a fixed set).
A year is 365.2425 days. Raises ValueError. Source: Garwood (1936), Clopper and Pearson (1934).)",
      py::arg("lost"), py::arg("objects"), py::arg("watched"), py::kw_only(),
      py::arg("confidence_level") = 0.95, py::arg("method") = "garwood", py::arg("sides") = "both");
  m.def(
      "object_years_needed",
      [](const reals& loss, const py::object& lost, const reals& confidence_level) {
        return py::vectorize(&sli::object_years_needed)(loss, whole(lost, "lost"),
                                                        confidence_level);
      },
      "How many object-years with no more than `lost` losses show, one-sided, that the annual "
      "loss is below `loss`. Scalars or arrays, which broadcast. Raises ValueError.",
      py::arg("loss"), py::arg("lost") = 0, py::arg("confidence_level") = 0.95);
  m.def("nines", py::vectorize(&sli::nines),
        "The number of nines of 1 - loss: 11 for 1e-11. A scalar or an array. Raises ValueError.",
        py::arg("loss"));
}

}  // namespace
}  // namespace relia::python

void bind_sli_kinds(py::module_& m) {
  relia::python::bind_bounded_counts(m);
  relia::python::bind_clustered(m);
  relia::python::bind_apdex(m);
  relia::python::bind_watched_time(m);
  relia::python::bind_slices(m);
  relia::python::bind_parts(m);
}
