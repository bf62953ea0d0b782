-- ARGV: the time, the first, how many. Answers how many there are, then of each id, node, user, opened, pinged, facts.
bury(math.floor(micros(ARGV[1]) / 1000))
local answer = { redis.call('HLEN', all) }
for _, id in ipairs(redis.call('ZRANGE', order, ARGV[2], ARGV[2] + ARGV[3] - 1)) do
  answer[#answer + 1] = id
  local one = cmsgpack.unpack(redis.call('HGET', all, id))
  for i = 1, 5 do
    answer[#answer + 1] = one[i]
  end
end
return answer
