-- ARGV: the time, user.
bury(math.floor(micros(ARGV[1]) / 1000))
return tonumber(redis.call('HGET', counts, ARGV[2]) or 0)
