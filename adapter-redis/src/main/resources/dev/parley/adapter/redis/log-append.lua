-- Adds to a log, for the owner of its fence and epoch only, and tells all who read it.
-- KEYS: what is known of the log, its text.
-- ARGV: fence, epoch, from, to, '1' at the end, for how many milliseconds it is kept; where readers listen, what they are told
-- before the text, '1' when the text follows; the text.
local known = redis.call('HMGET', KEYS[1], 'fence', 'epoch', 'length', 'bytes', 'ended')
local fence = tonumber(known[1] or 0)
if fence > tonumber(ARGV[1]) or fence == tonumber(ARGV[1]) and known[2] ~= ARGV[2] then
  return { 'fenced', known[1] }
end
if known[2] ~= ARGV[2] or redis.call('STRLEN', KEYS[2]) ~= tonumber(known[4]) then
  return { 'lost' }
end
if known[3] ~= ARGV[3] then
  return { 'at', known[3], known[5] }
end
local bytes = tonumber(known[4])
if #ARGV[10] > 0 then
  bytes = redis.call('APPEND', KEYS[2], ARGV[10])
  redis.call('PEXPIRE', KEYS[2], ARGV[6])
elseif ARGV[5] == '1' and bytes > 0 then
  redis.call('PEXPIRE', KEYS[2], ARGV[6])
end
redis.call('HSET', KEYS[1], 'length', ARGV[4], 'bytes', bytes, 'ended', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('PUBLISH', ARGV[7], ARGV[9] == '1' and ARGV[8] .. ARGV[10] or ARGV[8])
return { 'ok' }
