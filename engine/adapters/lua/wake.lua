-- Queues a wake-up for a debate, if it has work; one too many does no harm.
--
-- KEYS  1 state  2 work  3 timers
-- ARGV  1 debate
-- Answers 'queued' | 'waits' | 'idle' | 'unknown'

local state = redis.call('HMGET', KEYS[1], 'n', 'work', 'due')
if not state[1] then
  return 'unknown'
end
if state[2] ~= '1' then
  return 'idle'
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = tonumber(state[3] or 0)
if due > now then
  redis.call('ZADD', KEYS[3], due, ARGV[1])
  return 'waits'
end
redis.call('XADD', KEYS[2], '*', 'd', ARGV[1])
return 'queued'
