-- Lets a thread be tried again, resting or not.
--
-- KEYS  1 readers  2 mail  3 failed
-- ARGV  1 place  2 debate

redis.call('HDEL', KEYS[1], ARGV[1] .. ' rest')
redis.call('SREM', KEYS[3], ARGV[2] .. ' ' .. ARGV[1])
redis.call('XADD', KEYS[2], '*', 'd', ARGV[2], 'p', ARGV[1])
return 1
