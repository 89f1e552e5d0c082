// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <relia/detail/text.hpp>
#include <relia/queueing/little.hpp>
#include <relia/queueing/load_test.hpp>
#include <relia/queueing/uncertainty.hpp>

#include "bind.hpp"
#include "choose.hpp"

namespace relia::python {
namespace {

using namespace relia::queueing;

constexpr choice<delay> delays[] = {{"response", delay::response}, {"wait", delay::wait}};

void bind_measured(py::module_& m) {
  py::class_<little_residuals>(m, "little_residuals",
                               "concurrency / (throughput x latency) of each level; worst: the row "
                               "furthest from 1.")
      .def_readonly("ratio", &little_residuals::ratio)
      .def_readonly("worst", &little_residuals::worst)
      .def_readonly("decision", &little_residuals::decision)
      .def("__repr__", [](const little_residuals& r) {
        return "<little_residuals " + std::string(to_string(r.decision.verdict)) + ": " +
               r.decision.reason + ">";
      });
  m.def(
      "check_little",
      [](const reals& concurrency, const reals& throughput, const reals& latency,
         double tolerance) {
        return check_little(view(concurrency), view(throughput), view(latency), tolerance);
      },
      "Checks Little's law at each level of a load test: concurrency = throughput x mean latency, "
      "within a fraction tolerance. Raises ValueError.",
      py::arg("concurrency"), py::arg("throughput"), py::arg("latency"),
      py::arg("tolerance") = 0.05);

  py::class_<station_response>(m, "station_response",
                               "The response of a fitted station at one arrival rate.")
      .def_property_readonly(
          "state", [](const station_response& r) { return std::string(to_string(r.state())); })
      .def_property_readonly("mean", &station_response::mean)
      .def("survival", py::vectorize(&station_response::survival),
           "The probability to take longer than t; 1 when unstable.", py::arg("t"))
      .def("quantile", py::vectorize(&station_response::quantile),
           "The time that a fraction level does not exceed.", py::arg("level"))
      .def("survival_quantile", py::vectorize(&station_response::survival_quantile),
           "The time that a fraction probability exceeds.", py::arg("probability"));
  py::class_<station_fit>(
      m, "station_fit",
      "The pool that explains a load test: servers, service_rate, variability (1: Poisson "
      "arrivals, "
      "exponential service) and a constant delay, each an estimate; the residual of each level's "
      "mean in standard errors; and fit, a decision.")
      .def_readonly("servers", &station_fit::servers)
      .def_readonly("service_rate", &station_fit::service_rate)
      .def_readonly("variability", &station_fit::variability)
      .def_readonly("delay", &station_fit::delay)
      .def_readonly("residual", &station_fit::residual)
      .def_readonly("fit", &station_fit::fit)
      .def("response_time", &station_fit::response_time,
           "The response time at an arrival rate; infinite at or over capacity.",
           py::arg("arrival_rate"))
      .def("__repr__", [](const station_fit& s) {
        return "<station_fit servers " + repr(s.servers.value) + ", service_rate " +
               repr(s.service_rate.value) + ", variability " + repr(s.variability.value) +
               ", delay " + repr(s.delay.value) + ", fit " + std::string(to_string(s.fit.verdict)) +
               ">";
      });
  m.def(
      "fit_station",
      [](const reals& arrival_rate, const reals& latency, const reals& requests,
         const std::map<double, reals>& quantiles, count most_servers, bool mm, bool delay,
         double arrival_scv, std::uint64_t seed, count replicates, double confidence_level) {
        std::vector<latency_quantile> columns;  // a map is in rising order
        for (const auto& [level, column] : quantiles) columns.push_back({level, view(column)});
        const py::gil_scoped_release release;
        return fit_station(
            view(arrival_rate), view(latency), view(requests), columns,
            {most_servers, mm, delay, arrival_scv, seed, replicates, confidence_level});
      },
      "Fits a station to a load test: at each level under capacity the arrival rate, the mean "
      "response, how many requests it is a mean of, and quantiles of the response, {0.5: [...], "
      "0.99: [...]}. G/G/c with gamma times (mm: M/M/c), arrivals of arrival_scv (1: random, 0: "
      "paced), and a constant delay. Intervals: profile likelihood under weights simulated from "
      "seed. At least 4 levels. Raises ValueError.",
      py::arg("arrival_rate"), py::arg("latency"), py::arg("requests"), py::kw_only(),
      py::arg("quantiles") = std::map<double, reals>{}, py::arg("most_servers") = 128,
      py::arg("mm") = false, py::arg("delay") = true, py::arg("arrival_scv") = 1.0,
      py::arg("seed") = 0, py::arg("replicates") = 200, py::arg("confidence_level") = 0.95);
}

void bind_uncertainty(py::module_& m) {
  m.def(
      "latency_from_estimates",
      [](const estimate<double>& arrival_rate, const estimate<double>& service_time, count servers,
         const std::string& of, double level) {
        return latency_estimate(arrival_rate, service_time, servers, choose(of, delays, "delay"),
                                level);
      },
      "The quantile of a delay of M/M/c from estimates of the arrival rate and of the mean service "
      "time: the limits at the corners. Give both at 0.975 for an answer at 0.95. Raises "
      "ValueError.",
      py::arg("arrival_rate"), py::arg("service_time"), py::arg("servers"), py::kw_only(),
      py::arg("delay") = "response", py::arg("level") = 0.99);
  m.def("servers_estimate", &servers_estimate,
        "The least number of servers for a latency target, from estimates: plan for the upper end. "
        "Raises ValueError.",
        py::arg("arrival_rate"), py::arg("service_time"), py::arg("target"));
  py::class_<latency_levers>(m, "latency_levers",
                             "By how many per cent the latency falls when a lever moves by one per "
                             "cent: fewer arrivals, a shorter service, more servers.")
      .def_readonly("latency", &latency_levers::latency)
      .def_readonly("arrivals", &latency_levers::arrivals)
      .def_readonly("service", &latency_levers::service)
      .def_readonly("servers", &latency_levers::servers)
      .def_property_readonly("best", &latency_levers::best)
      .def("__repr__", [](const latency_levers& l) {
        return "<latency_levers best " + std::string(l.best()) + ": arrivals " + repr(l.arrivals) +
               ", service " + repr(l.service) + ", servers " + repr(l.servers) + ">";
      });
  m.def(
      "latency_sensitivity",
      [](double arrival_rate, double service_rate, count servers, const std::string& of,
         double level) {
        return latency_sensitivity(arrival_rate, service_rate, servers, choose(of, delays, "delay"),
                                   level);
      },
      "Which lever moves the quantile of a delay of M/M/c most, at a working point. Raises "
      "ValueError.",
      py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"), py::kw_only(),
      py::arg("delay") = "response", py::arg("level") = 0.99);
  m.def(
      "propagate",
      [](const py::function& model, const std::vector<estimate<double>>& inputs, std::uint64_t seed,
         count draws, double confidence_level) {
        return propagate(
            [&](std::span<const double> drawn) {
              return model(reals(static_cast<py::ssize_t>(drawn.size()), drawn.data()))
                  .cast<double>();
            },
            std::span<const estimate<double>>(inputs), {seed, draws, confidence_level});
      },
      "What the uncertainty of positive inputs (estimates) does to model(values): seeded draws, "
      "log-normal in each input's interval. Raises ValueError.",
      py::arg("model"), py::arg("inputs"), py::kw_only(), py::arg("seed") = 0,
      py::arg("draws") = 4000, py::arg("confidence_level") = 0.95);
}

}  // namespace
}  // namespace relia::python

void bind_queueing_load_test(py::module_& m) {
  using namespace relia::python;
  bind_measured(m);
  bind_uncertainty(m);
}
