-- Begins the log of a reply, unless an owner with a higher fence has.
-- KEYS: what is known of the log, its text.
-- ARGV: fence, epoch, head, for how many milliseconds it is kept; where readers listen, what they are told;
-- where owners listen, what they are told.
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence and tonumber(fence) > tonumber(ARGV[1]) then
  return { 'fenced', fence }
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'epoch', ARGV[2], 'head', ARGV[3], 'length', 0, 'bytes', 0, 'ended', '')
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', ARGV[7], ARGV[8])
redis.call('PUBLISH', ARGV[5], ARGV[6])
return { 'ok' }
