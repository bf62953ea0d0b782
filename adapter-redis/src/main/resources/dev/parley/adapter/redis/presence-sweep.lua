-- KEYS: the partition's sessions by their next end. ARGV: the time, what the names of sessions' people begin with, how many, and for
-- how many milliseconds whoever is named here is not named to anybody else.
-- Answers how many sessions were looked at, and then session, user and name of each who is gone. They stay until it is known that
-- others were told.
local now = math.floor(micros(ARGV[1]) / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])
local answer = { #due }
for _, session in ipairs(due) do
  local key = ARGV[2] .. session
  local all = redis.call('HGETALL', key)
  local next = nil
  for i = 1, #all, 2 do
    local stay = cmsgpack.unpack(all[i + 1])
    local left, over = 0, 0
    for connection, untilThen in pairs(stay[2]) do
      if untilThen <= now then
        stay[2][connection] = nil
        over = over + 1
      else
        left = left + 1
        next = math.min(next or untilThen, untilThen)
      end
    end
    if left == 0 then
      if (stay[3] or 0) <= now then
        stay[3] = now + tonumber(ARGV[4])
        redis.call('HSET', key, all[i], cmsgpack.pack(stay))
        answer[#answer + 1] = session
        answer[#answer + 1] = all[i]
        answer[#answer + 1] = stay[1]
      end
      next = math.min(next or stay[3], stay[3])
    elseif over > 0 then
      redis.call('HSET', key, all[i], cmsgpack.pack(stay))
    end
  end
  if next then
    redis.call('ZADD', KEYS[1], next, session)
  else
    redis.call('ZREM', KEYS[1], session)
  end
end
return answer
