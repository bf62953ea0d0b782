-- How much of a quota is taken; takes nothing and changes nothing.
-- KEYS: the list that limit.lua keeps. ARGV: the time, the window in microseconds.
-- Answers what is used and after how many microseconds all is free.
local now = micros(ARGV[1])
local window = tonumber(ARGV[2])
local head = redis.call('LINDEX', KEYS[1], 0)
if not head then
  return { 0, 0 }
end
local used, passed, reading = string.match(head, '(%S+) (%S+) (%S+)')
local at = tonumber(passed) + math.max(0, now - tonumber(reading))
local left = tonumber(used)
local place = 1
local last = nil
while true do
  local entry = redis.call('LINDEX', KEYS[1], place)
  if not entry then
    return { 0, 0 }
  end
  local given, permits = string.match(entry, '(%S+) (%S+)')
  if tonumber(given) > at - window then
    break
  end
  left = left - tonumber(permits)
  place = place + 1
end
last = string.match(redis.call('LINDEX', KEYS[1], -1), '(%S+)')
return { left, tonumber(last) + window - at }
