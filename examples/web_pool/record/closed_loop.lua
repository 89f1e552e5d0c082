-- Arguments: stream name. Every request has its own index; `done` prints one CSV row without the concurrency.
local index = 0
local stream

function init(args)
   stream = args[1]
end

function request()
   index = index + 1
   return wrk.format("GET", "/task?stream=" .. stream .. "&index=" .. index)
end

function done(summary, latency, requests)
   local e = summary.errors
   local seconds = summary.duration / 1e6
   io.write(string.format("row,%.6f,%d,%d,%.6f", seconds, summary.requests,
      e.connect + e.read + e.write + e.status + e.timeout, summary.requests / seconds))
   for _, us in ipairs({latency.mean, latency:percentile(50), latency:percentile(75), latency:percentile(90),
                        latency:percentile(99), latency.max}) do
      io.write(string.format(",%.6f", us / 1e6))
   end
   io.write("\n")
end
