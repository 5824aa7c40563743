-- Queues the wake-ups whose time has come.
--
-- KEYS  1 timers  2 work
-- ARGV  1 most
-- Answers how many, and in how many milliseconds the next one is due (-1: none is).

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))
for _, debate in ipairs(due) do
  redis.call('ZREM', KEYS[1], debate)
  redis.call('XADD', KEYS[2], '*', 'd', debate)
end
local next = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {#due, next[2] and math.max(0, math.floor(tonumber(next[2]) - now)) or -1}
