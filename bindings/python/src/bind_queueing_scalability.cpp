// SPDX-License-Identifier: BSL-1.0
#include <string>

#include <relia/detail/text.hpp>
#include <relia/queueing/scalability.hpp>
#include <relia/queueing/scalability_fit.hpp>
#include <relia/queueing/scaling_laws.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using namespace relia::queueing;

std::string text_of(const usl& law) {
  return "usl(contention=" + repr(law.contention()) + ", coherency=" + repr(law.coherency()) +
         ", single_rate=" + repr(law.single_rate()) + ")";
}

void bind_usl(py::module_& m) {
  m.def("amdahl_speedup", py::vectorize(&amdahl_speedup<double>),
        "How much faster n workers do a fixed amount of work: n / (1 + serial_fraction (n - 1)). "
        "Broadcasts. Raises ValueError outside the domain.",
        py::arg("serial_fraction"), py::arg("n"));
  m.def("gustafson_speedup", py::vectorize(&gustafson_speedup<double>),
        "How much more work n workers do in a fixed time: n - serial_fraction (n - 1). Broadcasts. "
        "Raises ValueError outside the domain.",
        py::arg("serial_fraction"), py::arg("n"));
  py::class_<usl>(m, "usl",
                  "The universal scalability law (Gunther): throughput(n) = single_rate n / (1 + "
                  "contention (n - 1) + coherency n (n - 1)). Amdahl's law is the case of "
                  "coherency 0. Raises ValueError outside the domain.")
      .def(py::init<double, double, double>(), py::arg("contention"), py::arg("coherency"),
           py::arg("single_rate"))
      .def_property_readonly("contention", &usl::contention)
      .def_property_readonly("coherency", &usl::coherency)
      .def_property_readonly("single_rate", &usl::single_rate)
      .def_property_readonly("peak_concurrency", &usl::peak_concurrency)
      .def_property_readonly("peak_throughput", &usl::peak_throughput)
      .def("throughput", py::vectorize(&usl::throughput),
           "Requests done per unit of time with n in progress. Broadcasts over n.", py::arg("n"))
      .def("latency", py::vectorize(&usl::latency),
           "The mean time in the system with n in progress. Broadcasts over n.", py::arg("n"))
      .def("efficiency", py::vectorize(&usl::efficiency),
           "throughput(n) / (n single_rate). Broadcasts over n.", py::arg("n"))
      .def("concurrency_at_throughput", py::vectorize(&usl::concurrency_at_throughput),
           "The least concurrency with a throughput of x; inf when none has. Broadcasts over x.",
           py::arg("x"))
      .def("concurrency_at_latency", py::vectorize(&usl::concurrency_at_latency),
           "The largest concurrency with a mean latency of t or less; 0 when none has. Broadcasts "
           "over t.",
           py::arg("t"))
      .def("latency_at_throughput", py::vectorize(&usl::latency_at_throughput),
           "The mean latency at a throughput of x, on the rising side; inf when x is out of reach. "
           "Broadcasts over x.",
           py::arg("x"))
      .def("throughput_at_latency", py::vectorize(&usl::throughput_at_latency),
           "The throughput where the mean latency is t. Broadcasts over t.", py::arg("t"))
      .def(py::pickle(
          [](const usl& law) {
            return py::make_tuple(law.contention(), law.coherency(), law.single_rate());
          },
          [](const py::tuple& t) {
            return usl(t[0].cast<double>(), t[1].cast<double>(), t[2].cast<double>());
          }))
      .def("__repr__", &text_of);

  py::class_<usl_fit>(m, "usl_fit",
                      "The universal scalability law that fits measurements best, with profile "
                      "intervals. From fit_usl.")
      .def_property_readonly("model", &usl_fit::model)
      .def_property_readonly("contention", &usl_fit::contention)
      .def_property_readonly("coherency", &usl_fit::coherency)
      .def_property_readonly("single_rate", &usl_fit::single_rate)
      .def_property_readonly("peak_concurrency", &usl_fit::peak_concurrency)
      .def_property_readonly("n", &usl_fit::n)
      .def_property_readonly("levels", &usl_fit::levels)
      .def_property_readonly("largest_concurrency", &usl_fit::largest_concurrency)
      .def_property_readonly("sse", &usl_fit::sse)
      .def_property_readonly("residual_deviation", &usl_fit::residual_deviation)
      .def("throughput", &usl_fit::throughput,
           "The mean throughput at a concurrency, as an estimate with its profile interval.",
           py::arg("concurrency"), py::call_guard<py::gil_scoped_release>())
      .def("__repr__", [](const usl_fit& fit) {
        return "<usl_fit of " + relia::detail::to_text(fit.n()) + " measurements at " +
               relia::detail::to_text(fit.levels()) + " levels: " + text_of(fit.model()) + ">";
      });
  m.def(
      "fit_usl",
      [](const reals& concurrency, const reals& throughput, double confidence_level) {
        const py::gil_scoped_release release;
        return fit_usl(view(concurrency), view(throughput), {.confidence_level = confidence_level});
      },
      "Fits the universal scalability law to throughputs measured at concurrencies, in any order, "
      "by least squares with contention in [0, 1] and coherency >= 0. At least 4 different "
      "concurrencies; 1 need not be among them. Intervals by profile (Bates and Watts 1988). "
      "Raises ValueError, ConvergenceError.",
      py::arg("concurrency"), py::arg("throughput"), py::kw_only(),
      py::arg("confidence_level") = 0.95);
}

void bind_laws(py::module_& m) {
  py::class_<scaling_law>(m, "scaling_law",
                          "A law fitted: rate at a concurrency of 1; shape: its second coefficient "
                          "(contention, serial fraction, or where the plateau begins).")
      .def_property_readonly("law",
                             [](const scaling_law& law) { return std::string(law.law.name); })
      .def_readonly("parameters", &scaling_law::parameters)
      .def_readonly("rate", &scaling_law::rate)
      .def_readonly("shape", &scaling_law::shape)
      .def_readonly("sse", &scaling_law::sse)
      .def_readonly("aicc", &scaling_law::aicc)
      .def_readonly("weight", &scaling_law::weight)
      .def("__repr__", [](const scaling_law& law) {
        return "<scaling_law " + std::string(law.law.name) + ": rate " + repr(law.rate) +
               ", shape " + repr(law.shape) + ", weight " + repr(law.weight) + ">";
      });
  py::class_<scaling_comparison>(m, "scaling_comparison",
                                 "Five laws, the best first; usl: the decision whether the "
                                 "universal law may be used.")
      .def_property_readonly("laws",
                             [](const scaling_comparison& all) {
                               return std::vector<scaling_law>(all.laws.begin(), all.laws.end());
                             })
      .def_property_readonly("best", &scaling_comparison::best)
      .def_readonly("usl", &scaling_comparison::usl)
      .def_readonly("lack_of_fit", &scaling_comparison::lack_of_fit)
      .def("__repr__",
           [](const scaling_comparison& all) {
             return "<scaling_comparison: best " + std::string(all.best().law.name) + ", usl " +
                    std::string(to_string(all.usl.verdict)) + " (" + all.usl.reason + ")>";
           })
      .def("_repr_html_", [](const scaling_comparison& all) {
        std::string rows;
        for (const auto& law : all.laws) {
          rows += "<tr><td>" + html_text(std::string(law.law.name)) + "</td><td>" + repr(law.rate) +
                  "</td><td>" + repr(law.shape) + "</td><td>" + repr(law.weight) + "</td></tr>";
        }
        return "<table><tr><th>law</th><th>rate</th><th>shape</th><th>weight</th></tr>" + rows +
               "</table>";
      });
  m.def(
      "compare_scaling",
      [](const reals& concurrency, const reals& throughput) {
        const py::gil_scoped_release release;
        return compare_scaling(view(concurrency), view(throughput));
      },
      "Fits linear scaling, Amdahl's law, the universal law, Gustafson's law and a plateau, and "
      "compares them by AICc. Raises ValueError, ConvergenceError.",
      py::arg("concurrency"), py::arg("throughput"));
}

}  // namespace
}  // namespace relia::python

void bind_queueing_scalability(py::module_& m) {
  using namespace relia::python;
  bind_usl(m);
  bind_laws(m);
}
