// SPDX-License-Identifier: BSL-1.0
#include <pybind11/eigen.h>

#include <relia/detail/text.hpp>
#include <relia/forecast.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using namespace relia::forecast;

using model = linear_model<double>;
using row_major = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Rows of a design; a single column may come as one dimension.
Eigen::Map<const row_major> to_design(const reals& array) {
  if (array.ndim() != 1 && array.ndim() != 2) {
    throw py::value_error("design must have one or two dimensions, got " +
                          relia::detail::to_text(array.ndim()));
  }
  return {array.data(), array.shape(0), array.ndim() == 2 ? array.shape(1) : 1};
}

series to_series(const py::handle& times, const reals& values) {
  return {to_instants(times, "times"), view(values)};
}

std::string html_of(const model& fit) {
  std::string html =
      "<table><tr><th></th><th>coefficient</th><th>standard error</th><th>lower</th>"
      "<th>upper</th></tr>";
  for (Eigen::Index i = 0; i < fit.size(); ++i) {
    const auto e = fit.coefficient(i);
    const Eigen::Index column = fit.has_intercept() ? i - 1 : i;
    html += "<tr><th>" +
            (column < 0 ? std::string("intercept") : "column " + relia::detail::to_text(column)) +
            "</th>";
    for (const double v : {e.value, fit.standard_errors()(i), e.interval.lower, e.interval.upper})
      html += "<td>" + repr(v) + "</td>";
    html += "</tr>";
  }
  return html + "</table><p>95 % intervals; n = " + relia::detail::to_text(fit.n()) +
         ", residual sd " + repr(fit.residual_sd()) + ", R squared " + repr(fit.r_squared()) +
         "</p>";
}

void bind_least_squares(py::module_& m) {
  py::class_<band<double>>(m, "band", "Fitted values with the ends of an interval for each row.")
      .def_readonly("value", &band<double>::value)
      .def_readonly("lower", &band<double>::lower)
      .def_readonly("upper", &band<double>::upper)
      .def_readonly("confidence_level", &band<double>::confidence_level)
      .def("__repr__", [](const band<double>& b) {
        return "<band of " + relia::detail::to_text(b.value.size()) + " rows at " +
               repr(b.confidence_level) + ">";
      });

  const auto band_by = [](auto member) {
    return [member](const model& fit, const reals& design, double level) {
      const auto rows = to_design(design);
      const py::gil_scoped_release release;
      return (fit.*member)(rows, level);
    };
  };
  using rows = Eigen::Map<const row_major>;
  py::class_<model>(m, "linear_model",
                    "A fitted linear model, from fit_least_squares. Coefficients, errors and "
                    "weights come intercept first, when there is one.")
      .def_property_readonly("coefficients", &model::coefficients)
      .def_property_readonly("standard_errors", &model::standard_errors)
      .def_property_readonly("residuals", &model::residuals)
      .def_property_readonly("residual_sd", &model::residual_sd)
      .def_property_readonly("r_squared", &model::r_squared)
      .def_property_readonly("degrees_of_freedom", &model::degrees_of_freedom)
      .def_property_readonly("n", &model::n)
      .def_property_readonly("has_intercept", &model::has_intercept)
      .def_property_readonly("size", &model::size)
      .def_property_readonly("column_means", &model::column_means)
      .def_property_readonly("response_mean", &model::response_mean)
      .def_property_readonly("reciprocal_condition", &model::reciprocal_condition)
      .def("coefficient", &model::coefficient,
           "Coefficient index with its Student t interval, as an estimate.", py::arg("index"),
           py::kw_only(), py::arg("confidence_level") = 0.95)
      .def(
          "combination",
          [](const model& fit, const reals& weights, double level) {
            return fit.combination(view(weights), level);
          },
          "A weighted sum of the coefficients with its interval.", py::arg("weights"),
          py::kw_only(), py::arg("confidence_level") = 0.95)
      .def(
          "standard_error",
          [](const model& fit, const reals& weights) { return fit.standard_error(view(weights)); },
          "The standard error of a weighted sum of the coefficients.", py::arg("weights"))
      .def(
          "mean",
          [](const model& fit, const reals& x, double level) { return fit.mean(view(x), level); },
          "The mean response at x, a value for each column, with its interval.", py::arg("x"),
          py::kw_only(), py::arg("confidence_level") = 0.95)
      .def(
          "prediction",
          [](const model& fit, const reals& x, double level) {
            return fit.prediction(view(x), level);
          },
          "One new observation at x with its prediction interval.", py::arg("x"), py::kw_only(),
          py::arg("confidence_level") = 0.95)
      .def(
          "leverage", [](const model& fit, const reals& x) { return fit.leverage(view(x)); },
          "How much an observation at x pulls its own fitted value.", py::arg("x"))
      .def("mean_band", band_by(&model::mean_band<rows>), "mean for every row of a design.",
           py::arg("design"), py::kw_only(), py::arg("confidence_level") = 0.95)
      .def("prediction_band", band_by(&model::prediction_band<rows>),
           "prediction for every row of a design.", py::arg("design"), py::kw_only(),
           py::arg("confidence_level") = 0.95)
      .def("__repr__",
           [](const model& fit) {
             return "<linear_model of " + relia::detail::to_text(fit.size()) +
                    " coefficients, n=" + relia::detail::to_text(fit.n()) + ", residual sd " +
                    repr(fit.residual_sd()) + ", R squared " + repr(fit.r_squared()) + ">";
           })
      .def("_repr_html_", html_of);
  m.def(
      "fit_least_squares",
      [](const reals& design, const reals& response, bool intercept) {
        const auto x = to_design(design);
        const auto y = view(response);
        const py::gil_scoped_release release;
        return fit_least_squares(x, y, {.intercept = intercept});
      },
      "The linear model of response on the columns of design, by pivoted QR of centred and scaled "
      "columns. design: n rows and p columns, or n values for one column; response: n values. "
      "Raises ValueError for wrong sizes, values that are not finite, and a design without full "
      "rank, whose columns are named. Draper & Smith, Applied Regression Analysis, 1998.",
      py::arg("design"), py::arg("response"), py::kw_only(), py::arg("intercept") = true);
}

void bind_polynomial(py::module_& m) {
  using fit = polynomial_model;
  py::class_<fit>(m, "polynomial_model",
                  "A fitted polynomial. Ask mean and prediction for values: summing the powers "
                  "cancels the digits that the fit has kept.")
      .def_property_readonly("degree", &fit::degree)
      .def_property_readonly("coefficients",
                             [](const fit& f) {
                               return py::array_t<double>(
                                   static_cast<py::ssize_t>(f.coefficients().size()),
                                   f.coefficients().data());
                             })
      .def_property_readonly("residual_sd", &fit::residual_sd)
      .def_property_readonly("r_squared", &fit::r_squared)
      .def_property_readonly("degrees_of_freedom", &fit::degrees_of_freedom)
      .def_property_readonly("n", &fit::n)
      .def("coefficient", &fit::coefficient, "The coefficient of x**power with its interval.",
           py::arg("power"), py::kw_only(), py::arg("confidence_level") = 0.95)
      .def("standard_error", &fit::standard_error,
           "The standard error of the coefficient of x**power.", py::arg("power"))
      .def("mean", &fit::mean, "The mean at x with its interval.", py::arg("x"), py::kw_only(),
           py::arg("confidence_level") = 0.95)
      .def("prediction", &fit::prediction, "One new observation at x with its prediction interval.",
           py::arg("x"), py::kw_only(), py::arg("confidence_level") = 0.95)
      .def("__repr__", [](const fit& f) {
        return "<polynomial_model of degree " + relia::detail::to_text(f.degree()) +
               ", n=" + relia::detail::to_text(f.n()) + ", residual sd " + repr(f.residual_sd()) +
               ">";
      });
  m.def(
      "fit_polynomial",
      [](const reals& x, const reals& y, int degree) {
        const auto from = view(x);
        const auto to = view(y);
        const py::gil_scoped_release release;
        return fit_polynomial(from, to, degree);
      },
      "The polynomial of a degree from 1 to 30 with an intercept, fitted in a Legendre basis in "
      "extended precision. Raises ValueError for sizes, for fewer than degree + 1 different x, and "
      "for values that are not finite.",
      py::arg("x"), py::arg("y"), py::arg("degree"));
}

void bind_trend(py::module_& m) {
  py::class_<line_crossing>(m, "line_crossing",
                            "Where a line meets a level; g below 1: the slope is significant.")
      .def_readonly("x", &line_crossing::x)
      .def_readonly("g", &line_crossing::g)
      .def("__repr__", [](const line_crossing& c) {
        return "<line_crossing at " + repr(c.x.value) + " [" + repr(c.x.interval.lower) + ", " +
               repr(c.x.interval.upper) + "], g " + repr(c.g) + ">";
      });
  m.def("crossing_of", &crossing_of,
        "The x at which the line of a one-column model meets a level, with Fieller's interval: "
        "unbounded when the slope is not significant. Raises ValueError. Fieller, JRSS B 16, 1954.",
        py::arg("line"), py::arg("level"), py::kw_only(), py::arg("confidence_level") = 0.95);
  py::class_<capacity_crossing>(
      m, "capacity_crossing",
      "When a trend meets a capacity, in seconds after the last sample; infinite when never. "
      "outlook: \"ahead\", \"already_over\", \"never\" or \"slope_not_significant\".")
      .def_property_readonly(
          "outlook", [](const capacity_crossing& c) { return std::string(to_string(c.outlook)); })
      .def_readonly("after", &capacity_crossing::after)
      .def_readonly("g", &capacity_crossing::g)
      .def("__repr__", [](const capacity_crossing& c) {
        return "<capacity_crossing " + std::string(to_string(c.outlook)) + " after " +
               repr(c.after.value.count()) + " s [" + repr(c.after.interval.lower.count()) + ", " +
               repr(c.after.interval.upper.count()) + "]>";
      });

  py::class_<linear_trend>(m, "linear_trend", "A straight line through a series, from fit_trend.")
      .def(
          "mean",
          [](const linear_trend& trend, const py::object& t, double level) {
            return trend.mean(to_instant(t, "t"), level);
          },
          "The mean level at time t with its interval.", py::arg("t"), py::kw_only(),
          py::arg("confidence_level") = 0.95)
      .def(
          "prediction",
          [](const linear_trend& trend, const py::object& t, double level) {
            return trend.prediction(to_instant(t, "t"), level);
          },
          "One new sample at time t with its prediction interval.", py::arg("t"), py::kw_only(),
          py::arg("confidence_level") = 0.95)
      .def(
          "slope",
          [](const linear_trend& trend, const py::object& per, double level) {
            return trend.slope(to_seconds(per, "per"), level);
          },
          "Growth in a length of time (timedelta or seconds), with its interval.",
          py::arg("per") = 1.0, py::kw_only(), py::arg("confidence_level") = 0.95)
      .def("crossing", &linear_trend::crossing,
           "When the line reaches capacity from below, with Fieller's interval.",
           py::arg("capacity"), py::kw_only(), py::arg("confidence_level") = 0.95)
      .def_property_readonly("last",
                             [](const linear_trend& trend) { return from_instant(trend.last()); })
      .def_property_readonly("last_value", &linear_trend::last_value)
      .def_property_readonly("residual_autocorrelation", &linear_trend::residual_autocorrelation)
      .def_property_readonly("line", &linear_trend::line)
      .def("__repr__", [](const linear_trend& trend) {
        return "<linear_trend of " + relia::detail::to_text(trend.line().n()) + " samples, slope " +
               repr(trend.slope().value) + " per second>";
      });
  m.def(
      "fit_trend",
      [](const py::object& times, const reals& values) {
        const series data = to_series(times, values);
        const py::gil_scoped_release release;
        return fit_trend(data);
      },
      "The line through a series by least squares; times in any order, values that are not finite "
      "are left out. Raises ValueError for fewer than two samples.",
      py::arg("times"), py::arg("values"));
  m.def(
      "predict_linear",
      [](const py::object& times, const reals& values, const py::object& now,
         const py::object& ahead, double level) {
        const series range = to_series(times, values);
        const instant at = to_instant(now, "now");
        const duration way = to_duration(ahead, "ahead");
        const py::gil_scoped_release release;
        return predict_linear(range, at, way, level);
      },
      "PromQL's predict_linear: the level a length of time ahead of now on the line through the "
      "samples of a range, with a prediction interval. Fewer than two samples: state no_data.",
      py::arg("times"), py::arg("values"), py::arg("now"), py::arg("ahead"), py::kw_only(),
      py::arg("confidence_level") = 0.95);
}

void bind_first_passage(py::module_& m) {
  m.def("first_passage_probability", py::vectorize(first_passage_probability<double>),
        "The probability that a level which is distance short of its capacity, grows by drift per "
        "unit of time and varies by sd per square root of it, has reached it by time. Broadcasts. "
        "Raises ValueError. Chhikara & Folks, The Inverse Gaussian Distribution, 1989.",
        py::arg("distance"), py::arg("drift"), py::arg("sd"), py::arg("time"));
  m.def("first_passage_survival", py::vectorize(first_passage_survival<double>),
        "One minus that probability, to its own last digits. Broadcasts. Raises ValueError.",
        py::arg("distance"), py::arg("drift"), py::arg("sd"), py::arg("time"));
  m.def("first_passage_quantile", py::vectorize(first_passage_quantile<double>),
        "The time by which the capacity is reached with probability level; inf when never. "
        "Broadcasts. Raises ValueError.",
        py::arg("level"), py::arg("distance"), py::arg("drift"), py::arg("sd"));
}

void bind_exhaustion(py::module_& m) {
  using answer = exhaustion_forecast;
  const auto share = [](auto at) {
    return [at](const answer& f, const py::object& within) {
      return at(f, within.is_none() ? f.horizon() : to_seconds(within, "within"));
    };
  };
  py::class_<answer>(m, "exhaustion_forecast",
                     "When a resource runs out: a distribution of times after the last sample, up "
                     "to the horizon. From exhaustion.")
      .def("probability", share([](const answer& f, real_seconds t) { return f.probability(t); }),
           "The probability that the capacity is reached within a length of time after the last "
           "sample, the horizon by default; its interval is the Monte Carlo error.",
           py::arg("within") = py::none())
      .def("survival", share([](const answer& f, real_seconds t) { return f.survival(t); }),
           "The probability that it is not.", py::arg("within") = py::none())
      .def(
          "after",
          [](const answer& f, const reals& level) {
            return py::vectorize([&f](double p) { return f.after(p).count(); })(level);
          },
          "Seconds after the last sample by which the capacity is reached with probability level; "
          "inf when that does not happen within the horizon. Broadcasts over level.",
          py::arg("level"))
      .def(
          "date",
          [](const answer& f, double level) {
            const auto t = f.date(level);
            return t ? from_instant(*t)
                     : py::module_::import("numpy").attr("datetime64")("NaT", "ns");
          },
          "That time as datetime64; NaT when it is infinite.", py::arg("level"))
      .def_property_readonly("state",
                             [](const answer& f) { return std::string(to_string(f.state())); })
      .def_property_readonly("notes", &answer::notes)
      .def_property_readonly("last", [](const answer& f) { return from_instant(f.last()); })
      .def_property_readonly("horizon", [](const answer& f) { return f.horizon().count(); })
      .def_property_readonly("step", [](const answer& f) { return real_seconds(f.step()).count(); })
      .def_property_readonly("increments", &answer::increments)
      .def_property_readonly("block_length", &answer::block_length)
      .def_property_readonly("times",
                             [](const answer& f) {
                               return py::array_t<double>(
                                   static_cast<py::ssize_t>(f.times().size()), f.times().data());
                             })
      .def("__repr__", [](const answer& f) {
        if (f.state() != state::ok)
          return "<exhaustion_forecast no_data: " + f.notes().back() + ">";
        const auto e = f.probability();
        return "<exhaustion_forecast " + repr(e.value) + " within " + repr(f.horizon().count()) +
               " s; 10, 50, 90 % after " + repr(f.after(0.1).count()) + ", " +
               repr(f.after(0.5).count()) + ", " + repr(f.after(0.9).count()) + " s>";
      });
  m.def(
      "exhaustion",
      [](const py::object& times, const reals& values, double capacity, const py::object& horizon,
         std::uint64_t seed, count paths, count block_length, const py::object& step,
         const py::object& season, double confidence_level) {
        const series data = to_series(times, values);
        const real_seconds until = to_seconds(horizon, "horizon");
        const exhaustion_options options{.seed = seed,
                                         .paths = paths,
                                         .block_length = block_length,
                                         .step = to_duration(step, "step"),
                                         .season = to_duration(season, "season"),
                                         .confidence_level = confidence_level};
        const py::gil_scoped_release release;
        return exhaustion(data, capacity, until, options);
      },
      "When the level of a series reaches capacity, as far as horizon after its last sample: the "
      "maximum of paths of increments drawn in blocks. times: datetimes, any order; values: levels "
      "used, not free; horizon, step, season: timedelta or seconds (step 0: the median step, "
      "season 0: none); block_length in steps (0: automatic). Too little history: state no_data. "
      "Raises ValueError. Politis & Romano, 1992.",
      py::arg("times"), py::arg("values"), py::arg("capacity"), py::arg("horizon"), py::kw_only(),
      py::arg("seed") = exhaustion_options{}.seed, py::arg("paths") = exhaustion_options{}.paths,
      py::arg("block_length") = 0, py::arg("step") = 0.0, py::arg("season") = 0.0,
      py::arg("confidence_level") = 0.95);
}

}  // namespace
}  // namespace relia::python

void bind_forecast(py::module_& m) {
  using namespace relia::python;
  bind_least_squares(m);
  bind_polynomial(m);
  bind_trend(m);
  bind_first_passage(m);
  bind_exhaustion(m);
}
