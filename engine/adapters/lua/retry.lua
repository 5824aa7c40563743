-- Puts a dead letter's debate back into the queue, if it has work.
--
-- KEYS  1 dead  2 work  3 state
-- ARGV  1 letter  2 debate
-- Answers 'queued' | 'idle' | 'gone'

if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then
  return 'gone'
end
if redis.call('HGET', KEYS[3], 'work') ~= '1' then
  return 'idle'
end
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[2], '*', 'd', ARGV[2])
return 'queued'
