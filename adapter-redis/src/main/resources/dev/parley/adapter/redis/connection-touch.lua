-- ARGV: the time, for how many milliseconds a sign of life counts; id, pinged. Answers whether it is known.
local now = math.floor(micros(ARGV[1]) / 1000)
local known = redis.call('HGET', all, ARGV[3])
if not known then
  return 0
end
local one = cmsgpack.unpack(known)
one[4] = ARGV[4]
redis.call('HSET', all, ARGV[3], cmsgpack.pack(one))
redis.call('ZADD', nodes, now + ARGV[2], one[1])
for _, key in ipairs({ all, order, counts, nodes, of(one[1]) }) do
  redis.call('PEXPIRE', key, 3600000)
end
return 1
