-- A delivery that failed for no reason of its entry's does not count; the entry stays pending.
--
-- KEYS  1 stream
-- ARGV  1 group  2 consumer  3 entry

local found = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)[1]
if found and found[2] == ARGV[2] then
  redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3],
    'RETRYCOUNT', math.max(0, found[4] - 1), 'JUSTID')
end
