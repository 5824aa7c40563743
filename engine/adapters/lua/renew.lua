-- Extends a claim's lease, and keeps its wake-up from being taken for a dead worker's.
--
-- KEYS  1 state  2 work  3 watched
-- ARGV  1 epoch  2 owner  3 lease_ms  4 entry  5 group  6 consumer
-- Answers {'held', watched} | {'lost'}

local state = redis.call('HMGET', KEYS[1], 'epoch', 'owner')
if state[1] ~= ARGV[1] or state[2] ~= ARGV[2] then
  return {'lost'}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'lease', now + tonumber(ARGV[3]))
redis.call('XCLAIM', KEYS[2], ARGV[5], ARGV[6], 0, ARGV[4], 'JUSTID')
return {'held', redis.call('EXISTS', KEYS[3])}
