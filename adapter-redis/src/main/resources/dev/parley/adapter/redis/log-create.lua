-- Begins the log of a reply, unless an owner with a higher fence has.
-- KEYS: what is known of the log, its text.
-- ARGV: fence, epoch, node, head, for how many milliseconds it is kept; where readers listen, what they are told;
-- what the names begin with at which nodes listen, what the owner before is told.
local known = redis.call('HMGET', KEYS[1], 'fence', 'node')
if known[1] then
  if tonumber(known[1]) > tonumber(ARGV[1]) then
    return { 'fenced', known[1] }
  end
  if known[2] ~= ARGV[3] then
    redis.call('PUBLISH', ARGV[8] .. known[2], ARGV[9])
  end
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'epoch', ARGV[2], 'node', ARGV[3], 'head', ARGV[4],
  'length', 0, 'bytes', 0, 'ended', '')
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PUBLISH', ARGV[6], ARGV[7])
return { 'ok' }
