-- Moves a thread's cursor, and keeps which event a message shows.
--
-- KEYS  1 readers  2 posts  3 log
-- ARGV  1 place  2 owner  3 n  4 part  5 offset  6 message, or ''  7 what it shows: event and part, or ''
-- Answers 1, or 0: the thread is another's

local function field(name)
  return ARGV[1] .. ' ' .. name
end

if redis.call('HGET', KEYS[1], field('owner')) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], field('n'), ARGV[3], field('part'), ARGV[4], field('offset'), ARGV[5])
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
