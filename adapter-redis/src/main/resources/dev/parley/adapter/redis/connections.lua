-- What all that is done to the registry of connections shares.
-- KEYS: of each id what is known {node, user, opened, pinged, facts}; ids by when they were opened; how many of each user;
-- nodes by when they count as dead. The ids of a node stand in a set beside the first key.
local all, order, counts, nodes = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

local function of(node)
  return all .. ':' .. node
end

-- What was evicted in part is worth nothing: every node puts its connections here again from time to time.
local there = redis.call('EXISTS', all, order, counts, nodes)
if there > 0 and there < 4 then
  redis.call('DEL', all, order, counts, nodes)
end

local function forget(id)
  local known = redis.call('HGET', all, id)
  if not known then
    return
  end
  local one = cmsgpack.unpack(known)
  redis.call('HDEL', all, id)
  redis.call('ZREM', order, id)
  redis.call('SREM', of(one[1]), id)
  if redis.call('HINCRBY', counts, one[2], -1) <= 0 then
    redis.call('HDEL', counts, one[2])
  end
end

-- Nodes that gave no sign of life take their connections along.
local function bury(now)
  for _, node in ipairs(redis.call('ZRANGEBYSCORE', nodes, '-inf', now)) do
    for _, id in ipairs(redis.call('SMEMBERS', of(node))) do
      forget(id)
    end
    redis.call('ZREM', nodes, node)
  end
end

local function put(id, node, user, opened, pinged, facts, alive)
  forget(id)
  redis.call('HSET', all, id, cmsgpack.pack({ node, user, opened, pinged, facts }))
  redis.call('ZADD', order, opened, id)
  redis.call('SADD', of(node), id)
  redis.call('HINCRBY', counts, user, 1)
  redis.call('ZADD', nodes, alive, node)
  for _, key in ipairs({ all, order, counts, nodes, of(node) }) do
    redis.call('PEXPIRE', key, 3600000)
  end
end

