-- Uses a mirror's code up for one place; that place may ask again, should the answer be lost.
--
-- KEYS  1 code
-- ARGV  1 place
-- Answers the debate, or false.

local debate, place = unpack(redis.call('HMGET', KEYS[1], 'debate', 'place'))
if not debate or (place and place ~= ARGV[1]) then
  return false
end
redis.call('HSET', KEYS[1], 'place', ARGV[1])
return debate
