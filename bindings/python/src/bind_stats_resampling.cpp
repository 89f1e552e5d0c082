// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/stats/block_bootstrap.hpp>
#include <relia/stats/bootstrap.hpp>
#include <relia/stats/random.hpp>
#include <relia/stats/survival.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using stats::block_bootstrap_options;
using stats::bootstrap_options;
using stats::kaplan_meier;
using stats::random_stream;
using stats::survival_options;
using stats::survival_step;

/// The value at one index, or an array of them. Floats and negative numbers are refused: a silent
/// conversion would read another place of the stream.
template <class Value, class Read>
py::object at_indices(const py::object& index, Read read) {
  const py::object array = py::module_::import("numpy").attr("asarray")(index);
  const std::string kind = py::str(array.attr("dtype").attr("kind"));
  const bool whole = kind == "u" || kind == "i";
  if (!whole || (array.attr("size").cast<std::size_t>() > 0 &&
                 py::bool_(array.attr("min")().attr("__lt__")(0)))) {
    throw py::value_error("index must be whole numbers, at least 0, got " +
                          std::string(py::repr(index)));
  }
  const py::array_t<std::uint64_t, py::array::c_style | py::array::forcecast> at(array);
  py::array_t<Value> out(std::vector<py::ssize_t>(at.shape(), at.shape() + at.ndim()));
  const std::uint64_t* from = at.data();
  Value* to = out.mutable_data();
  const py::ssize_t size = at.size();
  {
    const py::gil_scoped_release release;
    for (py::ssize_t i = 0; i < size; ++i) to[i] = read(from[i]);
  }
  return out.ndim() == 0 ? out.attr("item")() : py::object(out);
}

/// Whether each row has ended: booleans, or whole numbers 0 and 1.
std::vector<std::uint8_t> to_flags(const py::object& values) {
  const std::vector<count> numbers = to_counts(values, "observed");
  std::vector<std::uint8_t> flags;
  flags.reserve(numbers.size());
  for (const count n : numbers) {
    if (n != 0 && n != 1) {
      throw py::value_error("observed must be True (ended) or False (still open), got " +
                            detail::to_text(n));
    }
    flags.push_back(static_cast<std::uint8_t>(n));
  }
  return flags;
}

py::array_t<double> to_array(const std::vector<double>& values) {
  return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
}

std::vector<double> to_vector(const reals& values) {
  return {values.data(), values.data() + values.size()};
}

/// Calls use(figure) with the statistic that Python named: relia's own without the GIL.
template <class Use>
auto with_statistic(const py::object& statistic, Use use) {
  const py::object own = py::module_::import("relia.stats");
  if (statistic.is(own.attr("sample_mean"))) {
    const py::gil_scoped_release release;
    return use(stats::sample_mean);
  }
  if (statistic.is(own.attr("sample_median"))) {
    const py::gil_scoped_release release;
    return use(stats::sample_median);
  }
  if (!PyCallable_Check(statistic.ptr())) {
    throw py::value_error(
        "statistic must be a function of an array, such as relia.stats.sample_mean, got " +
        std::string(py::repr(statistic)));
  }
  return use([&](std::span<double> rows) {
    const py::array_t<double> copy(static_cast<py::ssize_t>(rows.size()), rows.data());
    return py::float_(statistic(copy)).template cast<double>();
  });
}

method to_scale(const std::string& name, const char* function) {
  using namespace stats;
  return to_method(name, {log_log_limits, log_limits, plain_limits, logit_limits, arcsine_limits},
                   function);
}

void bind_random(py::module_& m) {
  m.def(
      "philox4x32",
      [](const std::array<std::uint32_t, 4>& counter, const std::array<std::uint32_t, 2>& key) {
        return stats::philox4x32(counter, key);
      },
      "One block of Philox4x32-10: four random words from a counter of four and a key of two "
      "(Salmon et al. 2011).",
      py::arg("counter"), py::arg("key"));
  py::class_<random_stream>(
      m, "random_stream",
      "A sequence of independent random values, read at any index in O(1). index may be an array; "
      "the values are the same on every machine and any number of threads (Philox4x32-10).")
      .def(py::init<std::uint64_t, std::uint64_t>(), py::arg("seed"), py::arg("stream") = 0)
      .def_property_readonly("seed", &random_stream::seed)
      .def_property_readonly("stream", &random_stream::stream)
      .def(
          "bits",
          [](const random_stream& s, const py::object& index) {
            return at_indices<std::uint64_t>(index, [s](std::uint64_t i) { return s.bits(i); });
          },
          "64 random bits.", py::arg("index"))
      .def(
          "fill",
          [](const random_stream& s, std::uint64_t first, std::size_t size) {
            py::array_t<std::uint64_t> words(static_cast<py::ssize_t>(size));
            const std::span<std::uint64_t> out(words.mutable_data(), size);
            const py::gil_scoped_release release;
            s.fill(first, out);
            return words;
          },
          "The words from `first` on, at half the cost of one by one.", py::arg("first"),
          py::arg("size"))
      .def(
          "uniform",
          [](const random_stream& s, const py::object& index) {
            return at_indices<double>(index, [s](std::uint64_t i) { return s.uniform(i); });
          },
          "Uniform on (0, 1): an odd multiple of 2^-53.", py::arg("index"))
      .def(
          "below",
          [](const random_stream& s, const py::object& index, std::uint64_t n) {
            return at_indices<std::uint64_t>(index,
                                             [s, n](std::uint64_t i) { return s.below(i, n); });
          },
          "A whole number in [0, n), each within 2^-64 of 1/n likely.", py::arg("index"),
          py::arg("n"))
      .def(
          "normal",
          [](const random_stream& s, const py::object& index) {
            return at_indices<double>(index, [s](std::uint64_t i) { return s.normal(i); });
          },
          "Standard normal, by inversion of uniform(index).", py::arg("index"))
      .def(
          "exponential",
          [](const random_stream& s, const py::object& index) {
            return at_indices<double>(index, [s](std::uint64_t i) { return s.exponential(i); });
          },
          "Exponential with mean 1, by inversion of uniform(index).", py::arg("index"))
      .def("__eq__", [](const random_stream& a, const random_stream& b) { return a == b; })
      .def(py::pickle([](const random_stream& s) { return py::make_tuple(s.seed(), s.stream()); },
                      [](const py::tuple& t) {
                        return random_stream(t[0].cast<std::uint64_t>(),
                                             t[1].cast<std::uint64_t>());
                      }))
      .def("__repr__", [](const random_stream& s) {
        return "random_stream(" + detail::to_text(s.seed()) + ", " + detail::to_text(s.stream()) +
               ")";
      });
}

void bind_bootstrap(py::module_& m) {
  const auto rows_of = [](const reals& values, const char* function) {
    if (values.size() == 0)
      throw py::value_error(std::string("relia::stats::") + function +
                            ": values must be at least one row, got 0");
  };
  m.def(
      "sample_mean",
      [rows_of](const reals& values) {
        rows_of(values, "sample_mean");
        const auto rows = view(values);
        const py::gil_scoped_release release;
        return stats::sample_mean(rows);
      },
      "The arithmetic mean, as a statistic.", py::arg("values"));
  m.def(
      "sample_median",
      [rows_of](const reals& values) {
        rows_of(values, "sample_median");
        std::vector<double> rows = to_vector(values);
        const py::gil_scoped_release release;
        return stats::sample_median(std::span<double>(rows));
      },
      "The median, as a statistic: the mean of the middle two when the number of rows is even.",
      py::arg("values"));
  m.def(
      "bootstrap",
      [](const reals& values, const py::object& statistic, std::uint64_t seed, count resamples,
         double confidence_level, const std::string& how) {
        const bootstrap_options options{
            seed, resamples, confidence_level,
            to_method(how, {stats::bca, stats::percentile}, "stats::bootstrap")};
        const auto rows = view(values);
        return with_statistic(statistic,
                              [&](auto figure) { return stats::bootstrap(rows, figure, options); });
      },
      "A figure with its bootstrap interval, for any statistic of independent rows. statistic "
      "takes "
      "an array and returns a float; sample_mean and sample_median run without the interpreter. "
      "method is \"bca\" or \"percentile\". No values: state \"no_data\". Raises ValueError for "
      "values that are not finite. Source: Efron 1987. The same seed gives the same answer on "
      "every "
      "machine.",
      py::arg("values"), py::arg("statistic"), py::kw_only(), py::arg("seed") = 0,
      py::arg("resamples") = 10'000, py::arg("confidence_level") = 0.95, py::arg("method") = "bca");
  m.def(
      "bootstrap_replicates",
      [](const reals& values, const py::object& statistic, std::uint64_t seed, count resamples) {
        const bootstrap_options options{.seed = seed, .resamples = resamples};
        const auto rows = view(values);
        return to_array(with_statistic(statistic, [&](auto figure) {
          return stats::bootstrap_replicates(rows, figure, options);
        }));
      },
      "The statistic of each resample, in order of resample.", py::arg("values"),
      py::arg("statistic"), py::kw_only(), py::arg("seed") = 0, py::arg("resamples") = 10'000);
  m.def(
      "bias_correction",
      [](const reals& replicates, double value) {
        const auto rows = view(replicates);
        const py::gil_scoped_release release;
        return stats::bias_correction(rows, value);
      },
      "z0, the median bias of the replicates in standard normal units; ties count half.",
      py::arg("replicates"), py::arg("value"));
  m.def(
      "jackknife_acceleration",
      [](const reals& values, const py::object& statistic) {
        const auto rows = view(values);
        return with_statistic(
            statistic, [&](auto figure) { return stats::jackknife_acceleration(rows, figure); });
      },
      "The acceleration of BCa, by leaving one row out in turn.", py::arg("values"),
      py::arg("statistic"));
  m.def(
      "percentile_interval",
      [](const reals& replicates, double confidence_level) {
        std::vector<double> rows = to_vector(replicates);
        const py::gil_scoped_release release;
        return stats::percentile_interval(std::move(rows), confidence_level);
      },
      "The interval between the plain quantiles of replicates, however they were made.",
      py::arg("replicates"), py::kw_only(), py::arg("confidence_level") = 0.95);
  m.def(
      "bca_interval",
      [](double value, const reals& replicates, double acceleration, double confidence_level) {
        std::vector<double> rows = to_vector(replicates);
        const py::gil_scoped_release release;
        return stats::bca_interval(value, std::move(rows), acceleration, confidence_level);
      },
      "The BCa interval from replicates, however they were made.", py::arg("value"),
      py::arg("replicates"), py::arg("acceleration"), py::kw_only(),
      py::arg("confidence_level") = 0.95);
  m.def(
      "automatic_block_length",
      [](const reals& series) {
        const auto rows = view(series);
        const py::gil_scoped_release release;
        return stats::automatic_block_length(rows);
      },
      "The block length that suits the memory of a series (Politis and White 2004, corrected "
      "2009).",
      py::arg("series"));
  m.def(
      "block_bootstrap",
      [](const reals& series, const py::object& statistic, std::uint64_t seed, count resamples,
         double confidence_level, count block_length) {
        const block_bootstrap_options options{seed, resamples, confidence_level, block_length};
        const auto rows = view(series);
        return with_statistic(
            statistic, [&](auto figure) { return stats::block_bootstrap(rows, figure, options); });
      },
      "A figure of a series with its circular block bootstrap interval. block_length 0 chooses "
      "automatic_block_length; notes name the length. Source: Politis and Romano 1992. The same "
      "seed "
      "gives the same answer on every machine.",
      py::arg("series"), py::arg("statistic"), py::kw_only(), py::arg("seed") = 0,
      py::arg("resamples") = 10'000, py::arg("confidence_level") = 0.95,
      py::arg("block_length") = 0);
}

std::string steps_html(const kaplan_meier& curve) {
  constexpr std::size_t most = 40;
  std::string html =
      "<table><tr><th>time</th><th>at risk</th><th>events</th><th>survival</th></tr>";
  const auto steps = curve.steps();
  for (const survival_step& s : steps.first(std::min(most, steps.size()))) {
    html += "<tr><td>" + repr(s.time) + "</td><td>" + detail::to_text(s.at_risk) + "</td><td>" +
            detail::to_text(s.events) + "</td><td>" + repr(s.survival) + "</td></tr>";
  }
  html += "</table>";
  if (steps.size() > most) html += "<p>" + detail::to_text(steps.size() - most) + " more steps</p>";
  return html;
}

void bind_survival(py::module_& m) {
  PYBIND11_NUMPY_DTYPE(survival_step, time, at_risk, events, survival, log_variance);
  const auto build = [](const reals& times, const py::object& observed, const py::object& counts) {
    const std::vector<std::uint8_t> flags = to_flags(observed);
    const std::vector<count> weights =
        counts.is_none() ? std::vector<count>{} : to_counts(counts, "counts");
    const auto rows = view(times);
    const py::gil_scoped_release release;
    return kaplan_meier(rows, std::span<const std::uint8_t>(flags), weights);
  };
  py::class_<kaplan_meier>(
      m, "kaplan_meier",
      "The Kaplan-Meier estimate of P(T > t). times: how long each row lasted or has been watched, "
      "in any one unit; observed: True where it has ended, False where it is still open; counts: "
      "how many each row stands for. Raises ValueError for a time that is negative or not finite. "
      "Source: Kaplan and Meier 1958; conventions as R's survival package.")
      .def(py::init(build), py::arg("times"), py::arg("observed"), py::arg("counts") = py::none())
      .def_property_readonly("n", &kaplan_meier::n)
      .def_property_readonly("n_open", &kaplan_meier::n_open)
      .def(
          "steps",
          [](const kaplan_meier& c) {
            return py::array_t<survival_step>(static_cast<py::ssize_t>(c.steps().size()),
                                              c.steps().data());
          },
          "One step for each different time, ascending: an array with the fields time, at_risk, "
          "events, survival and log_variance (pandas.DataFrame takes it).")
      .def(
          "survival",
          [](const kaplan_meier& c, const reals& t) {
            return py::vectorize([&c](double x) { return c.survival(x); })(t);
          },
          "P(T > t), t a number or an array.", py::arg("t"))
      .def(
          "standard_error",
          [](const kaplan_meier& c, const reals& t) {
            return py::vectorize([&c](double x) { return c.standard_error(x); })(t);
          },
          "Greenwood's standard error of survival(t), t a number or an array.", py::arg("t"))
      .def(
          "limits",
          [](const kaplan_meier& c, const std::optional<double>& t, double confidence_level,
             const std::string& how) -> py::object {
            const survival_options options{confidence_level,
                                           to_scale(how, "stats::kaplan_meier::limits")};
            if (t) return py::cast(c.limits(*t, options));
            const auto all = [&] {
              const py::gil_scoped_release release;
              return c.limits(options);
            }();
            py::array_t<double> out({static_cast<py::ssize_t>(all.size()), py::ssize_t{2}});
            double* to = out.mutable_data();
            for (const auto& i : all) {
              *to++ = i.lower;
              *to++ = i.upper;
            }
            return out;
          },
          "The interval of survival(t); without t, an array of one (lower, upper) per step. "
          "method: "
          "\"log_log\", \"log\", \"plain\", \"logit\" or \"arcsine\".",
          py::arg("t") = py::none(), py::kw_only(), py::arg("confidence_level") = 0.95,
          py::arg("method") = "log_log")
      .def(
          "quantile",
          [](const kaplan_meier& c, double level, double confidence_level, const std::string& how) {
            const survival_options options{confidence_level,
                                           to_scale(how, "stats::kaplan_meier::quantile")};
            const py::gil_scoped_release release;
            return c.quantile(level, options);
          },
          "The time by which the fraction level has ended, with the interval of Brookmeyer and "
          "Crowley (1982): 0.5 is the median; inf when the curve does not come down to it.",
          py::arg("level"), py::kw_only(), py::arg("confidence_level") = 0.95,
          py::arg("method") = "log_log")
      .def(
          "restricted_mean",
          [](const kaplan_meier& c, double tau, double confidence_level) {
            return c.restricted_mean(tau, {.confidence_level = confidence_level});
          },
          "The mean of min(T, tau): the area under the curve up to tau.", py::arg("tau"),
          py::kw_only(), py::arg("confidence_level") = 0.95,
          py::call_guard<py::gil_scoped_release>())
      .def("restricted_mean_error", &kaplan_meier::restricted_mean_error,
           "The standard error of restricted_mean(tau).", py::arg("tau"),
           py::call_guard<py::gil_scoped_release>())
      .def("__repr__",
           [](const kaplan_meier& c) {
             std::string text = "<kaplan_meier n=" + detail::to_text(c.n()) +
                                ", open=" + detail::to_text(c.n_open());
             if (c.n() > 0) text += ", last time " + repr(c.steps().back().time);
             return text + ">";
           })
      .def("_repr_html_", steps_html);
  m.def(
      "restricted_mean_difference",
      [](const kaplan_meier& a, const kaplan_meier& b, double tau, double confidence_level) {
        return stats::restricted_mean_difference(a, b, tau, {.confidence_level = confidence_level});
      },
      "How much longer the mean of min(T, tau) is for a than for b, two independent groups.",
      py::arg("a"), py::arg("b"), py::arg("tau"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::call_guard<py::gil_scoped_release>());
}

}  // namespace
}  // namespace relia::python

void bind_stats_resampling(py::module_& m) {
  relia::python::bind_random(m);
  relia::python::bind_bootstrap(m);
  relia::python::bind_survival(m);
}
