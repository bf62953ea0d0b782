-- KEYS: the partition's sessions by their next end. ARGV: the time, what the names of sessions' people begin with, and then session
-- and user of each of whom others were told that they are gone. Who came again meanwhile stays.
local now = math.floor(micros(ARGV[1]) / 1000)
for i = 3, #ARGV, 2 do
  local key = ARGV[2] .. ARGV[i]
  local known = redis.call('HGET', key, ARGV[i + 1])
  local there = false
  if known then
    for _, over in pairs(cmsgpack.unpack(known)[2]) do
      there = there or over > now
    end
    if not there then
      redis.call('HDEL', key, ARGV[i + 1])
    end
  end
end
return 1
