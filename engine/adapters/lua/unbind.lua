-- Shows a debate in a thread no longer, if it is this one.
--
-- KEYS  1 thread
-- ARGV  1 debate

local shown = redis.call('GET', KEYS[1])
if shown == ARGV[1] or shown == ARGV[1] .. ':closed' then
  redis.call('DEL', KEYS[1])
end
return 1
