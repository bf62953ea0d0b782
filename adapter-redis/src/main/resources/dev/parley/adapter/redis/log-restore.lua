-- Puts a log where it was lost, or never came to, unless an owner with a higher fence has.
-- KEYS: what is known of the log, its text.
-- ARGV: fence, epoch, head, length, '1' at the end, for how many milliseconds it is kept; where readers listen, what they are
-- told; where owners listen, what they are told; the text.
local known = redis.call('HMGET', KEYS[1], 'fence', 'epoch', 'length', 'bytes', 'ended')
local fence = tonumber(known[1] or 0)
if fence > tonumber(ARGV[1]) or fence == tonumber(ARGV[1]) and known[2] ~= ARGV[2] then
  return { 'fenced', known[1] }
end
if known[2] == ARGV[2] and redis.call('STRLEN', KEYS[2]) == tonumber(known[4]) then
  return { 'at', known[3], known[5] }
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'epoch', ARGV[2], 'head', ARGV[3], 'length', ARGV[4], 'bytes', #ARGV[11],
  'ended', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
if #ARGV[11] > 0 then
  redis.call('SET', KEYS[2], ARGV[11], 'PX', ARGV[6])
end
redis.call('PUBLISH', ARGV[9], ARGV[10])
redis.call('PUBLISH', ARGV[7], ARGV[8])
return { 'ok' }
