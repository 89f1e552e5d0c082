// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <string>

#include <relia/queueing.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using namespace relia::queueing;

constexpr double infinity = std::numeric_limits<double>::infinity();

void bind_retries(py::module_& m) {
  py::class_<retry_point>(m, "retry_point",
                          "A steady state under retries: attempt_rate; attempt_failure, the "
                          "fraction of attempts that fail; request_failure, that of fresh requests "
                          "none of whose attempts succeeds.")
      .def_readonly("attempt_rate", &retry_point::attempt_rate)
      .def_readonly("attempt_failure", &retry_point::attempt_failure)
      .def_readonly("request_failure", &retry_point::request_failure)
      .def("__repr__", [](const retry_point& p) {
        return "<retry_point attempt_rate=" + repr(p.attempt_rate) +
               ", attempt_failure=" + repr(p.attempt_failure) +
               ", request_failure=" + repr(p.request_failure) + ">";
      });
  py::class_<retry_load>(
      m, "retry_load",
      "The steady states under retries. outcome: \"settles\", \"metastable\" or \"storm\"; normal "
      "and storm: those that exist, or None; point_of_no_return: the attempt rate past which the "
      "load grows into the storm (inf when it settles, 0 when there is only the storm); "
      "safe_budget: with fewer retries per fresh request than that no storm lasts.")
      .def_property_readonly("outcome",
                             [](const retry_load& r) { return std::string(to_string(r.outcome)); })
      .def_readonly("normal", &retry_load::normal)
      .def_readonly("storm", &retry_load::storm)
      .def_readonly("point_of_no_return", &retry_load::point_of_no_return)
      .def_readonly("safe_budget", &retry_load::safe_budget)
      .def("__repr__", [](const retry_load& r) {
        return "<retry_load " + std::string(to_string(r.outcome)) +
               ": point_of_no_return=" + repr(r.point_of_no_return) +
               ", safe_budget=" + repr(r.safe_budget) + ">";
      });
  py::class_<retry_limits>(m, "retry_limits",
                           "Arrival rates: up to safe no spike leaves a storm behind; above "
                           "largest there is nothing but the storm.")
      .def_readonly("safe", &retry_limits::safe)
      .def_readonly("largest", &retry_limits::largest)
      .def("__repr__", [](const retry_limits& r) {
        return "<retry_limits safe=" + repr(r.safe) + ", largest=" + repr(r.largest) + ">";
      });
  m.def(
      "retries",
      [](double arrival_rate, double service_rate, count servers, double timeout, count max_retries,
         double budget) {
        return retries(arrival_rate, service_rate, servers, {timeout, max_retries, budget});
      },
      "The steady states of an M/M/c pool whose clients retry at once after a timeout, up to "
      "max_retries times, while a budget of retries per fresh request lasts. timeout is in the "
      "unit "
      "of the rates. Assumes independent failures and Poisson attempts. Raises ValueError. Source: "
      "Bronson and others, Metastable failures in distributed systems (2021).",
      py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"), py::kw_only(),
      py::arg("timeout"), py::arg("max_retries") = 3, py::arg("budget") = infinity,
      py::call_guard<py::gil_scoped_release>());
  m.def(
      "retry_bounds",
      [](double service_rate, count servers, double timeout, count max_retries, double budget) {
        return retry_bounds(service_rate, servers, {timeout, max_retries, budget});
      },
      "The arrival rates at which a pool becomes metastable, and at which it has no normal state "
      "left. Arguments as retries. Raises ValueError.",
      py::arg("service_rate"), py::arg("servers"), py::kw_only(), py::arg("timeout"),
      py::arg("max_retries") = 3, py::arg("budget") = infinity,
      py::call_guard<py::gil_scoped_release>());
  m.def("retries_when_blocked", &retries_when_blocked,
        "Retries at a pool that turns away whom it cannot serve at once (Erlang B): its one steady "
        "state. Raises ValueError.",
        py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"),
        py::arg("max_retries") = 3, py::arg("budget") = infinity,
        py::call_guard<py::gil_scoped_release>());
  m.def("worst_retry_amplification", &worst_retry_amplification,
        "Attempts at the bottom of depth layers that each try attempts times, when everything "
        "fails. Raises ValueError.",
        py::arg("attempts"), py::arg("depth"));
}

void bind_overload(py::module_& m) {
  py::class_<shedding>(m, "shedding",
                       "What to let in: admitted_rate, and shed_fraction of the arrivals turned "
                       "away. outcome \"impossible\": even one request alone misses the target.")
      .def_property_readonly("outcome",
                             [](const shedding& s) { return std::string(to_string(s.outcome)); })
      .def_readonly("admitted_rate", &shedding::admitted_rate)
      .def_readonly("shed_fraction", &shedding::shed_fraction)
      .def("__repr__", [](const shedding& s) {
        return "<shedding " + std::string(to_string(s.outcome)) +
               ": admitted_rate=" + repr(s.admitted_rate) +
               ", shed_fraction=" + repr(s.shed_fraction) + ">";
      });
  m.def("shed", &shed,
        "The least fraction of Poisson arrivals to turn away for the rest to meet a latency "
        "target, as M/M/c. Raises ValueError.",
        py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"), py::arg("target"),
        py::call_guard<py::gil_scoped_release>());
  m.def("longest_line", &longest_line,
        "The most requests that may wait, so that the last of them waits no longer than limit with "
        "a probability of level or more; 0 when nobody may. Exact for exponential service, "
        "whatever the arrivals. Raises ValueError.",
        py::arg("service_rate"), py::arg("servers"), py::arg("limit"), py::arg("level") = 0.99,
        py::call_guard<py::gil_scoped_release>());
  py::class_<drain_time>(
      m, "drain_time",
      "The time until a backlog, and what comes meanwhile, is worked off for the first time, as "
      "M/M/c. At or over capacity state is \"unstable\", mean is infinite, and probability is that "
      "of its ever happening. Raises ValueError. Source: Takacs (1962), chapter 1.")
      .def(py::init<count, double, double, count>(), py::arg("backlog"), py::arg("arrival_rate"),
           py::arg("service_rate"), py::arg("servers"))
      .def_property_readonly("state",
                             [](const drain_time& d) { return std::string(to_string(d.state())); })
      .def_property_readonly("drift", &drain_time::drift)
      .def_property_readonly("probability", &drain_time::probability)
      .def_property_readonly("mean", &drain_time::mean)
      .def_property_readonly("variance", &drain_time::variance)
      .def("cdf", py::vectorize(&drain_time::cdf),
           "The probability that the line has been empty by t. Broadcasts over t.", py::arg("t"))
      .def("survival", py::vectorize(&drain_time::survival), "1 - cdf. Broadcasts over t.",
           py::arg("t"))
      .def("quantile", py::vectorize(&drain_time::quantile),
           "The time by which the line has been empty with probability level. Broadcasts.",
           py::arg("level"))
      .def("__repr__", [](const drain_time& d) {
        return "<drain_time " + std::string(to_string(d.state())) + ": mean=" + repr(d.mean()) +
               ", variance=" + repr(d.variance()) + ">";
      });
}

void bind_cache(py::module_& m) {
  py::class_<cached_queue>(
      m, "cached_queue",
      "A cache in front of an M/M/c pool: a fraction hit_ratio is answered in hit_time, the others "
      "take that long to find out and go on. Misses are taken as independent. state is "
      "\"unstable\" when the misses alone are too many. Raises ValueError.")
      .def(py::init<double, double, double, count, double>(), py::arg("arrival_rate"),
           py::arg("hit_ratio"), py::arg("service_rate"), py::arg("servers"),
           py::arg("hit_time") = 0.0)
      .def_property_readonly("pool", &cached_queue::pool)
      .def_property_readonly(
          "state", [](const cached_queue& q) { return std::string(to_string(q.state())); })
      .def_property_readonly("mean", &cached_queue::mean)
      .def("survival", py::vectorize(&cached_queue::survival),
           "The probability to take longer than t. Broadcasts over t.", py::arg("t"))
      .def("quantile", py::vectorize(&cached_queue::quantile),
           "The time that a fraction level does not exceed. Broadcasts over level.",
           py::arg("level"))
      .def("__repr__", [](const cached_queue& q) {
        return "<cached_queue " + std::string(to_string(q.state())) + ": mean=" + repr(q.mean()) +
               ", p99=" + repr(q.quantile(0.99)) + ">";
      });
  m.def("min_hit_ratio", &min_hit_ratio,
        "The least hit ratio at which a fraction level of the requests is answered within limit; 0 "
        "when the pool needs no cache. Raises ValueError.",
        py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"), py::arg("limit"),
        py::arg("level") = 0.99, py::arg("hit_time") = 0.0,
        py::call_guard<py::gil_scoped_release>());
}

void bind_autoscaling(py::module_& m) {
  py::class_<staffing_plan>(m, "staffing_plan",
                            "Servers for each interval: loads in erlangs that it is sized for, "
                            "needed then, and ordered by its beginning. outcome: \"met\" or "
                            "\"impossible\".")
      .def_property_readonly(
          "outcome", [](const staffing_plan& p) { return std::string(to_string(p.outcome)); })
      .def_readonly("loads", &staffing_plan::loads)
      .def_readonly("needed", &staffing_plan::needed)
      .def_readonly("ordered", &staffing_plan::ordered)
      .def("__repr__", [](const staffing_plan& p) {
        return "<staffing_plan " + std::string(to_string(p.outcome)) + ": " +
               std::to_string(p.needed.size()) + " intervals>";
      });
  m.def(
      "staffing",
      [](const reals& arrival_rates, double interval, double service_rate,
         const latency_target& target, const std::string& how, double start_up_delay) {
        const staffing_options options{
            to_method(how, {modified_offered_load, pointwise_stationary}, "queueing::staffing"),
            start_up_delay};
        const py::gil_scoped_release release;
        return staffing(view(arrival_rates), interval, service_rate, target, options);
      },
      "Servers for arrival rates that are constant over intervals, as M/M/c at the load of each "
      "method: \"modified_offered_load\", which lags by a service time, or "
      "\"pointwise_stationary\". All times in the unit of the rates. Raises ValueError. Source: "
      "Jennings, Mandelbaum, Massey, Whitt (1996).",
      py::arg("arrival_rates"), py::arg("interval"), py::arg("service_rate"), py::arg("target"),
      py::kw_only(), py::arg("method") = "modified_offered_load", py::arg("start_up_delay") = 0.0);
  py::class_<scale_up>(m, "scale_up",
                       "What a step of the load costs: backlog when the new servers come, "
                       "longest_wait, drained_after the step, servers_for_none. state is "
                       "\"unstable\" when even the new servers are too few.")
      .def_property_readonly("state",
                             [](const scale_up& s) { return std::string(to_string(s.state)); })
      .def_readonly("backlog", &scale_up::backlog)
      .def_readonly("longest_wait", &scale_up::longest_wait)
      .def_readonly("drained_after", &scale_up::drained_after)
      .def_readonly("servers_for_none", &scale_up::servers_for_none)
      .def("__repr__", [](const scale_up& s) {
        return "<scale_up " + std::string(to_string(s.state)) + ": backlog=" + repr(s.backlog) +
               ", longest_wait=" + repr(s.longest_wait) +
               ", drained_after=" + repr(s.drained_after) + ">";
      });
  m.def("step_of_load", &step_of_load,
        "What a step of the load to arrival_rate costs while servers serve, until new_servers in "
        "all serve after start_up_delay; as a fluid, without the queue that chance adds. Raises "
        "ValueError.",
        py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"),
        py::arg("new_servers"), py::arg("start_up_delay"));
}

}  // namespace
}  // namespace relia::python

void bind_queueing_behaviour(py::module_& m) {
  relia::python::bind_cache(m);
  relia::python::bind_autoscaling(m);
  relia::python::bind_retries(m);
  relia::python::bind_overload(m);
}
