-- Sends the bodies of a file, one a line, in turn, and prints one line of figures for wrk.py.
-- Where a body has a place for it, each request gets a number that no other request ever had.

local MARK = "_DISTINCT"
-- An alias such as `name_OR_code_3: name`: the third bit of the number chooses the field.
local EITHER = "((%a+)_OR_(%a+)_(%d+): )%a+"
local bodies, requests, distinct, sent = {}, {}, false, 0
local first

function init(args)
   first = tonumber(args[2])
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   if args[3] and args[3] ~= "" then
      wrk.headers["Authorization"] = "Bearer " .. args[3]
   end
   for body in io.lines(args[1]) do
      bodies[#bodies + 1] = body
      distinct = distinct or body:find(MARK, 1, true) ~= nil or body:find(EITHER) ~= nil
   end
   for number, body in ipairs(bodies) do
      requests[number] = wrk.format(nil, nil, nil, body)
   end
end

local function chosen(number)
   return function(alias, one, other, bit)
      return alias .. (math.floor(number / 2 ^ (bit - 1)) % 2 == 0 and one or other)
   end
end

function request()
   sent = sent + 1
   local at = sent % #bodies + 1
   if distinct then
      local body = bodies[at]:gsub(MARK, string.format("_%.0f", first + sent)):gsub(EITHER, chosen(first + sent))
      return wrk.format(nil, nil, nil, body)
   end
   return requests[at]
end

function done(summary, latency, _)
   local errors = summary.errors
   io.write(string.format(
      "figures %d %d %d %d %d %d\n",
      summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(95),
      errors.connect + errors.read + errors.write + errors.status + errors.timeout
   ))
end
