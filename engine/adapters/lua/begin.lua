-- Notes that a thread is being made for a debate.
--
-- KEYS  1 begun  2 notes
-- ARGV  1 debate  2 note  3 milliseconds until it is left over

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
