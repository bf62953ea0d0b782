-- ARGV: the time, for how many milliseconds a sign of life counts; id, node, user, opened, pinged, facts.
local now = math.floor(micros(ARGV[1]) / 1000)
bury(now)
put(ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8], now + ARGV[2])
return 1
