-- Extends the lease of a thread, and keeps its mail from being taken for a dead process's.
--
-- KEYS  1 readers  2 mail
-- ARGV  1 place  2 owner  3 lease_ms  4 group  5 consumer
-- Answers 1, or 0: the thread is another's

local function field(name)
  return ARGV[1] .. ' ' .. name
end

if redis.call('HGET', KEYS[1], field('owner')) ~= ARGV[2] then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], field('lease'), now + tonumber(ARGV[3]))
local entry = redis.call('HGET', KEYS[1], field('entry'))
redis.call('XCLAIM', KEYS[2], ARGV[4], ARGV[5], 0, entry, 'JUSTID')
return 1
