-- Takes a wake-up that keeps failing out of the queue and keeps it as a dead letter.
--
-- KEYS  1 work  2 dead
-- ARGV  1 debate  2 entry  3 why  4 group  5 most

if redis.call('XACK', KEYS[1], ARGV[4], ARGV[2]) == 1 then
  redis.call('XDEL', KEYS[1], ARGV[2])
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', 'd', ARGV[1], 'why', ARGV[3])
end
return 1
