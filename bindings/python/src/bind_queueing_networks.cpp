// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/queueing.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using namespace relia::queueing;

/// Any Python object that answers survival and survival_quantile.
struct any_latency {
  py::object object;

  [[nodiscard]] double survival(double t) const {
    return object.attr("survival")(t).cast<double>();
  }
  [[nodiscard]] double survival_quantile(double probability) const {
    return object.attr("survival_quantile")(probability).cast<double>();
  }
};

void require_latency(const py::object& latency) {
  if (!py::hasattr(latency, "survival") || !py::hasattr(latency, "survival_quantile")) {
    throw py::type_error("latency must have survival(t) and survival_quantile(probability)");
  }
}

template <class Latency>
py::class_<Latency> bind_latency(py::module_& m, const char* name, const char* doc) {
  const auto over = [](auto function) {
    return [function](const Latency& l, const reals& at) {
      return py::vectorize([&l, function](double x) { return function(l, x); })(at);
    };
  };
  return py::class_<Latency>(m, name, doc)
      .def("survival", over([](const Latency& l, double t) { return l.survival(t); }),
           "The probability to take longer than t. Broadcasts over t.", py::arg("t"))
      .def("survival_quantile",
           over([](const Latency& l, double p) { return l.survival_quantile(p); }),
           "The time that a fraction probability exceeds. Broadcasts over probability.",
           py::arg("probability"))
      .def("quantile", over([](const Latency& l, double p) { return l.quantile(p); }),
           "The time that a fraction level does not exceed. Broadcasts over level.",
           py::arg("level"))
      .def("__repr__", [name](const Latency& l) {
        return "<" + std::string(name) + " p50 " + repr(l.quantile(0.5)) + ", p99 " +
               repr(l.quantile(0.99)) + ">";
      });
}

void bind_fan_out(py::module_& m) {
  const auto def = [&m](const char* name, double (*function)(double, count, count), const char* doc,
                        const char* first) {
    m.def(
        name,
        [function](const reals& at, count branches, const py::object& needed) {
          const count k = needed.is_none() ? branches : needed.cast<count>();
          return py::vectorize([=](double x) { return function(x, branches, k); })(at);
        },
        doc, py::arg(first), py::arg("branches"), py::arg("needed") = py::none());
  };
  def("slow_fraction", &slow_fraction,
      "The fraction of requests that are slow, when each of branches independent backends is slow "
      "with probability leaf_slow and the first needed answers (all, unless given) make the "
      "request. Broadcasts over leaf_slow. Raises ValueError.",
      "leaf_slow");
  def("leaf_slow_fraction", &leaf_slow_fraction,
      "The inverse of slow_fraction: how often a backend may be slow. Broadcasts over slow.",
      "slow");
  m.def("order_statistic_mean", &order_statistic_mean,
        "The mean of the needed-th of branches exponential times of mean 1.", py::arg("branches"),
        py::arg("needed"));
  bind_latency<latency_sample>(m, "latency_sample",
                               "Measured latencies, as a latency to fan out or to hedge.")
      .def(py::init([](const reals& values) { return latency_sample(view(values)); }),
           py::arg("values"))
      .def_property_readonly("mean", &latency_sample::mean);
  bind_latency<fan_out<any_latency>>(
      m, "fan_out",
      "The latency of a request to branches independent backends that needs the first needed of "
      "their answers (all, unless given). latency: anything with survival and survival_quantile. "
      "Raises ValueError.")
      .def(py::init([](const py::object& latency, count branches, const py::object& needed) {
             require_latency(latency);
             return fan_out<any_latency>({latency}, branches,
                                         needed.is_none() ? branches : needed.cast<count>());
           }),
           py::arg("latency"), py::arg("branches"), py::arg("needed") = py::none())
      .def_property_readonly("branches", &fan_out<any_latency>::branches)
      .def_property_readonly("needed", &fan_out<any_latency>::needed);
  bind_latency<hedged<any_latency>>(
      m, "hedged",
      "The latency with a copy sent when no answer came within delay; copies are independent. "
      "latency: anything with survival and survival_quantile. Raises ValueError.")
      .def(py::init([](const py::object& latency, double delay) {
             require_latency(latency);
             return hedged<any_latency>({latency}, delay);
           }),
           py::arg("latency"), py::arg("delay"))
      .def_property_readonly("delay", &hedged<any_latency>::delay)
      .def_property_readonly("extra_load", &hedged<any_latency>::extra_load)
      .def_property_readonly("mean", [](const hedged<any_latency>& h) {
        const py::object& latency = h.leaf().object;
        if (!py::isinstance<latency_sample>(latency)) return h.mean();
        return hedged<latency_sample>(latency.cast<latency_sample>(), h.delay()).mean();
      });
  bind_latency<tied_requests>(
      m, "tied_requests",
      "Requests queued at copies replicas at once, of which the first to start cancels the others: "
      "single servers, exponential service, many replicas. Rates per replica. Raises ValueError. "
      "Source: Hellemans and Van Houdt (2018).")
      .def(py::init<double, double, count>(), py::arg("arrival_rate"), py::arg("service_rate"),
           py::arg("copies") = 2)
      .def_property_readonly(
          "state", [](const tied_requests& t) { return std::string(to_string(t.state())); })
      .def_property_readonly("wait_probability", &tied_requests::wait_probability)
      .def_property_readonly("mean", &tied_requests::mean);
  py::class_<hedged_replicas>(m, "hedged_replicas",
                              "Replicas whose load holds the copies that they hedge with.")
      .def_property_readonly(
          "state", [](const hedged_replicas& r) { return std::string(to_string(r.state)); })
      .def_readonly("attempt_rate", &hedged_replicas::attempt_rate)
      .def_readonly("extra_load", &hedged_replicas::extra_load)
      .def_readonly("replica", &hedged_replicas::replica)
      .def_property_readonly("response",
                             [](const hedged_replicas& r) {
                               return hedged<any_latency>({py::cast(r.replica.response_time())},
                                                          r.response.delay());
                             })
      .def("__repr__", [](const hedged_replicas& r) {
        return "<hedged_replicas " + std::string(to_string(r.state)) + ", attempt_rate " +
               repr(r.attempt_rate) + ", extra_load " + repr(r.extra_load) + ">";
      });
  m.def("hedging_break_even", &hedging_break_even,
        "The arrival rate per replica up to which a copy after delay shortens the quantile that a "
        "fraction probability exceeds, the copies in the load. Raises ValueError.",
        py::arg("service_rate"), py::arg("servers"), py::arg("delay"), py::arg("probability"),
        py::call_guard<py::gil_scoped_release>());
  m.def("hedge_replicas", &hedge_replicas,
        "Replicas (M/M/c) that hedge after delay, at the load where requests and copies agree; "
        "unstable when no load does. Raises ValueError, relia.ConvergenceError.",
        py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"), py::arg("delay"));
  m.def(
      "fork_join_response",
      [](double arrival_rate, double service_rate, count branches, const std::string& how) {
        return fork_join_response(
            arrival_rate, service_rate, branches,
            {to_method(how, {varma, nelson_tantawi}, "queueing::fork_join_response")});
      },
      "The mean time of a request split over branches servers with a queue each, until all parts "
      "are done; the interval bounds it for certain. Exact up to two branches. method: \"varma\" "
      "or \"nelson_tantawi\". Raises ValueError.",
      py::arg("arrival_rate"), py::arg("service_rate"), py::arg("branches"), py::kw_only(),
      py::arg("method") = "varma");
}

void bind_open(py::module_& m) {
  py::class_<open_station>(m, "open_station", "A pool of an open network.")
      .def(py::init([](double rate, count servers) {
             return open_station{rate, servers};
           }),
           py::arg("service_rate"), py::arg("servers") = 1)
      .def_readonly("service_rate", &open_station::service_rate)
      .def_readonly("servers", &open_station::servers)
      .def("__repr__", [](const open_station& s) {
        return "open_station(" + repr(s.service_rate) +
               ", servers=" + relia::detail::to_text(s.servers) + ")";
      });
  py::class_<open_network>(
      m, "open_network",
      "An open Jackson network. Either arrivals, one rate per station, with routing, a matrix of "
      "the fractions that go from row to column; or one arrival rate with visits per station. "
      "Raises ValueError. Source: Jackson (1957).")
      .def(py::init([](const py::object& arrivals, const std::vector<open_station>& stations,
                       const py::object& routing, const py::object& visits) {
             if (routing.is_none() == visits.is_none()) {
               throw py::value_error("give either routing or visits");
             }
             if (routing.is_none()) {
               return open_network(arrivals.cast<double>(), view(reals(visits)), stations);
             }
             return open_network(view(reals(arrivals)), view(reals(routing)), stations);
           }),
           py::arg("arrivals"), py::arg("stations"), py::kw_only(), py::arg("routing") = py::none(),
           py::arg("visits") = py::none())
      .def_property_readonly(
          "state", [](const open_network& n) { return std::string(to_string(n.state())); })
      .def_property_readonly("arrival_rate", &open_network::arrival_rate)
      .def_property_readonly("stations",
                             [](const open_network& n) {
                               return std::vector<mmc>(n.stations().begin(), n.stations().end());
                             })
      .def_property_readonly("visits",
                             [](const open_network& n) {
                               std::vector<double> visits;
                               for (std::size_t i = 0; i < n.size(); ++i) {
                                 visits.push_back(n.visits(i));
                               }
                               return visits;
                             })
      .def_property_readonly("bottleneck", &open_network::bottleneck)
      .def_property_readonly("growth_to_saturation", &open_network::growth_to_saturation)
      .def_property_readonly("mean_in_system", &open_network::mean_in_system)
      .def_property_readonly("mean_response", &open_network::mean_response)
      .def("__repr__", [](const open_network& n) {
        return "<open_network of " + relia::detail::to_text(n.size()) + ", " +
               std::string(to_string(n.state())) + ", mean_response " + repr(n.mean_response()) +
               ">";
      });
}

void bind_closed(py::module_& m) {
  m.attr("most_population") = most_population;
  py::class_<closed_station>(
      m, "closed_station",
      "A pool of a closed network. demand: visits per cycle times the mean service time. speeds: "
      "the speed with 1, 2, ... requests present, the last from then on.")
      .def(py::init([](double demand, count servers, const std::vector<double>& speeds) {
             return closed_station{demand, servers, speeds};
           }),
           py::arg("demand"), py::arg("servers") = 1, py::arg("speeds") = std::vector<double>{})
      .def_readonly("demand", &closed_station::demand)
      .def_readonly("servers", &closed_station::servers)
      .def_readonly("speeds", &closed_station::speeds)
      .def("__repr__", [](const closed_station& s) {
        return "closed_station(" + repr(s.demand) +
               ", servers=" + relia::detail::to_text(s.servers) + ")";
      });
  const auto array = [](auto member) {
    return [member](const closed_solution& s) {
      return py::array_t<double>(static_cast<py::ssize_t>((s.*member).size()), (s.*member).data());
    };
  };
  py::class_<closed_solution>(m, "closed_solution", "What a population gets from a closed network.")
      .def_readonly("throughput", &closed_solution::throughput)
      .def_readonly("response_time", &closed_solution::response_time)
      .def_property_readonly("queue_lengths", array(&closed_solution::queue_lengths))
      .def_property_readonly("residence_times", array(&closed_solution::residence_times))
      .def_property_readonly("utilizations", array(&closed_solution::utilizations))
      .def_property_readonly("throughputs", array(&closed_solution::throughputs))
      .def("__repr__", [](const closed_solution& s) {
        return "<closed_solution throughput " + repr(s.throughput) + ", response_time " +
               repr(s.response_time) + ">";
      });
  m.def(
      "solve_closed",
      [](const std::vector<closed_station>& stations, double think_time, count population) {
        const py::gil_scoped_release release;
        return solve_closed(stations, think_time, population);
      },
      "A fixed population that thinks, passes the stations and thinks again: exact, also with "
      "pools of many servers. Raises ValueError. Source: Buzen (1973); Reiser and Lavenberg "
      "(1980).",
      py::arg("stations"), py::arg("think_time"), py::arg("population"));
  m.def(
      "queue_distribution",
      [](const std::vector<closed_station>& stations, double think_time, count population,
         count station) {
        std::vector<double> p;
        {
          const py::gil_scoped_release release;
          p = queue_distribution(stations, think_time, population, station);
        }
        return py::array_t<double>(static_cast<py::ssize_t>(p.size()), p.data());
      },
      "The probability of 0, 1, ..., population requests at a station. Raises ValueError.",
      py::arg("stations"), py::arg("think_time"), py::arg("population"), py::arg("station"));
  py::class_<closed_bounds>(m, "closed_bounds", "Bounds that hold with certainty.")
      .def_readonly("throughput_lower", &closed_bounds::throughput_lower)
      .def_readonly("throughput_upper", &closed_bounds::throughput_upper)
      .def_readonly("response_lower", &closed_bounds::response_lower)
      .def_readonly("response_upper", &closed_bounds::response_upper)
      .def("__repr__", [](const closed_bounds& b) {
        return "<closed_bounds throughput " + repr(b.throughput_lower) + " to " +
               repr(b.throughput_upper) + ">";
      });
  m.def(
      "throughput_bounds",
      [](const std::vector<closed_station>& stations, double think_time, count population,
         const std::string& how) {
        return throughput_bounds(
            stations, think_time, population,
            {to_method(how, {asymptotic, balanced_job, geometric}, "queueing::throughput_bounds")});
      },
      "Bounds of throughput and response time from the demands alone. method: \"geometric\", "
      "\"balanced_job\" (both single servers) or \"asymptotic\". Raises ValueError.",
      py::arg("stations"), py::arg("think_time"), py::arg("population"), py::kw_only(),
      py::arg("method") = "geometric");
  m.def(
      "saturation_population",
      [](const std::vector<closed_station>& stations, double think_time) {
        return saturation_population(stations, think_time);
      },
      "The population from which on queueing is certain. Raises ValueError.", py::arg("stations"),
      py::arg("think_time"));
}

void bind_classes(py::module_& m) {
  py::class_<request_class>(m, "request_class",
                            "One kind of request of a closed network; demands per station.")
      .def(py::init([](count population, double think_time, const std::vector<double>& demands) {
             return request_class{population, think_time, demands};
           }),
           py::arg("population"), py::arg("think_time"), py::arg("demands"))
      .def_readonly("population", &request_class::population)
      .def_readonly("think_time", &request_class::think_time)
      .def_readonly("demands", &request_class::demands);
  py::class_<class_solution>(m, "class_solution", "What one class gets.")
      .def_readonly("throughput", &class_solution::throughput)
      .def_readonly("response_time", &class_solution::response_time)
      .def_readonly("residence_times", &class_solution::residence_times)
      .def_readonly("queue_lengths", &class_solution::queue_lengths)
      .def("__repr__", [](const class_solution& s) {
        return "<class_solution throughput " + repr(s.throughput) + ", response_time " +
               repr(s.response_time) + ">";
      });
  py::class_<classes_solution>(m, "classes_solution",
                               "What all classes get, and their sums per station.")
      .def_readonly("classes", &classes_solution::classes)
      .def_readonly("queue_lengths", &classes_solution::queue_lengths)
      .def_readonly("utilizations", &classes_solution::utilizations)
      .def_property_readonly("method",
                             [](const classes_solution& s) { return std::string(s.method.name); })
      .def("__repr__", [](const classes_solution& s) {
        return "<classes_solution of " + relia::detail::to_text(s.classes.size()) + ", " +
               std::string(s.method.name) + ">";
      });
  m.def(
      "solve_closed_classes",
      [](const std::vector<request_class>& classes, const std::vector<count>& servers,
         const std::string& how) {
        const auto chosen =
            to_method(how, {exact, schweitzer, linearizer}, "queueing::solve_closed_classes");
        const py::gil_scoped_release release;
        return solve_closed_classes(classes, servers, {chosen});
      },
      "A closed network of several classes; servers per station, single where not given. method: "
      "\"exact\", \"schweitzer\" or \"linearizer\". Raises ValueError, relia.ConvergenceError.",
      py::arg("classes"), py::arg("servers") = std::vector<count>{}, py::kw_only(),
      py::arg("method") = "exact");
}

}  // namespace
}  // namespace relia::python

void bind_queueing_networks(py::module_& m) {
  relia::python::bind_fan_out(m);
  relia::python::bind_open(m);
  relia::python::bind_closed(m);
  relia::python::bind_classes(m);
}
