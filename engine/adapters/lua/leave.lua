-- A worker leaves: what is pending with it is queued anew, and its name taken out of the group;
-- so are the names of those long gone that left nothing behind.
--
-- KEYS  1 work
-- ARGV  1 group  2 consumer  3 idle_ms

local work, group = KEYS[1], ARGV[1]
if redis.call('EXISTS', work) == 0 then
  return 0
end
for _, pending in ipairs(redis.call('XPENDING', work, group, '-', '+', 10000, ARGV[2])) do
  local entry = redis.call('XRANGE', work, pending[1], pending[1])[1]
  redis.call('XACK', work, group, pending[1])
  if entry then
    redis.call('XDEL', work, pending[1])
    redis.call('XADD', work, '*', unpack(entry[2]))
  end
end
local left = 0
for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', work, group)) do
  local consumer = {}
  for i = 1, #fields, 2 do
    consumer[fields[i]] = fields[i + 1]
  end
  local gone = consumer['name'] == ARGV[2] or consumer['idle'] > tonumber(ARGV[3])
  if gone and consumer['pending'] == 0 then
    redis.call('XGROUP', 'DELCONSUMER', work, group, consumer['name'])
  else
    left = left + 1
  end
end
if left == 0 and redis.call('XLEN', work) == 0 then
  -- The next worker makes the queue anew, from its first entry on.
  redis.call('DEL', work)
end
return left
