-- Deletes a closed debate. What of it is left in queues is passed over by whoever finds it.
--
-- KEYS  1 state  2 log  3 words  4 live  5 readers  6 posts  7 watched  8 recent  9 timers
--       then the threads that show it, or did
-- ARGV  1 debate
-- Answers 1 | 0: it is open | -1: there is none

if redis.call('EXISTS', KEYS[2]) == 0 then
  return -1
end
if redis.call('HGET', KEYS[1], 'closed') ~= '1' then
  return 0
end
for i = 1, 7 do
  redis.call('DEL', KEYS[i])
end
redis.call('ZREM', KEYS[8], ARGV[1])
redis.call('ZREM', KEYS[9], ARGV[1])
for i = 10, #KEYS do
  local shown = redis.call('GET', KEYS[i])
  if shown == ARGV[1] or shown == ARGV[1] .. ':closed' then
    redis.call('DEL', KEYS[i])
  end
end
return 1
