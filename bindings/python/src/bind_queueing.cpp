// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/queueing.hpp>

#include "bind.hpp"
#include "whole.hpp"

namespace relia::python {
namespace {

using namespace relia::queueing;

delay to_delay(const std::string& name) {
  if (name == "response") return delay::response;
  if (name == "wait") return delay::wait;
  throw py::value_error("delay must be \"response\" or \"wait\", got \"" + name + "\"");
}

std::string name_of(delay d) { return d == delay::response ? "response" : "wait"; }

template <class Function>
void def_erlang(py::module_& m, const char* name, Function function, const char* doc) {
  m.def(
      name,
      [vector = py::vectorize(function)](const py::object& servers, const reals& load) mutable {
        return vector(whole(servers, "servers"), load);
      },
      doc, py::arg("servers"), py::arg("load"));
}

template <class Time>
py::class_<Time> bind_delay(py::module_& m, const char* name, const char* doc) {
  return py::class_<Time>(m, name, doc)
      .def("survival", py::vectorize(&Time::survival),
           "The probability to take longer than t. Broadcasts over t.", py::arg("t"))
      .def("log_survival", py::vectorize(&Time::log_survival),
           "Its logarithm, where the probability is below the smallest number. Broadcasts over t.",
           py::arg("t"))
      .def("cdf", py::vectorize(&Time::cdf),
           "The probability to take no longer than t. Broadcasts over t.", py::arg("t"))
      .def("quantile", py::vectorize(&Time::quantile),
           "The time that a fraction level does not exceed: 0.99 for the p99. NaN for a level "
           "outside [0, 1]. "
           "Broadcasts over level.",
           py::arg("level"))
      .def("survival_quantile", py::vectorize(&Time::survival_quantile),
           "The time that a fraction probability exceeds: 1e-4 for the p99.99. Broadcasts over "
           "probability.",
           py::arg("probability"))
      .def_property_readonly("mean", &Time::mean)
      .def_property_readonly("variance", &Time::variance)
      .def("__repr__", [name](const Time& t) {
        return "<" + std::string(name) + " mean " + repr(t.mean()) + ", p50 " +
               repr(t.quantile(0.5)) + ", p99 " + repr(t.quantile(0.99)) + ">";
      });
}

void bind_models(py::module_& m) {
  bind_delay<waiting_time>(
      m, "waiting_time",
      "The time until service starts: 0, or exponential. From mmc and mm1; infinite when unstable.")
      .def_property_readonly("mean_given_wait", &waiting_time::mean_given_wait);
  bind_delay<response_time>(
      m, "response_time",
      "The time until service ends: the wait and the service. From mmc and mm1.")
      .def("pdf", py::vectorize(&response_time::pdf),
           "Probability per unit of time. Broadcasts over t.", py::arg("t"));

  const auto over_n = [](auto member) {
    return [member](const mmc& q, const py::object& n) {
      return py::vectorize([&q, member](count k) { return (q.*member)(k); })(whole(n, "n"));
    };
  };
  py::class_<mmc>(m, "mmc",
                  "An M/M/c queue in steady state: Poisson arrivals, exponential service, servers "
                  "in parallel, first "
                  "come first served. Rates are per any one unit of time; times come out in that "
                  "unit. At or over "
                  "capacity state is \"unstable\" and delays are infinite. Raises ValueError.")
      .def(py::init<double, double, count>(), py::arg("arrival_rate"), py::arg("service_rate"),
           py::arg("servers"))
      .def_property_readonly("arrival_rate", &mmc::arrival_rate)
      .def_property_readonly("service_rate", &mmc::service_rate)
      .def_property_readonly("servers", &mmc::servers)
      .def_property_readonly("state",
                             [](const mmc& q) { return std::string(to_string(q.state())); })
      .def_property_readonly("load", &mmc::load)
      .def_property_readonly("utilization", &mmc::utilization)
      .def_property_readonly("wait_probability", &mmc::wait_probability)
      .def_property_readonly("log_wait_probability", &mmc::log_wait_probability)
      .def_property_readonly("waiting_time", &mmc::waiting_time)
      .def_property_readonly("response_time", &mmc::response_time)
      .def_property_readonly("mean_in_queue", &mmc::mean_in_queue)
      .def_property_readonly("variance_in_queue", &mmc::variance_in_queue)
      .def_property_readonly("mean_in_system", &mmc::mean_in_system)
      .def_property_readonly("variance_in_system", &mmc::variance_in_system)
      .def("probability_of", over_n(&mmc::probability_of),
           "The probability of exactly n requests in the system. Broadcasts over n.", py::arg("n"))
      .def("log_probability_of", over_n(&mmc::log_probability_of),
           "Its logarithm. Broadcasts over n.", py::arg("n"))
      .def("probability_at_least", over_n(&mmc::probability_at_least),
           "The probability of n requests or more in the system. Broadcasts over n.", py::arg("n"))
      .def(py::pickle(
          [](const mmc& q) {
            return py::make_tuple(q.arrival_rate(), q.service_rate(), q.servers());
          },
          [](const py::tuple& t) {
            return mmc(t[0].cast<double>(), t[1].cast<double>(), t[2].cast<count>());
          }))
      .def("__repr__", [](const mmc& q) {
        return "mmc(arrival_rate=" + repr(q.arrival_rate()) +
               ", service_rate=" + repr(q.service_rate()) +
               ", servers=" + relia::detail::to_text(q.servers()) + ")";
      });
  py::class_<mm1, mmc>(m, "mm1",
                       "An M/M/1 queue: the pool of one server. See mmc. Raises ValueError.")
      .def(py::init<double, double>(), py::arg("arrival_rate"), py::arg("service_rate"))
      .def_property_readonly("mean_busy_period", &mm1::mean_busy_period)
      .def(py::pickle(
          [](const mm1& q) { return py::make_tuple(q.arrival_rate(), q.service_rate()); },
          [](const py::tuple& t) { return mm1(t[0].cast<double>(), t[1].cast<double>()); }))
      .def("__repr__", [](const mm1& q) {
        return "mm1(arrival_rate=" + repr(q.arrival_rate()) +
               ", service_rate=" + repr(q.service_rate()) + ")";
      });
}

void bind_sizing(py::module_& m) {
  py::class_<latency_target>(
      m, "latency_target",
      "A fraction level of the requests has a delay (\"response\" or \"wait\") of limit or "
      "less. limit is in the unit of the rates.")
      .def(py::init([](double limit, double level, const std::string& of) {
             return latency_target{to_delay(of), level, limit};
           }),
           py::arg("limit"), py::kw_only(), py::arg("level") = 0.99, py::arg("delay") = "response")
      .def_readonly("limit", &latency_target::limit)
      .def_readonly("level", &latency_target::level)
      .def_property_readonly("delay", [](const latency_target& t) { return name_of(t.delay); })
      .def("__repr__", [](const latency_target& t) {
        return "latency_target(" + repr(t.limit) + ", level=" + repr(t.level) + ", delay='" +
               name_of(t.delay) + "')";
      });
  py::class_<sizing>(
      m, "sizing",
      "The least number of servers, and the probability of missing the limit with them. outcome is "
      "\"met\", or \"impossible\" when no number suffices: then servers is 0.")
      .def_property_readonly("outcome",
                             [](const sizing& s) { return std::string(to_string(s.outcome)); })
      .def_readonly("servers", &sizing::servers)
      .def_readonly("probability", &sizing::probability)
      .def("__repr__", [](const sizing& s) {
        return "<sizing " + std::string(to_string(s.outcome)) +
               ": servers=" + relia::detail::to_text(s.servers) +
               ", probability=" + repr(s.probability) + ">";
      });
  m.def("min_servers", &min_servers,
        "The least number of servers that meets a latency target, as M/M/c. Raises ValueError "
        "outside the domain.",
        py::arg("arrival_rate"), py::arg("service_rate"), py::arg("target"),
        py::call_guard<py::gil_scoped_release>());
  m.def(
      "max_arrival_rate",
      [](const reals& service_rate, const py::object& servers, const latency_target& target) {
        return py::vectorize([&target](double rate, count c) {
          return max_arrival_rate(rate, c, target);
        })(service_rate, whole(servers, "servers"));
      },
      "The largest arrival rate at which servers still meet a latency target, as M/M/c; 0 when the "
      "service alone takes "
      "too long. Broadcasts over service_rate and servers. Raises ValueError.",
      py::arg("service_rate"), py::arg("servers"), py::arg("target"));
  m.def("min_servers_for_blocking", &min_servers_for_blocking,
        "The least number of servers that turn away no more than a fraction blocking of the "
        "arrivals, as Erlang B.",
        py::arg("load"), py::arg("blocking"), py::call_guard<py::gil_scoped_release>());
  m.def(
      "max_load_for_blocking",
      [](const py::object& servers, const reals& blocking) {
        return py::vectorize(&max_load_for_blocking)(whole(servers, "servers"), blocking);
      },
      "The largest offered load of which servers turn away no more than a fraction blocking. "
      "Broadcasts.",
      py::arg("servers"), py::arg("blocking"));
  m.def(
      "latency_estimate",
      [](count arrivals, double exposure, count served, double service_total, count servers,
         const std::string& of, double level, double confidence_level) {
        return latency_estimate(arrivals, exposure, served, service_total, servers,
                                {to_delay(of), level, confidence_level});
      },
      "The quantile of a delay of M/M/c from a measured load: arrivals counted in a time exposure, "
      "and served requests "
      "whose service times add up to service_total. The interval joins exact limits for the "
      "arrival rate (Garwood) and "
      "the exponential service time (gamma) by Bonferroni, so it covers at least confidence_level. "
      "state is "
      "\"unstable\" when the measured load is at or over capacity, \"no_data\" without arrivals or "
      "served requests.",
      py::arg("arrivals"), py::arg("exposure"), py::arg("served"), py::arg("service_total"),
      py::arg("servers"), py::kw_only(), py::arg("delay") = "response", py::arg("level") = 0.99,
      py::arg("confidence_level") = 0.95);
}

}  // namespace
}  // namespace relia::python

void bind_queueing(py::module_& m) {
  using namespace relia::python;
  m.attr("most_servers") = relia::queueing::most_servers;
  def_erlang(m, "erlang_b", &relia::queueing::erlang_b<double>,
             "The fraction of arrivals that find every server busy and are turned away (Erlang B). "
             "load: arrival rate "
             "times mean service time. Broadcasts. Raises ValueError outside the domain.");
  def_erlang(
      m, "log_erlang_b", &relia::queueing::log_erlang_b<double>,
      "The logarithm of erlang_b, where the fraction is below the smallest number. Broadcasts.");
  def_erlang(m, "erlang_c", &relia::queueing::erlang_c<double>,
             "The fraction of arrivals that have to wait (Erlang C); 1 at or over capacity. load: "
             "arrival rate times "
             "mean service time. Broadcasts. Raises ValueError outside the domain.");
  def_erlang(m, "log_erlang_c", &relia::queueing::log_erlang_c<double>,
             "The logarithm of erlang_c. Broadcasts.");
  m.def(
      "erlang_c_slack",
      [vector = py::vectorize(&relia::queueing::erlang_c_slack<double>)](
          const py::object& servers, const reals& slack) mutable {
        return vector(whole(servers, "servers"), slack);
      },
      "erlang_c of a pool known by its spare capacity, slack = servers - load. Broadcasts.",
      py::arg("servers"), py::arg("slack"));
  bind_models(m);
  bind_sizing(m);
  bind_queueing_behaviour(m);
  bind_queueing_stations(m);
  bind_queueing_general(m);
  bind_queueing_networks(m);
  bind_queueing_load_test(m);
  bind_queueing_measured(m);
  bind_queueing_scalability(m);
  bind_queueing_simulation(m);
}
