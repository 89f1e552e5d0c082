// SPDX-License-Identifier: BSL-1.0
#include <optional>
#include <string>
#include <variant>

#include <relia/detail/text.hpp>
#include <relia/queueing/measured.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using namespace relia::queueing;

/// The estimate first: it is a float too, and would lose its interval.
using measured = std::variant<estimate<double>, double>;

estimate<double> to_estimate(const measured& m) {
  return std::holds_alternative<double>(m) ? known(std::get<double>(m))
                                           : std::get<estimate<double>>(m);
}

}  // namespace
}  // namespace relia::python

void bind_queueing_measured(py::module_& m) {
  using namespace relia;
  using namespace relia::python;
  m.def("known", &known, "A number that was decided and not measured: an interval of no width.",
        py::arg("value"));
  m.def(
      "measured_service_time",
      [](const reals& requests, const reals& service_time, double confidence_level) {
        return measured_service_time(view(requests), view(service_time), confidence_level);
      },
      "The mean of exponential service times, with its exact interval, from the levels of a load "
      "test: how many requests, and their mean service time. Raises ValueError.",
      py::arg("requests"), py::arg("service_time"), py::kw_only(),
      py::arg("confidence_level") = 0.95);
  m.def(
      "fitted_service_time",
      [](const reals& arrival_rate, const reals& latency, const reals& requests,
         double confidence_level) {
        const py::gil_scoped_release release;
        return fitted_service_time(view(arrival_rate), view(latency), view(requests),
                                   confidence_level);
      },
      "The mean service time of the M/M/c pool that explains a load test, with an interval from "
      "leaving out each level in turn. Arguments as fit_station, at least 5 levels. Raises "
      "ValueError.",
      py::arg("arrival_rate"), py::arg("latency"), py::arg("requests"), py::kw_only(),
      py::arg("confidence_level") = 0.95);
  py::class_<measured_workload>(
      m, "measured_workload",
      "As workload, of measured rates and times: each an estimate, or a number that is known. "
      "arrival_rate_for_measured does not use the arrival rate.")
      .def(py::init([](const measured& service_time, const measured& arrival_rate,
                       const std::optional<count>& waiting_room, double abandonment_rate) {
             return measured_workload{to_estimate(arrival_rate), to_estimate(service_time),
                                      waiting_room, abandonment_rate};
           }),
           py::kw_only(), py::arg("service_time"), py::arg("arrival_rate") = 0.0,
           py::arg("waiting_room") = py::none(), py::arg("abandonment_rate") = 0.0)
      .def_readonly("arrival_rate", &measured_workload::arrival_rate)
      .def_readonly("service_time", &measured_workload::service_time)
      .def_readonly("waiting_room", &measured_workload::waiting_room)
      .def_readonly("abandonment_rate", &measured_workload::abandonment_rate)
      .def("__repr__", [](const measured_workload& w) {
        return "<measured_workload arrival_rate " + repr(w.arrival_rate.value) + ", service_time " +
               repr(w.service_time.value) + ">";
      });
  m.def(
      "servers_for_measured",
      [](const measured_workload& load, const service_targets& targets, double growth,
         count failures) {
        const py::gil_scoped_release release;
        return servers_for_measured(load, targets, {growth, failures});
      },
      "The least number of servers, those that fail included, that keep every promise with the "
      "load grown: an estimate, plan for its upper end. Raises ValueError.",
      py::arg("load"), py::arg("targets"), py::kw_only(), py::arg("growth") = 0.0,
      py::arg("failures") = 0);
  m.def(
      "arrival_rate_for_measured",
      [](const measured_workload& load, count servers, const service_targets& targets,
         double growth, count failures) {
        const py::gil_scoped_release release;
        return arrival_rate_for_measured(load, servers, targets, {growth, failures});
      },
      "The largest arrival rate, before it grows, at which servers less those that fail keep every "
      "promise: an estimate, count on its lower end. Raises ValueError.",
      py::arg("load"), py::arg("servers"), py::arg("targets"), py::kw_only(),
      py::arg("growth") = 0.0, py::arg("failures") = 0);
}
