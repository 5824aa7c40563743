-- Gives the notes out that nobody has seen to in time.
--
-- KEYS  1 begun  2 notes
-- ARGV  1 milliseconds that the caller has for them  2 most
-- Answers debates and their notes, by turns.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[2]))
local found = {}
for _, debate in ipairs(due) do
  local note = redis.call('HGET', KEYS[2], debate)
  if note then
    redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]), debate)
    table.insert(found, debate)
    table.insert(found, note)
  else
    redis.call('ZREM', KEYS[1], debate)
  end
end
return found
