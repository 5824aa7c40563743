-- Gives a claim's work back: its wake-up is queued anew, now or when its time has come.
--
-- KEYS  1 state  2 work  3 timers
-- ARGV  1 debate  2 epoch  3 owner  4 entry  5 delay_ms  6 group

redis.call('XACK', KEYS[2], ARGV[6], ARGV[4])
redis.call('XDEL', KEYS[2], ARGV[4])
local state = redis.call('HMGET', KEYS[1], 'epoch', 'owner')
if state[1] ~= ARGV[2] or state[2] ~= ARGV[3] then
  return 0
end
redis.call('HSET', KEYS[1], 'lease', 0)
redis.call('HDEL', KEYS[1], 'owner', 'entry')
local delay = tonumber(ARGV[5])
if delay == 0 then
  redis.call('XADD', KEYS[2], '*', 'd', ARGV[1])
else
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZADD', KEYS[3], now + delay, ARGV[1])
end
return 1
