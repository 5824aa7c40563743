-- Keeps a sealed document, and its name in the list of names.
--
-- KEYS  1 document  2 names, by when they expire
-- ARGV  1 name  2 content  3 ttl_ms, 0: for good  4 `add`: only where there is none, else `put`
-- Answers 1 if it is kept.

if ARGV[4] == 'add' and redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
local ttl = tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. now)
if ttl > 0 then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ttl)
  redis.call('ZADD', KEYS[2], now + ttl, ARGV[1])
else
  redis.call('SET', KEYS[1], ARGV[2])
  redis.call('ZADD', KEYS[2], '+inf', ARGV[1])
end
return 1
