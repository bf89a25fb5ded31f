-- Clients that each send their next request when the last one is answered, for a time. Then they wait:
-- what was sent is answered, so that what was acknowledged can be counted to the last one.
-- A line of the file is an Authorization header, a tab and a body; no line is ever sent twice.

local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanoseconds; } moment; int clock_gettime(int clock, moment *now);")
local MONOTONIC, FOR_EVER = 1, 1000000000
local moment = ffi.new("moment")

local lines, mark, seconds, began
local threads = {}
sent, acknowledged, others, last = 0, 0, 0, 0

local function now()
   ffi.C.clock_gettime(MONOTONIC, moment)
   return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

function setup(thread)
   threads[#threads + 1] = thread
end

function init(args)
   lines, seconds, mark = io.lines(args[1]), tonumber(args[2]), args[3]
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
end

function delay()
   began = began or now()
   return now() - began < seconds and 0 or FOR_EVER
end

function request()
   local line = lines()
   if line == nil then error("there are no more requests to send") end
   local authorization, body = line:match("^(.-)\t(.*)$")
   wrk.headers["Authorization"] = authorization ~= "" and authorization or nil
   sent = sent + 1
   return wrk.format(nil, nil, nil, body)
end

function response(status, _, body)
   if status == 200 and body:find(mark, 1, true) then
      acknowledged = acknowledged + 1
   else
      others = others + 1
      if others == 1 then io.stderr:write(status, " ", body:sub(1, 500), "\n") end
   end
   last = (now() - began) * 1e6
end

function done(summary, latency, _)
   local thread, errors = threads[1], summary.errors
   -- wrk makes one request that it never sends, to see whether it is well formed.
   local missing = thread:get("sent") - 1 - thread:get("acknowledged") - thread:get("others")
   io.write(string.format(
      "figures %d %d %d %d %d\n",
      thread:get("acknowledged"), thread:get("last"), latency:percentile(50), latency:percentile(95),
      thread:get("others") + missing + errors.connect + errors.read + errors.write + errors.timeout
   ))
end
