-- Puts a newly sealed document in place of the same one as it was read, its life as it is.
--
-- KEYS  1 document
-- ARGV  1 as it was read  2 newly sealed
-- Answers 1 if it is in place.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
