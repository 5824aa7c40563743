-- A process leaves: the mail it took and did not do is sent anew, and its name taken out of the
-- group; so are the names of those long gone that left nothing behind.
-- The stream stays, empty or not: without it no mail is kept.
--
-- KEYS  1 mail
-- ARGV  1 group  2 consumer  3 idle_ms

local mail, group = KEYS[1], ARGV[1]
for _, pending in ipairs(redis.call('XPENDING', mail, group, '-', '+', 10000, ARGV[2])) do
  local entry = redis.call('XRANGE', mail, pending[1], pending[1])[1]
  redis.call('XACK', mail, group, pending[1])
  if entry then
    redis.call('XDEL', mail, pending[1])
    redis.call('XADD', mail, '*', unpack(entry[2]))
  end
end
for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', mail, group)) do
  local consumer = {}
  for i = 1, #fields, 2 do
    consumer[fields[i]] = fields[i + 1]
  end
  local gone = consumer['name'] == ARGV[2] or consumer['idle'] > tonumber(ARGV[3])
  if gone and consumer['pending'] == 0 then
    redis.call('XGROUP', 'DELCONSUMER', mail, group, consumer['name'])
  end
end
return 1
