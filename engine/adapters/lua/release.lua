-- Gives a claim's work back: its wake-up is queued anew, now or when its time has come.
-- The owner is enough to know it by: an append may have raised its epoch and lost the answer.
--
-- KEYS  1 state  2 work  3 timers
-- ARGV  1 debate  2 owner  3 entry  4 delay_ms  5 group  6 n, to rest if that is the last event, or ''

local state = redis.call('HMGET', KEYS[1], 'owner', 'entry', 'n', 'due')
local held = state[1] == ARGV[2]
if held or state[2] ~= ARGV[3] then
  -- Else whoever took over holds the debate by this same entry.
  redis.call('XACK', KEYS[2], ARGV[5], ARGV[3])
  redis.call('XDEL', KEYS[2], ARGV[3])
end
if not held then
  return 0
end
-- An append of this claim's may still be on its way: it must find another epoch.
redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HSET', KEYS[1], 'lease', 0)
redis.call('HDEL', KEYS[1], 'owner', 'entry')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = math.max(now + tonumber(ARGV[4]), tonumber(state[4] or 0))
if ARGV[6] ~= '' and ARGV[6] == state[3] then
  redis.call('HSET', KEYS[1], 'work', '0')
elseif due <= now then
  redis.call('XADD', KEYS[2], '*', 'd', ARGV[1])
else
  redis.call('ZADD', KEYS[3], due, ARGV[1])
end
return 1
