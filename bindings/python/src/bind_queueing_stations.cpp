// SPDX-License-Identifier: BSL-1.0
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <relia/detail/text.hpp>
#include <relia/queueing.hpp>

#include "bind.hpp"
#include "whole.hpp"

namespace relia::python {
namespace {

using namespace relia::queueing;

/// A member over reals, broadcast, with the lock released: a tail is a sum.
template <class Member>
auto over(Member member) {
  return [member](const pool_delay& d, const reals& at) {
    return py::vectorize([&d, member](double x) {
      const py::gil_scoped_release release;
      return (d.*member)(x);
    })(at);
  };
}

template <class Pool, class Member>
auto over_n(Member member) {
  return [member](const Pool& q, const py::object& n) {
    return py::vectorize([&q, member](count k) {
      const py::gil_scoped_release release;
      return (q.*member)(k);
    })(whole(n, "n"));
  };
}

void bind_delay(py::module_& m) {
  py::class_<pool_delay>(
      m, "pool_delay",
      "The wait, or the response, of a request that is let in and served. From mmck, finite_source "
      "and erlang_a. survival keeps its digits down to 1e-45 of the probability of waiting.")
      .def("survival", over(&pool_delay::survival),
           "The probability of a longer delay than t. Broadcasts over t.", py::arg("t"))
      .def("cdf", over(&pool_delay::cdf),
           "1 - survival(t), to an absolute 1e-15. Broadcasts over t.", py::arg("t"))
      .def("quantile", over(&pool_delay::quantile),
           "The delay that a fraction level does not exceed: 0.99 for the p99. NaN for a level "
           "outside [0, 1]. Broadcasts over level.",
           py::arg("level"))
      .def("survival_quantile", over(&pool_delay::survival_quantile),
           "The delay that a fraction probability exceeds: 1e-4 for the p99.99. Broadcasts over "
           "probability.",
           py::arg("probability"))
      .def_property_readonly("mean", &pool_delay::mean)
      .def_property_readonly("variance", &pool_delay::variance)
      .def("__repr__", [](const pool_delay& d) {
        return "<pool_delay mean " + repr(d.mean()) + ", p50 " + repr(d.quantile(0.5)) + ", p99 " +
               repr(d.quantile(0.99)) + ">";
      });
}

void bind_pools(py::module_& m) {
  py::class_<pool> base(m, "pool",
                        "What every pool answers that turns requests away, loses them to "
                        "impatience, or serves a finite number of sources.");
  base.def_property_readonly("arrival_rate", &pool::arrival_rate)
      .def_property_readonly("service_rate", &pool::service_rate)
      .def_property_readonly("servers", &pool::servers)
      .def_property_readonly("mean_in_system", &pool::mean_in_system)
      .def_property_readonly("variance_in_system", &pool::variance_in_system)
      .def_property_readonly("mean_in_queue", &pool::mean_in_queue)
      .def_property_readonly("variance_in_queue", &pool::variance_in_queue)
      .def_property_readonly("mean_busy", &pool::mean_busy)
      .def_property_readonly("utilization", &pool::utilization)
      .def_property_readonly("throughput", &pool::throughput)
      .def_property_readonly("wait_probability", &pool::wait_probability)
      .def_property_readonly("blocking_probability", &pool::blocking_probability)
      .def_property_readonly("full_probability", &pool::full_probability)
      .def("probability_of", over_n<pool>(&pool::probability_of),
           "The probability of exactly n requests in the system. Broadcasts over n.", py::arg("n"))
      .def("log_probability_of", over_n<pool>(&pool::log_probability_of),
           "Its logarithm. Broadcasts over n.", py::arg("n"))
      .def("probability_at_least", over_n<pool>(&pool::probability_at_least),
           "The probability of n requests or more in the system. Broadcasts over n.", py::arg("n"));

  py::class_<mmck, pool>(
      m, "mmck",
      "An M/M/c/K queue: a request that finds capacity in the system is turned away. Rates are per "
      "any one unit of time; times come out in that unit. Raises ValueError.")
      .def(py::init<double, double, count, count>(), py::arg("arrival_rate"),
           py::arg("service_rate"), py::arg("servers"), py::arg("capacity"))
      .def_property_readonly("capacity", &mmck::capacity)
      .def_property_readonly("load", &mmck::load)
      .def_property_readonly("waiting_time", &mmck::waiting_time)
      .def_property_readonly("response_time", &mmck::response_time)
      .def("__repr__", [](const mmck& q) {
        return "mmck(arrival_rate=" + repr(q.arrival_rate()) +
               ", service_rate=" + repr(q.service_rate()) +
               ", servers=" + relia::detail::to_text(q.servers()) +
               ", capacity=" + relia::detail::to_text(q.capacity()) + ")";
      });
  py::class_<mm1k, mmck>(m, "mm1k", "One server and room for capacity - 1 more. See mmck.")
      .def(py::init<double, double, count>(), py::arg("arrival_rate"), py::arg("service_rate"),
           py::arg("capacity"));
  py::class_<mmcc, mmck>(m, "mmcc", "No room to wait: the system view of erlang_b. See mmck.")
      .def(py::init<double, double, count>(), py::arg("arrival_rate"), py::arg("service_rate"),
           py::arg("servers"));

  py::class_<finite_source, pool>(
      m, "finite_source",
      "An M/M/c//N queue: sources that each think for 1 / arrival_rate on average and then wait "
      "for their answer. Raises ValueError.")
      .def(py::init<double, double, count, count>(), py::arg("arrival_rate"),
           py::arg("service_rate"), py::arg("servers"), py::arg("sources"))
      .def_property_readonly("sources", &finite_source::sources)
      .def_property_readonly("waiting_time", &finite_source::waiting_time)
      .def_property_readonly("response_time", &finite_source::response_time)
      .def("__repr__", [](const finite_source& q) {
        return "finite_source(arrival_rate=" + repr(q.arrival_rate()) +
               ", service_rate=" + repr(q.service_rate()) +
               ", servers=" + relia::detail::to_text(q.servers()) +
               ", sources=" + relia::detail::to_text(q.sources()) + ")";
      });
  py::class_<engset, finite_source>(
      m, "engset",
      "Engset's loss system: a source that finds every server busy gives this request up. "
      "blocking_probability is call congestion, full_probability time congestion.")
      .def(py::init<double, double, count, count>(), py::arg("arrival_rate"),
           py::arg("service_rate"), py::arg("servers"), py::arg("sources"));

  const auto over_t = [](auto member) {
    return [member](const erlang_a& q, const reals& t) {
      return py::vectorize([&q, member](double x) {
        const py::gil_scoped_release release;
        return (q.*member)(x);
      })(t);
    };
  };
  py::class_<erlang_a, pool>(
      m, "erlang_a",
      "An M/M/c+M queue: requests that wait give up at abandonment_rate, 1 over their mean "
      "patience. Steady at any load. Raises ValueError.")
      .def(py::init<double, double, count, double>(), py::arg("arrival_rate"),
           py::arg("service_rate"), py::arg("servers"), py::arg("abandonment_rate"))
      .def_property_readonly("abandonment_rate", &erlang_a::abandonment_rate)
      .def_property_readonly("load", &erlang_a::load)
      .def_property_readonly("abandonment_probability", &erlang_a::abandonment_probability)
      .def_property_readonly("mean_wait", &erlang_a::mean_wait)
      .def_property_readonly("mean_wait_given_served", &erlang_a::mean_wait_given_served)
      .def_property_readonly("mean_wait_given_abandoned", &erlang_a::mean_wait_given_abandoned)
      .def("served_within", over_t(&erlang_a::served_within),
           "The fraction of all requests served after a wait of t or less. Broadcasts over t.",
           py::arg("t"))
      .def("waits_longer", over_t(&erlang_a::waits_longer),
           "The fraction of all requests that wait for longer than t. Broadcasts over t.",
           py::arg("t"))
      .def_property_readonly("waiting_time", &erlang_a::waiting_time)
      .def_property_readonly("response_time", &erlang_a::response_time)
      .def_property_readonly("offered_wait", &erlang_a::offered_wait)
      .def("__repr__", [](const erlang_a& q) {
        return "erlang_a(arrival_rate=" + repr(q.arrival_rate()) +
               ", service_rate=" + repr(q.service_rate()) +
               ", servers=" + relia::detail::to_text(q.servers()) +
               ", abandonment_rate=" + repr(q.abandonment_rate()) + ")";
      });
  py::class_<impatience>(m, "impatience", "Erlang A of a number of servers that need not be whole.")
      .def_readonly("wait_probability", &impatience::wait_probability)
      .def_readonly("abandonment_probability", &impatience::abandonment_probability)
      .def_readonly("mean_in_queue", &impatience::mean_in_queue)
      .def("__repr__", [](const impatience& a) {
        return "<impatience wait_probability=" + repr(a.wait_probability) +
               ", abandonment_probability=" + repr(a.abandonment_probability) +
               ", mean_in_queue=" + repr(a.mean_in_queue) + ">";
      });
  m.def("erlang_a_real", &erlang_a_real,
        "Erlang A of a number of servers that need not be whole. load and abandonment: rates times "
        "the mean service time. Raises ValueError.",
        py::arg("servers"), py::arg("load"), py::arg("abandonment"));

  py::class_<infinite_servers>(
      m, "infinite_servers",
      "Requests in flight when nobody waits: M/M/infinity; Poisson for any service in steady "
      "state. Raises ValueError.")
      .def(py::init<double, double>(), py::arg("arrival_rate"), py::arg("service_rate"))
      .def_property_readonly("arrival_rate", &infinite_servers::arrival_rate)
      .def_property_readonly("service_rate", &infinite_servers::service_rate)
      .def_property_readonly("load", &infinite_servers::load)
      .def_property_readonly("mean_in_system", &infinite_servers::mean_in_system)
      .def_property_readonly("variance_in_system", &infinite_servers::variance_in_system)
      .def("probability_of", over_n<infinite_servers>(&infinite_servers::probability_of),
           "The probability of exactly n requests. Broadcasts over n.", py::arg("n"))
      .def("log_probability_of", over_n<infinite_servers>(&infinite_servers::log_probability_of),
           "Its logarithm. Broadcasts over n.", py::arg("n"))
      .def("probability_at_least",
           over_n<infinite_servers>(&infinite_servers::probability_at_least),
           "The probability of n requests or more. Broadcasts over n.", py::arg("n"))
      .def(
          "mean_after",
          [](const infinite_servers& q, const reals& t, double initial) {
            return py::vectorize([&q, initial](double x) { return q.mean_after(x, initial); })(t);
          },
          "The mean number at a time t after there were initial. Broadcasts over t.", py::arg("t"),
          py::arg("initial") = 0.0)
      .def("__repr__", [](const infinite_servers& q) {
        return "infinite_servers(arrival_rate=" + repr(q.arrival_rate()) +
               ", service_rate=" + repr(q.service_rate()) + ")";
      });
}

void bind_targets(py::module_& m) {
  py::class_<workload>(
      m, "workload",
      "What arrives. With a waiting_room, that many may wait and the rest are turned away; with an "
      "abandonment_rate, those that wait give up; not both. arrival_rate_for and service_time_for "
      "do not use the rate they look for.")
      .def(py::init([](double arrival_rate, double service_rate,
                       const std::optional<count>& waiting_room, double abandonment_rate) {
             return workload{arrival_rate, service_rate, waiting_room, abandonment_rate};
           }),
           py::kw_only(), py::arg("arrival_rate") = 0.0, py::arg("service_rate") = 1.0,
           py::arg("waiting_room") = py::none(), py::arg("abandonment_rate") = 0.0)
      .def_readonly("arrival_rate", &workload::arrival_rate)
      .def_readonly("service_rate", &workload::service_rate)
      .def_readonly("waiting_room", &workload::waiting_room)
      .def_readonly("abandonment_rate", &workload::abandonment_rate)
      .def("__repr__", [](const workload& w) {
        return "workload(arrival_rate=" + repr(w.arrival_rate) +
               ", service_rate=" + repr(w.service_rate) +
               (w.waiting_room ? ", waiting_room=" + relia::detail::to_text(*w.waiting_room) : "") +
               ", abandonment_rate=" + repr(w.abandonment_rate) + ")";
      });
  py::class_<service_targets>(
      m, "service_targets",
      "Promises, all of them to be kept; those left alone promise nothing. Delays are those of "
      "requests that are let in and served.")
      .def(py::init([](double blocking, double abandonment, double wait_probability,
                       double utilization, double mean_wait, double mean_response,
                       std::variant<latency_target, std::vector<latency_target>> latency) {
             // One target needs no list around it.
             const auto* const one = std::get_if<latency_target>(&latency);
             return service_targets{
                 blocking,
                 abandonment,
                 wait_probability,
                 utilization,
                 mean_wait,
                 mean_response,
                 one != nullptr ? std::vector{*one}
                                : std::get<std::vector<latency_target>>(std::move(latency))};
           }),
           py::kw_only(), py::arg("blocking") = 1.0, py::arg("abandonment") = 1.0,
           py::arg("wait_probability") = 1.0, py::arg("utilization") = 1.0,
           py::arg("mean_wait") = service_targets{}.mean_wait,
           py::arg("mean_response") = service_targets{}.mean_response,
           py::arg("latency") = std::vector<latency_target>{})
      .def_readonly("blocking", &service_targets::blocking)
      .def_readonly("abandonment", &service_targets::abandonment)
      .def_readonly("wait_probability", &service_targets::wait_probability)
      .def_readonly("utilization", &service_targets::utilization)
      .def_readonly("mean_wait", &service_targets::mean_wait)
      .def_readonly("mean_response", &service_targets::mean_response)
      .def_readonly("latency", &service_targets::latency);
  py::class_<worst_promise>(
      m, "worst_promise",
      "The promise that is furthest from being kept. excess: the logarithm of actual / promised.")
      .def_readonly("excess", &worst_promise::excess)
      .def_property_readonly("name", [](const worst_promise& w) { return std::string(w.name); })
      .def_property_readonly("kept", &worst_promise::kept)
      .def("__repr__", [](const worst_promise& w) {
        return "<worst_promise name='" + std::string(w.name) + "', excess=" + repr(w.excess) + ">";
      });
  m.def(
      "judge",
      [](const workload& load, count servers, const service_targets& targets) {
        const py::gil_scoped_release release;
        return judge(load, servers, targets);
      },
      "Whether servers keep every promise, and which one is the nearest to be broken. Raises "
      "ValueError.",
      py::arg("load"), py::arg("servers"), py::arg("targets"));
  py::class_<bearing>(
      m, "bearing",
      "value servers, requests per unit of time, or units of time; binding names the promise that "
      "one more step would break. outcome \"impossible\": the service alone breaks it, value 0. "
      "value inf: nothing is ever broken.")
      .def_property_readonly("outcome",
                             [](const bearing& b) { return std::string(to_string(b.outcome)); })
      .def_readonly("value", &bearing::value)
      .def_property_readonly("binding", [](const bearing& b) { return std::string(b.binding); })
      .def("__repr__", [](const bearing& b) {
        return "<bearing " + std::string(to_string(b.outcome)) + ": value=" + repr(b.value) +
               ", binding='" + std::string(b.binding) + "'>";
      });
  m.def(
      "servers_for",
      [](const workload& load, const service_targets& targets, double growth, count failures) {
        const py::gil_scoped_release release;
        return servers_for(load, targets, {growth, failures});
      },
      "The least number of servers, those that fail included, that keep every promise with the "
      "load grown by growth (0.3: 30 % more). Raises ValueError.",
      py::arg("load"), py::arg("targets"), py::kw_only(), py::arg("growth") = 0.0,
      py::arg("failures") = 0);
  const auto given_servers = [](auto function) {
    return [function](const workload& load, count servers, const service_targets& targets,
                      double growth, count failures) {
      const py::gil_scoped_release release;
      return function(load, servers, targets, contingency{growth, failures});
    };
  };
  m.def("arrival_rate_for", given_servers(&arrival_rate_for),
        "The largest arrival rate, before it grows, at which servers less those that fail keep "
        "every promise; inf where none is ever broken. Raises ValueError.",
        py::arg("load"), py::arg("servers"), py::arg("targets"), py::kw_only(),
        py::arg("growth") = 0.0, py::arg("failures") = 0);
  m.def("service_time_for", given_servers(&service_time_for),
        "The largest mean service time with which servers less those that fail keep every promise "
        "under the load grown; inf where none is ever broken. Raises ValueError.",
        py::arg("load"), py::arg("servers"), py::arg("targets"), py::kw_only(),
        py::arg("growth") = 0.0, py::arg("failures") = 0);
}

}  // namespace
}  // namespace relia::python

void bind_queueing_stations(py::module_& m) {
  using namespace relia::python;
  m.attr("most_waiting") = relia::queueing::most_waiting;
  m.def("halfin_whitt_wait_probability",
        py::vectorize(&relia::queueing::halfin_whitt_wait_probability),
        "The fraction that waits in a large pool of load + beta sqrt(load) servers: the limit of "
        "erlang_c. Broadcasts. Halfin and Whitt (1981). Raises ValueError.",
        py::arg("beta"));
  m.def(
      "halfin_whitt_beta", py::vectorize(&relia::queueing::halfin_whitt_beta),
      "The beta at which a fraction wait_probability waits: the spare servers, in square roots of "
      "the load. Broadcasts. Raises ValueError.",
      py::arg("wait_probability"));
  m.def("erlang_b_real", py::vectorize(&relia::queueing::erlang_b_real<double>),
        "erlang_b of a number of servers that need not be whole. Broadcasts. Raises ValueError.",
        py::arg("servers"), py::arg("load"));
  m.def("erlang_c_real", py::vectorize(&relia::queueing::erlang_c_real<double>),
        "erlang_c of a number of servers that need not be whole. Broadcasts. Raises ValueError.",
        py::arg("servers"), py::arg("load"));
  bind_delay(m);
  bind_pools(m);
  bind_targets(m);
}
