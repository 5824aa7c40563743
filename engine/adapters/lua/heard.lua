-- Moves on how far a thread was heard; never back, in whatever order its messages are taken in.
--
-- KEYS  1 heard
-- ARGV  1 message: an id, a number; those of one length are in the order of their text  2 keep_ms

local known, message = redis.call('GET', KEYS[1]), ARGV[1]
if known and (#known > #message or (#known == #message and known > message)) then
  message = known
end
redis.call('SET', KEYS[1], message, 'PX', ARGV[2])
