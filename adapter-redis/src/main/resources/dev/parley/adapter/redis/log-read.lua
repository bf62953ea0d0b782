-- Reads a log from where somebody is who knows an epoch of it, or from its beginning.
-- KEYS: what is known of the log, its text. ARGV: epoch, how many bytes of it are known.
-- Answers fence, epoch, head, '1' at the end, from which byte on, the text; or nothing.
local known = redis.call('HMGET', KEYS[1], 'fence', 'epoch', 'head', 'bytes', 'ended')
if not known[1] or redis.call('STRLEN', KEYS[2]) ~= tonumber(known[4]) then
  return false
end
local from = known[2] == ARGV[1] and math.min(tonumber(ARGV[2]), tonumber(known[4])) or 0
local text = from < tonumber(known[4]) and redis.call('GETRANGE', KEYS[2], from, -1) or ''
return { known[1], known[2], known[3], known[5], from, text }
