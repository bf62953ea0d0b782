-- KEYS: the session's people, a hash of user to {name, {connection: until}, not to be named as gone until}; the partition's sessions by their next end.
-- ARGV: the time, the session, the user, the name, the connection, for how many milliseconds.
-- Answers 1 when the user was not there before.
local now = math.floor(micros(ARGV[1]) / 1000)
local untilThen = now + tonumber(ARGV[6])
local known = redis.call('HGET', KEYS[1], ARGV[3])
local stay = known and cmsgpack.unpack(known) or { '', {} }
local came = 1
for _, over in pairs(stay[2]) do
  if over > now then
    came = 0
  end
end
stay[1] = ARGV[4]
stay[3] = nil
stay[2][ARGV[5]] = untilThen
redis.call('HSET', KEYS[1], ARGV[3], cmsgpack.pack(stay))
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[6]) + 3600000)
redis.call('ZADD', KEYS[2], 'LT', untilThen, ARGV[2])
redis.call('PEXPIRE', KEYS[2], tonumber(ARGV[6]) + 3600000)
return came
