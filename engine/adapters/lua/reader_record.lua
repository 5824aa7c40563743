-- Moves a thread's cursor, and keeps which event a message shows. Its mail has come to something:
-- what was delivered before without that does not count any more.
--
-- KEYS  1 readers  2 posts  3 log  4 mail
-- ARGV  1 place  2 owner  3 n  4 part  5 offset  6 message, or ''  7 what it shows: event and part, or ''
--       8 group
-- Answers 1, or 0: the thread is another's

local function field(name)
  return ARGV[1] .. ' ' .. name
end

if redis.call('HGET', KEYS[1], field('owner')) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], field('n'), ARGV[3], field('part'), ARGV[4], field('offset'), ARGV[5])
local entry = redis.call('HGET', KEYS[1], field('entry'))
local held = entry and redis.call('XPENDING', KEYS[4], ARGV[8], entry, entry, 1)[1]
if held and held[4] > 1 then
  redis.call('XCLAIM', KEYS[4], ARGV[8], held[2], 0, entry, 'RETRYCOUNT', 1, 'JUSTID')
end
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[1], field('message'), ARGV[6])
end
if ARGV[7] ~= '' then
  redis.call('HSET', KEYS[2], field(ARGV[6]), ARGV[7])
  local life = redis.call('PTTL', KEYS[3])
  if life >= 0 then
    redis.call('PEXPIRE', KEYS[2], life)
  end
end
return 1
