-- Puts a log where it was lost, or never came to, unless an owner with a higher fence has.
-- KEYS: what is known of the log, its text.
-- ARGV: fence, epoch, node, head, length, '1' at the end, for how many milliseconds it is kept; where readers listen, what they
-- are told; the text.
local known = redis.call('HMGET', KEYS[1], 'fence', 'epoch', 'length', 'bytes', 'ended')
local fence = tonumber(known[1] or 0)
if fence > tonumber(ARGV[1]) or fence == tonumber(ARGV[1]) and known[2] ~= ARGV[2] then
  return { 'fenced', known[1] }
end
if known[2] == ARGV[2] and redis.call('STRLEN', KEYS[2]) == tonumber(known[4]) then
  return { 'at', known[3], known[5] }
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'epoch', ARGV[2], 'node', ARGV[3], 'head', ARGV[4],
  'length', ARGV[5], 'bytes', #ARGV[10], 'ended', ARGV[6])
redis.call('PEXPIRE', KEYS[1], ARGV[7])
if #ARGV[10] > 0 then
  redis.call('SET', KEYS[2], ARGV[10], 'PX', ARGV[7])
end
redis.call('PUBLISH', ARGV[8], ARGV[9])
return { 'ok' }
