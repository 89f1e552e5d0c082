// SPDX-License-Identifier: BSL-1.0
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <relia/detail/text.hpp>
#include <relia/queueing.hpp>

#include "bind.hpp"
#include "laws.hpp"
#include "whole.hpp"

namespace relia::python {
namespace {

using namespace relia::queueing;

template <class Class, class Model>
Class& def_state(Class& c, const Model*) {
  return c
      .def_property_readonly("state",
                             [](const Model& q) { return std::string(to_string(q.state())); })
      .def_property_readonly("utilization", &Model::utilization);
}

preemption to_preemption(const std::string& name) {
  if (name == "none") return preemption::none;
  if (name == "resume") return preemption::resume;
  throw py::value_error("preemption must be \"none\" or \"resume\", got \"" + name + "\"");
}

template <class Time>
py::class_<Time> bind_law(py::module_& m, const char* name, const char* doc) {
  return py::class_<Time>(m, name, doc)
      .def_property_readonly("mean", &Time::mean)
      .def_property_readonly("scv", &Time::scv)
      .def_property_readonly("second_moment", &Time::second_moment)
      .def_property_readonly("third_moment", &Time::third_moment)
      .def("transform", py::vectorize([](const Time* t, double s) { return t->transform(s); }),
           "E exp(-s T), for s >= 0. Broadcasts over s.", py::arg("s"))
      .def(
          "draw",
          [](const Time& t, const stats::random_stream& random, const py::object& n) {
            for (const count k : to_counts(n, "n")) {
              relia::detail::require_non_negative_count("queueing::draw", "n", k);
            }
            return py::vectorize([&](count k) {
              return t.draw(random, static_cast<std::uint64_t>(k));
            })(whole(n, "n"));
          },
          "The n-th of independent times, from a relia.stats.random_stream. Broadcasts over n.",
          py::arg("random"), py::arg("n"))
      .def("__repr__", [name](const Time& t) {
        return "<" + std::string(name) + " mean " + repr(t.mean()) + ", scv " + repr(t.scv()) + ">";
      });
}

void bind_laws(py::module_& m) {
  bind_law<exponential_time>(m, "exponential_time", "Memoryless. Raises ValueError.")
      .def(py::init<double>(), py::arg("mean"));
  bind_law<deterministic_time>(m, "deterministic_time", "Always the same. Raises ValueError.")
      .def(py::init<double>(), py::arg("mean"));
  bind_law<erlang_time>(m, "erlang_time",
                        "The sum of stages exponential times: scv 1 / stages. Raises ValueError.")
      .def(py::init<count, double>(), py::arg("stages"), py::arg("mean"))
      .def_property_readonly("stages", &erlang_time::stages);
  bind_law<hyperexponential_time>(
      m, "hyperexponential_time",
      "One of several exponential times, drawn per request. Raises ValueError.")
      .def(py::init([](const reals& probabilities, const reals& means) {
             return hyperexponential_time(view(probabilities), view(means));
           }),
           py::arg("probabilities"), py::arg("means"))
      .def_static("of_scv", &hyperexponential_time::of_scv,
                  "Two phases with balanced means of a given mean and scv >= 1.", py::arg("mean"),
                  py::arg("scv"));
  bind_law<lognormal_time>(
      m, "lognormal_time",
      "Its logarithm is normal: the usual shape of service times. Raises ValueError.")
      .def(py::init<double, double>(), py::arg("mean"), py::arg("scv"));
  bind_law<empirical_time>(m, "empirical_time",
                           "Service times as measured: counts per bucket, uniform between the n + "
                           "1 bounds of n buckets. "
                           "Raises ValueError.")
      .def(py::init([](const reals& bounds, const py::object& counts) {
             return empirical_time(view(bounds), to_counts(counts, "counts"));
           }),
           py::arg("bounds"), py::arg("counts"));
}

template <template <class> class Model, class Law>
struct any_of;
template <template <class> class Model, class... Times>
struct any_of<Model, std::variant<Times...>> {
  using type = std::variant<Model<Times>...>;
};

/// A function of the model, whatever the law is.
template <class Any, class Function>
auto each(const Any& model, const Function& f) {
  return std::visit(f, model.value);
}

struct any_mg1_delay {
  any_of<mg1_delay, law>::type value;
};
struct any_mg1 {
  any_of<mg1, law>::type value;
};
struct any_srpt {
  any_of<srpt, continuous_law>::type value;
};

template <class Time>
void def_delay(py::class_<Time>& c, const char* name) {
  const auto of = [](auto member) {
    return [member](const Time& t, const reals& x) {
      return py::vectorize([&t, member](double at) { return member(t, at); })(x);
    };
  };
  c.def("survival", of([](const Time& t, double x) { return t.survival(x); }),
        "The probability to take longer than t. Broadcasts over t.", py::arg("t"))
      .def("log_survival", of([](const Time& t, double x) { return t.log_survival(x); }),
           "Its logarithm. Broadcasts over t.", py::arg("t"))
      .def("cdf", of([](const Time& t, double x) { return t.cdf(x); }),
           "The probability to take no longer than t. Broadcasts over t.", py::arg("t"))
      .def("quantile", of([](const Time& t, double x) { return t.quantile(x); }),
           "The time that a fraction level does not exceed. NaN outside [0, 1]. Broadcasts over "
           "level.",
           py::arg("level"))
      .def("survival_quantile", of([](const Time& t, double x) { return t.survival_quantile(x); }),
           "The time that a fraction probability exceeds. Broadcasts over probability.",
           py::arg("probability"))
      .def_property_readonly("mean", [](const Time& t) { return t.mean(); })
      .def_property_readonly("variance", [](const Time& t) { return t.variance(); })
      .def("__repr__", [name](const Time& t) {
        return "<" + std::string(name) + " mean " + repr(t.mean()) + ">";
      });
}

/// mg1_delay of any law, with the members that def_delay binds.
struct mg1_delay_view : any_mg1_delay {
  double survival(double t) const {
    return each(*this, [t](const auto& d) { return d.survival(t); });
  }
  double log_survival(double t) const {
    return each(*this, [t](const auto& d) { return d.log_survival(t); });
  }
  double cdf(double t) const {
    return each(*this, [t](const auto& d) { return d.cdf(t); });
  }
  double quantile(double level) const {
    return each(*this, [level](const auto& d) { return d.quantile(level); });
  }
  double survival_quantile(double p) const {
    return each(*this, [p](const auto& d) { return d.survival_quantile(p); });
  }
  double mean() const {
    return each(*this, [](const auto& d) { return d.mean(); });
  }
  double variance() const {
    return each(*this, [](const auto& d) { return d.variance(); });
  }
  double decay_rate() const {
    return each(*this, [](const auto& d) { return d.decay_rate(); });
  }
};

void bind_mg1(py::module_& m) {
  py::class_<mg1_delay_view> delay(
      m, "mg1_delay",
      "A delay of M/G/1, inverted from its transform: relative error of the tail about 1e-11, 1e-6 "
      "for laws with corners (deterministic, empirical), 1e-12 absolute for the log-normal.");
  def_delay(delay, "mg1_delay");
  delay.def_property_readonly("decay_rate", &mg1_delay_view::decay_rate);
  py::class_<any_mg1> model(
      m, "mg1",
      "An M/G/1 queue: Poisson arrivals, one server, first come first served, any law of service "
      "(exponential_time, lognormal_time, empirical_time ...). state is \"unstable\" at or over "
      "capacity. Raises ValueError.");
  model.def(py::init([](double arrival_rate, const py::object& service) {
              return std::visit(
                  [arrival_rate](const auto& s) { return any_mg1{mg1(arrival_rate, s)}; },
                  to_law<law>(service, "service"));
            }),
            py::arg("arrival_rate"), py::arg("service"));
  const auto number = [&model](const char* name, auto member) {
    model.def_property_readonly(name, [member](const any_mg1& q) { return each(q, member); });
  };
  number("state", [](const auto& q) { return std::string(to_string(q.state())); });
  number("arrival_rate", [](const auto& q) { return q.arrival_rate(); });
  number("utilization", [](const auto& q) { return q.utilization(); });
  number("wait_probability", [](const auto& q) { return q.wait_probability(); });
  number("mean_wait", [](const auto& q) { return q.mean_wait(); });
  number("variance_wait", [](const auto& q) { return q.variance_wait(); });
  number("mean_response", [](const auto& q) { return q.mean_response(); });
  number("variance_response", [](const auto& q) { return q.variance_response(); });
  number("mean_in_queue", [](const auto& q) { return q.mean_in_queue(); });
  number("variance_in_queue", [](const auto& q) { return q.variance_in_queue(); });
  number("mean_in_system", [](const auto& q) { return q.mean_in_system(); });
  number("variance_in_system", [](const auto& q) { return q.variance_in_system(); });
  number("service", [](const auto& q) { return py::cast(q.service()); });
  number("waiting_time", [](const auto& q) { return mg1_delay_view{{q.waiting_time()}}; });
  number("response_time", [](const auto& q) { return mg1_delay_view{{q.response_time()}}; });
  model.def("__repr__", [](const any_mg1& q) {
    return each(q, [](const auto& x) {
      return "<mg1 utilization " + repr(x.utilization()) + ", mean_wait " + repr(x.mean_wait()) +
             ">";
    });
  });

  m.def(
      "mean_in_flight",
      [](double arrival_rate, const py::object& service, const reals& t) {
        return std::visit(
            [&](const auto& s) {
              return py::vectorize([&](double x) { return mean_in_flight(arrival_rate, s, x); })(t);
            },
            to_law<law>(service, "service"));
      },
      "The mean number in M/G/infinity a time t after it began with none: arrival_rate E min(S, "
      "t). Broadcasts over t. Raises ValueError.",
      py::arg("arrival_rate"), py::arg("service"), py::arg("t"));

  py::class_<any_srpt> shortest(
      m, "srpt",
      "M/G/1, shortest remaining processing time first, with a law of service that has a density. "
      "Raises ValueError.");
  shortest
      .def(py::init([](double arrival_rate, const py::object& service) {
             return std::visit(
                 [arrival_rate](const auto& s) { return any_srpt{srpt(arrival_rate, s)}; },
                 to_law<continuous_law>(service, "service"));
           }),
           py::arg("arrival_rate"), py::arg("service"))
      .def_property_readonly(
          "state",
          [](const any_srpt& q) {
            return each(q, [](const auto& x) { return std::string(to_string(x.state())); });
          })
      .def_property_readonly(
          "utilization",
          [](const any_srpt& q) { return each(q, [](const auto& x) { return x.utilization(); }); })
      .def(
          "mean_response",
          [](const any_srpt& q) {
            return each(q, [](const auto& x) { return x.mean_response(); });
          },
          "Over all requests. Some 10 ms.", py::call_guard<py::gil_scoped_release>())
      .def(
          "mean_response_of",
          [](const any_srpt& q, const reals& size) {
            return py::vectorize([&q](double x) {
              return each(q, [x](const auto& of) { return of.mean_response_of(x); });
            })(size);
          },
          "Of a request of the given size. Broadcasts over size.", py::arg("size"))
      .def("__repr__", [](const any_srpt& q) {
        return "<srpt utilization " + repr(each(q, [](const auto& x) { return x.utilization(); })) +
               ">";
      });
}

void bind_mdc(py::module_& m) {
  py::class_<mdc_delay> delay(m, "mdc_delay", "A delay of M/D/c; see waiting_time.");
  def_delay(delay, "mdc_delay");
  py::class_<mdc> model(m, "mdc",
                        "An M/D/c queue: Poisson arrivals, constant service, up to 10000 servers. "
                        "Raises ValueError.");
  def_state(model, static_cast<const mdc*>(nullptr))
      .def(py::init<double, double, count>(), py::arg("arrival_rate"), py::arg("service_time"),
           py::arg("servers"), py::call_guard<py::gil_scoped_release>())
      .def_property_readonly("arrival_rate", &mdc::arrival_rate)
      .def_property_readonly("service_time", &mdc::service_time)
      .def_property_readonly("servers", &mdc::servers)
      .def_property_readonly("load", &mdc::load)
      .def_property_readonly("wait_probability", &mdc::wait_probability)
      .def_property_readonly("mean_in_queue", &mdc::mean_in_queue)
      .def_property_readonly("mean_in_system", &mdc::mean_in_system)
      .def_property_readonly("waiting_time", &mdc::waiting_time)
      .def_property_readonly("response_time", &mdc::response_time)
      .def("__repr__", [](const mdc& q) {
        return "mdc(arrival_rate=" + repr(q.arrival_rate()) +
               ", service_time=" + repr(q.service_time()) +
               ", servers=" + relia::detail::to_text(q.servers()) + ")";
      });
  py::class_<md1, mdc>(m, "md1", "M/D/1: the pool of one. See mdc. Raises ValueError.")
      .def(py::init<double, double>(), py::arg("arrival_rate"), py::arg("service_time"));
}

struct any_gimc {
  any_of<gimc, law>::type value;
};
struct any_gim1 : any_gimc {};

void bind_gimc(py::module_& m) {
  py::class_<any_gimc> model(
      m, "gimc",
      "A GI/M/c queue: times between arrivals of any law, exponential service. Raises ValueError.");
  model.def(py::init([](const py::object& between, double service_rate, count servers) {
              return std::visit(
                  [&](const auto& a) { return any_gimc{gimc(a, service_rate, servers)}; },
                  to_law<law>(between, "between_arrivals"));
            }),
            py::arg("between_arrivals"), py::arg("service_rate"), py::arg("servers"));
  const auto number = [&model](const char* name, auto member) {
    model.def_property_readonly(name, [member](const any_gimc& q) { return each(q, member); });
  };
  number("state", [](const auto& q) { return std::string(to_string(q.state())); });
  number("arrival_rate", [](const auto& q) { return q.arrival_rate(); });
  number("service_rate", [](const auto& q) { return q.service_rate(); });
  number("servers", [](const auto& q) { return q.servers(); });
  number("utilization", [](const auto& q) { return q.utilization(); });
  number("sigma", [](const auto& q) { return q.sigma(); });
  number("wait_probability", [](const auto& q) { return q.wait_probability(); });
  number("mean_in_queue", [](const auto& q) { return q.mean_in_queue(); });
  number("mean_in_system", [](const auto& q) { return q.mean_in_system(); });
  number("waiting_time", [](const auto& q) { return q.waiting_time(); });
  number("response_time", [](const auto& q) { return q.response_time(); });
  model.def("__repr__", [](const any_gimc& q) {
    return each(q, [](const auto& x) {
      return "<gimc servers " + relia::detail::to_text(x.servers()) + ", utilization " +
             repr(x.utilization()) + ">";
    });
  });
  py::class_<any_gim1, any_gimc>(m, "gim1", "GI/M/1: the pool of one. See gimc.")
      .def(py::init([](const py::object& between, double service_rate) {
             return std::visit([&](const auto& a) { return any_gim1{{gimc(a, service_rate, 1)}}; },
                               to_law<law>(between, "between_arrivals"));
           }),
           py::arg("between_arrivals"), py::arg("service_rate"));
}

void bind_priority(py::module_& m) {
  py::class_<class_delay>(m, "class_delay",
                          "What a class of requests meets; infinite when it does not fit.")
      .def_readonly("mean_wait", &class_delay::mean_wait)
      .def_readonly("mean_response", &class_delay::mean_response)
      .def_property_readonly("state",
                             [](const class_delay& d) { return std::string(to_string(d.state)); })
      .def("__repr__", [](const class_delay& d) {
        return "<class_delay " + std::string(to_string(d.state)) + ": mean_wait " +
               repr(d.mean_wait) + ", mean_response " + repr(d.mean_response) + ">";
      });
  m.def(
      "mg1_priority",
      [](const reals& arrival_rates, const reals& mean_services, const reals& service_scvs,
         const std::string& rule) {
        const auto rates = view(arrival_rates);
        const auto means = view(mean_services);
        const auto scvs = view(service_scvs);
        constexpr const char* where = "queueing::mg1_priority";
        relia::detail::require_same_size(where, "mean_services", means.size(), rates.size());
        relia::detail::require_same_size(where, "service_scvs", scvs.size(), rates.size());
        std::vector<priority_class> classes;
        for (std::size_t k = 0; k < rates.size(); ++k) {
          classes.push_back({rates[k], means[k], scvs[k]});
        }
        return mg1_priority(classes, to_preemption(rule));
      },
      "The delays of each class at one server, the most important first. preemption: \"none\" or "
      "\"resume\". Raises ValueError.",
      py::arg("arrival_rates"), py::arg("mean_services"), py::arg("service_scvs"), py::kw_only(),
      py::arg("preemption") = "none");
  m.def(
      "mmc_priority",
      [](const reals& arrival_rates, double service_rate, count servers, const std::string& rule) {
        return mmc_priority(view(arrival_rates), service_rate, servers, to_preemption(rule));
      },
      "The delays of each class, the most important first, at a pool of one exponential service "
      "rate. Raises ValueError.",
      py::arg("arrival_rates"), py::arg("service_rate"), py::arg("servers"), py::kw_only(),
      py::arg("preemption") = "none");
}

void bind_stations(py::module_& m) {
  py::class_<sharing_response>(m, "sharing_response",
                               "The response under processor sharing with exponential services "
                               "(Morrison 1985). Broadcasts over its arguments.")
      .def("survival", py::vectorize(&sharing_response::survival),
           "The probability to take longer than t.", py::arg("t"))
      .def("log_survival", py::vectorize(&sharing_response::log_survival),
           "The logarithm of survival(t).", py::arg("t"))
      .def("cdf", py::vectorize(&sharing_response::cdf),
           "The probability to take no longer than t.", py::arg("t"))
      .def("quantile", py::vectorize(&sharing_response::quantile),
           "The time that a fraction level does not exceed.", py::arg("level"))
      .def("survival_quantile", py::vectorize(&sharing_response::survival_quantile),
           "The time that a fraction probability exceeds.", py::arg("probability"));
  py::class_<processor_sharing> sharing(
      m, "processor_sharing", "M/G/1 whose server all requests share. Raises ValueError.");
  def_state(sharing, static_cast<const processor_sharing*>(nullptr))
      .def(py::init<double, double>(), py::arg("arrival_rate"), py::arg("mean_service"))
      .def_property_readonly("mean_slowdown", &processor_sharing::mean_slowdown)
      .def_property_readonly("mean_response", &processor_sharing::mean_response)
      .def_property_readonly("variance_response_exponential",
                             &processor_sharing::variance_response_exponential)
      .def_property_readonly("mean_in_system", &processor_sharing::mean_in_system)
      .def("mean_response_of", py::vectorize(&processor_sharing::mean_response_of),
           "Of a request of the given size. Broadcasts over size.", py::arg("size"))
      .def("variance_response_exponential_of",
           py::vectorize(&processor_sharing::variance_response_exponential_of),
           "Of a request of the given size, the others exponential. Broadcasts over size.",
           py::arg("size"))
      .def("response_time_exponential", &processor_sharing::response_time_exponential,
           "The distribution of the response, with exponential services only.")
      .def("probability_at_least", &processor_sharing::probability_at_least,
           "The probability of n requests or more.", py::arg("n"));
  py::class_<batch_mm1> batch(m, "batch_mm1", "M^X/M/1: requests in batches. Raises ValueError.");
  def_state(batch, static_cast<const batch_mm1*>(nullptr))
      .def(py::init<double, double, double, double>(), py::arg("batch_rate"),
           py::arg("service_rate"), py::arg("mean_batch"), py::arg("batch_scv"))
      .def_property_readonly("mean_wait", &batch_mm1::mean_wait)
      .def_property_readonly("mean_response", &batch_mm1::mean_response)
      .def_property_readonly("mean_in_queue", &batch_mm1::mean_in_queue)
      .def_property_readonly("mean_in_system", &batch_mm1::mean_in_system);
  py::class_<retrial_mm1> retrial(m, "retrial_mm1",
                                  "M/M/1 whose clients retry while it is busy. Raises ValueError.");
  def_state(retrial, static_cast<const retrial_mm1*>(nullptr))
      .def(py::init<double, double, double>(), py::arg("arrival_rate"), py::arg("service_rate"),
           py::arg("retry_rate"))
      .def_property_readonly("mean_orbit", &retrial_mm1::mean_orbit)
      .def_property_readonly("variance_orbit", &retrial_mm1::variance_orbit)
      .def_property_readonly("mean_in_system", &retrial_mm1::mean_in_system)
      .def_property_readonly("mean_wait", &retrial_mm1::mean_wait)
      .def_property_readonly("mean_response", &retrial_mm1::mean_response)
      .def("probability_of", &retrial_mm1::probability_of,
           "The probability of exactly n clients waiting to retry.", py::arg("n"));
  py::class_<heterogeneous_mmc> unequal(
      m, "heterogeneous_mmc",
      "An M/M/c queue of unequal servers; an arrival takes an idle one at random. Raises "
      "ValueError.");
  def_state(unequal, static_cast<const heterogeneous_mmc*>(nullptr))
      .def(py::init([](double arrival_rate, const reals& service_rates) {
             return heterogeneous_mmc(arrival_rate, view(service_rates));
           }),
           py::arg("arrival_rate"), py::arg("service_rates"))
      .def_property_readonly("wait_probability", &heterogeneous_mmc::wait_probability)
      .def_property_readonly("waiting_time", &heterogeneous_mmc::waiting_time)
      .def_property_readonly("mean_in_queue", &heterogeneous_mmc::mean_in_queue)
      .def_property_readonly("mean_busy", &heterogeneous_mmc::mean_busy)
      .def_property_readonly("mean_in_system", &heterogeneous_mmc::mean_in_system)
      .def_property_readonly("mean_response", &heterogeneous_mmc::mean_response);
  py::class_<mmc_breakdowns> breakdowns(
      m, "mmc_breakdowns",
      "An M/M/c queue whose servers fail and are repaired; repairers=0 is one for each server. "
      "Raises ValueError.");
  def_state(breakdowns, static_cast<const mmc_breakdowns*>(nullptr))
      .def(py::init([](double arrival_rate, double service_rate, count servers, double failure_rate,
                       double repair_rate, count repairers) {
             return mmc_breakdowns(arrival_rate, service_rate, servers,
                                   {failure_rate, repair_rate, repairers});
           }),
           py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"), py::kw_only(),
           py::arg("failure_rate"), py::arg("repair_rate"), py::arg("repairers") = 0,
           py::call_guard<py::gil_scoped_release>())
      .def_property_readonly("mean_up", &mmc_breakdowns::mean_up)
      .def_property_readonly("mean_in_system", &mmc_breakdowns::mean_in_system)
      .def_property_readonly("mean_in_queue", &mmc_breakdowns::mean_in_queue)
      .def_property_readonly("mean_response", &mmc_breakdowns::mean_response)
      .def("probability_up", &mmc_breakdowns::probability_up,
           "The probability that exactly n servers are up.", py::arg("n"))
      .def("probability_of", &mmc_breakdowns::probability_of,
           "The probability of exactly n requests in the system.", py::arg("n"));
}

void bind_transient(py::module_& m) {
  py::class_<number_in_system>(m, "number_in_system", "How many are in the system at one time.")
      .def_property_readonly("probabilities",
                             [](const number_in_system& x) {
                               const auto p = x.probabilities();
                               return py::array_t<double>(static_cast<py::ssize_t>(p.size()),
                                                          p.data());
                             })
      .def_property_readonly("mean", &number_in_system::mean)
      .def_property_readonly("variance", &number_in_system::variance)
      .def("probability_of", &number_in_system::probability_of, py::arg("n"))
      .def("probability_at_least", &number_in_system::probability_at_least, py::arg("n"))
      .def("probability_at_most", &number_in_system::probability_at_most, py::arg("n"))
      .def("quantile", &number_in_system::quantile,
           "The least n that a fraction level does not exceed. Raises ValueError.",
           py::arg("level"))
      .def("__repr__", [](const number_in_system& x) {
        return "<number_in_system mean " + repr(x.mean()) + ">";
      });
  m.def("mmc_transient", &mmc_transient,
        "M/M/c at time t after start were in the system. Raises ValueError.",
        py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"), py::arg("start"),
        py::arg("t"), py::call_guard<py::gil_scoped_release>());
  m.def("mmck_transient", &mmck_transient,
        "M/M/c/K at time t after start were in the system; capacity, servers included. Raises "
        "ValueError.",
        py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"), py::arg("capacity"),
        py::arg("start"), py::arg("t"), py::call_guard<py::gil_scoped_release>());
}

void bind_ggc(py::module_& m) {
  const auto single = [&m](const char* name, double (*f)(double, double, double, double),
                           const char* doc) {
    m.def(name, py::vectorize(f), doc, py::arg("arrival_rate"), py::arg("service_rate"),
          py::arg("arrival_scv"), py::arg("service_scv"));
  };
  single("kingman", &kingman, "Kingman's heavy-traffic mean wait of G/G/1. Broadcasts.");
  single("kingman_bound", &kingman_bound, "Kingman's upper bound of the mean wait. Broadcasts.");
  single("kraemer_langenbach_belz", &kraemer_langenbach_belz,
         "The mean wait of G/G/1 after Kraemer and Langenbach-Belz. Broadcasts.");
  single("marchal", &marchal, "The mean wait of G/G/1 after Marchal. Broadcasts.");
  const auto pool = [&m](const char* name, double (*f)(double, double, count, double, double),
                         const char* doc) {
    m.def(name, f, doc, py::arg("arrival_rate"), py::arg("service_rate"), py::arg("servers"),
          py::arg("arrival_scv"), py::arg("service_scv"));
  };
  pool("allen_cunneen", &allen_cunneen, "The mean wait of G/G/c after Allen and Cunneen.");
  pool("sakasegawa", &sakasegawa, "The mean wait of G/G/c after Sakasegawa.");
  pool("whitt", &whitt, "The mean wait of G/G/c after Whitt (1993).");
  pool("kimura", &kimura, "The mean wait of G/G/c after Kimura, for scv up to 1.");
}

}  // namespace
}  // namespace relia::python

void bind_queueing_general(py::module_& m) {
  using namespace relia::python;
  bind_laws(m);
  bind_mg1(m);
  bind_mdc(m);
  bind_gimc(m);
  bind_priority(m);
  bind_stations(m);
  bind_transient(m);
  bind_ggc(m);
}
