-- Microseconds by Redis' own clock, which all nodes share; tests give a time instead.
local function micros(given)
  if given ~= '' then
    return tonumber(given)
  end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

