-- Lets a thread be tried again, resting or not.
--
-- KEYS  1 readers  2 mail  3 failed  4 resting
-- ARGV  1 place  2 debate

redis.call('HDEL', KEYS[1], ARGV[1] .. ' rest')
for number = 3, 4 do
  redis.call('SREM', KEYS[number], ARGV[2] .. ' ' .. ARGV[1])
end
redis.call('XADD', KEYS[2], '*', 'd', ARGV[2], 'p', ARGV[1])
return 1
