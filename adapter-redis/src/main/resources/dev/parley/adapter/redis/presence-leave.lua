-- KEYS: the session's people. ARGV: the time, the user, the connection.
-- Answers 1 when the user's last connection went.
local now = math.floor(micros(ARGV[1]) / 1000)
local known = redis.call('HGET', KEYS[1], ARGV[2])
if not known then
  return 0
end
local stay = cmsgpack.unpack(known)
if not stay[2][ARGV[3]] then
  return 0
end
stay[2][ARGV[3]] = nil
local left = 0
for connection, over in pairs(stay[2]) do
  if over <= now then
    stay[2][connection] = nil
  else
    left = left + 1
  end
end
if left == 0 then
  redis.call('HDEL', KEYS[1], ARGV[2])
  return 1
end
redis.call('HSET', KEYS[1], ARGV[2], cmsgpack.pack(stay))
return 0
