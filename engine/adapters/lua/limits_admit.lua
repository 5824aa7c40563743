-- Lets a call pass, or says how long it has to wait: it is held off, or its rate is used up.
-- The generic cell rate algorithm; whoever waits keeps the time that they were given.
--
-- KEYS  1 held  2 rate, where there is one: who waits, by their time; `free`, when the next may pass
-- ARGV  1 who  2 interval_ms  3 burst  4 forgotten_ms, after which who does not come has no place
-- Answers the milliseconds to wait.

local held = redis.call('PTTL', KEYS[1])
if held > 0 then
  return held
end
if #KEYS == 1 then
  return 0
end
local who, interval, burst = 'w:' .. ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local forgotten = tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - (burst * interval + forgotten))
local mine = tonumber(redis.call('ZSCORE', KEYS[2], who) or 0)
if mine == 0 then
  local free = tonumber(redis.call('ZSCORE', KEYS[2], 'free') or 0)
  mine = math.max(free, now - (burst - 1) * interval)
  redis.call('ZADD', KEYS[2], mine + interval, 'free')
  if mine > now then
    redis.call('ZADD', KEYS[2], mine, who)
  end
  redis.call('PEXPIRE', KEYS[2], math.ceil(math.max(0, mine - now) + burst * interval + forgotten))
end
if mine > now then
  return math.ceil(mine - now)
end
redis.call('ZREM', KEYS[2], who)
return 0
