-- Shows a debate in a thread that shows none, or one that is over.
--
-- KEYS  1 thread
-- ARGV  1 debate  2 keep_ms, until the debate's next event makes it last
-- Answers 1 if the thread shows it now.

local shown = redis.call('GET', KEYS[1])
if shown == ARGV[1] then
  return 1
end
if shown and not shown:find(':closed', 1, true) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
