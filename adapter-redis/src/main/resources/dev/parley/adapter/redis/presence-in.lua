-- KEYS: the session's people. ARGV: the time. Answers users and names, one after the other.
local now = math.floor(micros(ARGV[1]) / 1000)
local all = redis.call('HGETALL', KEYS[1])
local answer = {}
for i = 1, #all, 2 do
  local stay = cmsgpack.unpack(all[i + 1])
  for _, over in pairs(stay[2]) do
    if over > now then
      answer[#answer + 1] = all[i]
      answer[#answer + 1] = stay[1]
      break
    end
  end
end
return answer
