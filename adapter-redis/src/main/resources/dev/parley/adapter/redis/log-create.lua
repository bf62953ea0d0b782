-- Begins the log of a reply, unless an owner with a higher fence has. One that has begun stays as it is: this may come twice, or so
-- late that its owner gave it up and has put the text there meanwhile.
-- KEYS: what is known of the log, its text.
-- ARGV: fence, epoch, head, for how many milliseconds it is kept; where readers listen, what they are told;
-- where owners listen, what they are told.
local known = redis.call('HMGET', KEYS[1], 'fence', 'epoch')
if known[1] and tonumber(known[1]) > tonumber(ARGV[1]) then
  return { 'fenced', known[1] }
end
if known[1] == ARGV[1] and known[2] == ARGV[2] then
  return { 'ok' }
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'epoch', ARGV[2], 'head', ARGV[3], 'length', 0, 'bytes', 0, 'ended', '')
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', ARGV[7], ARGV[8])
redis.call('PUBLISH', ARGV[5], ARGV[6])
return { 'ok' }
