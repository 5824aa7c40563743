-- Notes which message is a debate's card, for as long as its log is kept.
--
-- KEYS  1 readers  2 log
-- ARGV  1 message

local life = redis.call('PTTL', KEYS[2])
if life == -2 then
  return -- the debate is gone
end
redis.call('HSET', KEYS[1], 'card', ARGV[1])
if life >= 0 then
  redis.call('PEXPIRE', KEYS[1], life)
end
