// SPDX-License-Identifier: BSL-1.0
// How does a C++ service export its own burn rates? A small HTTP server, its metrics beside it.
//   GET /          answers; ?fail=1 with 503, ?slow=1 after 120 ms
//   GET /recording?on=0  stops recording, to measure what it costs; ?on=1 resumes
#include <atomic>
#include <chrono>
#include <cstdio>
#include <httplib.h>
#include <memory>
#include <prometheus/exposer.h>
#include <pthread.h>
#include <signal.h>
#include <string>
#include <thread>

#include "slo_metrics.hpp"

int main() {
  using namespace std::chrono_literals;
  using clock = std::chrono::steady_clock;
  const auto metrics = std::make_shared<embedding::slo_metrics>(
      relia::slo::workbook_30d(), relia::slo::objective(0.999), relia::slo::objective(0.99), 0.1);

  prometheus::Exposer exposer("127.0.0.1:0");
  exposer.RegisterCollectable(metrics);

  std::atomic<bool> recording{true};
  const auto serve = [](const httplib::Request& request, httplib::Response& response) {
    if (request.has_param("slow")) std::this_thread::sleep_for(120ms);
    response.status = request.has_param("fail") ? 503 : 200;
    response.set_content("hello\n", "text/plain");
  };

  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(8); };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(1'000'000'000);
  server.Get("/", [&](const httplib::Request& request, httplib::Response& response) {
    if (!recording.load(std::memory_order_relaxed)) return serve(request, response);
    const auto began = clock::now();
    serve(request, response);
    metrics->record(response.status < 500, clock::now() - began);
  });
  server.Get("/recording", [&](const httplib::Request& request, httplib::Response& response) {
    recording = request.get_param_value("on") != "0";
    response.set_content(recording ? "on\n" : "off\n", "text/plain");
  });

  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread listener([&] { server.listen_after_bind(); });
  std::printf("http://127.0.0.1:%d/ http://127.0.0.1:%d/metrics\n", port,
              exposer.GetListeningPorts().at(0));
  std::fflush(stdout);

  int signal = 0;
  sigwait(&ends, &signal);
  server.stop();
  listener.join();
  std::puts("stopped");
}
