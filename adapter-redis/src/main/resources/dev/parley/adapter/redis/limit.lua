-- Takes permits of every key or of none.
-- KEYS: one list for each demand: "used passed reading" and then "at permits" for each grant, oldest first.
-- ARGV: the time; for each demand its window in microseconds, its limit, what is wanted.
-- Answers 1 and what is left of each, or 0 and after how many microseconds all would be given.
local MOST = 4096
local now = micros(ARGV[1])
local demands = {}
local wait = -1

-- Time never goes back for a key: it goes on from where it was when the clock was set back.
local function open(key)
  local head = redis.call('LINDEX', key, 0)
  if not head then
    return { key = key, fresh = true, used = 0, at = 0, reading = now }
  end
  local used, passed, reading = string.match(head, '(%S+) (%S+) (%S+)')
  reading = tonumber(reading)
  return { key = key, used = tonumber(used), at = tonumber(passed) + math.max(0, now - reading),
    reading = now, back = now < reading }
end

-- A key outlives its newest grant by a second at least.
local function live(demand)
  local life = math.ceil(demand.window / 1000) + 1000
  if redis.call('PTTL', demand.key) < life then
    redis.call('PEXPIRE', demand.key, string.format('%.0f', life))
  end
end

local function keep(demand)
  local head = string.format('%.0f %.0f %.0f', demand.used, demand.at, demand.reading)
  if demand.fresh then
    redis.call('LPUSH', demand.key, head)
    demand.fresh = false
    live(demand)
  else
    redis.call('LSET', demand.key, 0, head)
  end
end

local function grant(key, place)
  local entry = redis.call('LINDEX', key, place)
  if not entry then
    return nil
  end
  local at, permits = string.match(entry, '(%S+) (%S+)')
  return tonumber(at), tonumber(permits)
end

-- Drops grants that are over.
local function drop(demand)
  if demand.fresh then
    return
  end
  local at, permits = grant(demand.key, 1)
  if not at or at > demand.at - demand.window then
    return
  end
  redis.call('LPOP', demand.key)
  while at and at <= demand.at - demand.window do
    redis.call('LPOP', demand.key)
    demand.used = demand.used - permits
    at, permits = grant(demand.key, 0)
  end
  demand.fresh = true
  keep(demand)
end

-- How long until enough of the oldest are over.
local function free(demand)
  local needed = demand.used + demand.wanted - demand.limit
  local place = 1
  local at, permits = grant(demand.key, place)
  local freed = 0
  while at do
    freed = freed + permits
    if freed >= needed then
      return at + demand.window - demand.at
    end
    place = place + 1
    at, permits = grant(demand.key, place)
  end
  return demand.window
end

-- Neighbours are taken for one that was given at the later one's time: never more is given, some is free a little later.
local function merge(key)
  local grants = redis.call('LRANGE', key, 1, -1)
  redis.call('LTRIM', key, 0, 0)
  for i = 1, #grants, 2 do
    local later = grants[i + 1]
    if later then
      local at, more = string.match(later, '(%S+) (%S+)')
      local permits = string.match(grants[i], '%S+ (%S+)')
      later = at .. ' ' .. string.format('%.0f', permits + more)
    end
    redis.call('RPUSH', key, later or grants[i])
  end
end

local function take(demand)
  demand.used = demand.used + demand.wanted
  keep(demand)
  local last, permits = nil, nil
  if redis.call('LLEN', demand.key) > 1 then
    last, permits = grant(demand.key, -1)
  end
  if last == demand.at then
    redis.call('LSET', demand.key, -1, string.format('%.0f %.0f', last, permits + demand.wanted))
  else
    if redis.call('LLEN', demand.key) > MOST then
      merge(demand.key)
    end
    redis.call('RPUSH', demand.key, string.format('%.0f %.0f', demand.at, demand.wanted))
  end
  live(demand)
end

for i, key in ipairs(KEYS) do
  local demand = open(key)
  demand.window = tonumber(ARGV[3 * i - 1])
  demand.limit = tonumber(ARGV[3 * i])
  demand.wanted = tonumber(ARGV[3 * i + 1])
  drop(demand)
  if demand.back then
    keep(demand)
  end
  if demand.used + demand.wanted > demand.limit then
    wait = math.max(wait, free(demand))
  end
  demands[i] = demand
end
if wait >= 0 then
  return { 0, wait }
end
local answer = { 1 }
for i, demand in ipairs(demands) do
  take(demand)
  answer[i + 1] = demand.limit - demand.used
end
return answer
