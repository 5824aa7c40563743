-- Lets a call pass, or says how long it has to wait: it is held off, or a rate is used up.
-- A rate is the times of its calls, and of the places of those who wait: at most so many in any
-- stretch of so long. A place is one time, at which all the rates of a call have room.
--
-- KEYS  1 held  2… rates
-- ARGV  1 who; nobody waits who has no name  2 late_ms: by so much a place may be taken late;
--       then, of each rate: most, within_ms
-- Answers the milliseconds to wait.

local held = redis.call('PTTL', KEYS[1])
if held > 0 then
  return held
end
if #KEYS == 1 then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local waiting, passed = 'w:' .. ARGV[1], 'p:' .. ARGV[1] .. ':' .. time[1] .. '.' .. time[2]

local rates = {}
for i = 2, #KEYS do
  rates[i - 1] = {key = KEYS[i], most = tonumber(ARGV[2 * i - 1]), within = tonumber(ARGV[2 * i])}
end

local mine = tonumber(redis.call('ZSCORE', KEYS[2], waiting) or 0)
local at = math.max(mine, now)
for _, rate in ipairs(rates) do
  redis.call('ZREM', rate.key, waiting)
  redis.call('ZREMRANGEBYSCORE', rate.key, '-inf', now - rate.within)
  if mine < now - tonumber(ARGV[2]) then
    local before = redis.call('ZREVRANGE', rate.key, rate.most - 1, rate.most - 1, 'WITHSCORES')[2]
    at = math.max(at, (tonumber(before) or 0) + rate.within)
  end
end
if at > now and ARGV[1] == '' then
  return at - now
end
for _, rate in ipairs(rates) do
  redis.call('ZADD', rate.key, at, at > now and waiting or passed)
  local last = redis.call('ZREVRANGE', rate.key, 0, 0, 'WITHSCORES')[2]
  redis.call('PEXPIRE', rate.key, last - now + rate.within)
end
return at - now
