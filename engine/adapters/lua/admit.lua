-- Gives a turn one of the model's slots, or its place in the queue.
-- Start-time fair queueing (Goyal, Vin, Cheng 1996): a workspace's turns are one tick apart, and none
-- is earlier than the turn that was let in last.
--
-- KEYS  1 slots (owner by expiry)  2 queue (debate by tick)  3 asked (debate by when it last asked)
--       4 ticks (of each workspace, and `now`; and `seq`, which keeps equals in the order they came)
-- ARGV  1 owner  2 debate  3 workspace  4 most  5 lease_ms  6 forgotten_ms
-- Answers 0, or the place in the queue.

local owner, debate = ARGV[1], ARGV[2]
local workspace = 'w:' .. ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now - tonumber(ARGV[6]))) do
  redis.call('ZREM', KEYS[2], gone)
  redis.call('ZREM', KEYS[3], gone)
end
if redis.call('ZSCORE', KEYS[1], owner) then
  return 0 -- asked before, and the answer was lost
end

local tick = tonumber(redis.call('ZSCORE', KEYS[2], debate) or -1)
if tick < 0 then
  local ticks = redis.call('HMGET', KEYS[4], 'now', workspace)
  local mine = math.max(tonumber(ticks[1] or 0), tonumber(ticks[2] or 0) + 1)
  redis.call('HSET', KEYS[4], workspace, mine)
  tick = mine + redis.call('HINCRBY', KEYS[4], 'seq', 1) % 1000000 / 1000000
  redis.call('ZADD', KEYS[2], tick, debate)
end
local free = tonumber(ARGV[4]) - redis.call('ZCARD', KEYS[1])
local place = redis.call('ZRANK', KEYS[2], debate) + 1
if place > free then
  redis.call('ZADD', KEYS[3], now, debate)
  for i = 2, 4 do
    redis.call('PEXPIRE', KEYS[i], 3600000)
  end
  return place - math.max(free, 0)
end
redis.call('ZREM', KEYS[2], debate)
redis.call('ZREM', KEYS[3], debate)
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[5]), owner)
redis.call('HSET', KEYS[4], 'now', math.floor(tick))
redis.call('PEXPIRE', KEYS[1], 3600000)
redis.call('PEXPIRE', KEYS[4], 3600000)
return 0
