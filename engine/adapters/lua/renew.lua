-- Extends a claim's lease, and keeps its wake-up from being taken for a dead worker's.
-- The owner is enough to know it by: its epoch rises while it goes on from turn to turn.
--
-- KEYS  1 state  2 work  3 watched
-- ARGV  1 owner  2 lease_ms  3 entry  4 group  5 consumer
-- Answers {'held', watched} | {'lost'}

if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then
  return {'lost'}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'lease', now + tonumber(ARGV[2]))
redis.call('XCLAIM', KEYS[2], ARGV[4], ARGV[5], 0, ARGV[3], 'JUSTID')
return {'held', redis.call('EXISTS', KEYS[3])}
