-- Extends the leases of those that have one of the model's slots.
--
-- KEYS  1 slots
-- ARGV  1 lease_ms  then the owners

local time = redis.call('TIME')
local until_ms = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
for i = 2, #ARGV do
  redis.call('ZADD', KEYS[1], 'XX', until_ms, ARGV[i])
end
return #ARGV - 1
