-- Claims a debate for one worker: a higher epoch and a lease.
--
-- KEYS  1 state  2 work  3 watched  4 timers
-- ARGV  1 owner (unique to this claim)  2 entry  3 lease_ms  4 group  5 debate
-- Answers {'claimed', epoch, n, watched} | {'busy', for_ms} | {'idle'}

local state = redis.call('HMGET', KEYS[1], 'n', 'epoch', 'owner', 'lease', 'work', 'entry',
  'due')
local owner, entry = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = tonumber(state[4] or 0)

if state[5] ~= '1' then
  redis.call('XACK', KEYS[2], ARGV[4], entry)
  redis.call('XDEL', KEYS[2], entry)
  return {'idle'}
end

local due = tonumber(state[7] or 0)
if due > now then
  -- It came too early, as one wake-up of two may: the timer brings the debate back.
  redis.call('XACK', KEYS[2], ARGV[4], entry)
  redis.call('XDEL', KEYS[2], entry)
  redis.call('ZADD', KEYS[4], due, ARGV[5])
  return {'idle'}
end

local function pending(id)
  return id and #redis.call('XPENDING', KEYS[2], ARGV[4], id, id, 1) > 0
end

if not pending(entry) then
  return {'idle'} -- done or given back since it was taken; whoever did that queued what was left
end
local epoch = tonumber(state[2] or 0)
if lease > now and state[3] ~= owner then
  if not pending(state[6]) then
    -- Whoever held the debate left without giving it back: this wake-up is all that is left of it.
    redis.call('HSET', KEYS[1], 'entry', entry)
  elseif state[6] ~= entry then
    -- Another wake-up brought the debate to whoever holds it; this one is not needed.
    redis.call('XACK', KEYS[2], ARGV[4], entry)
    redis.call('XDEL', KEYS[2], entry)
  end
  return {'busy', lease - now}
end
-- The same claim sent again, its answer lost, gets the same epoch.
if state[3] ~= owner then
  epoch = epoch + 1
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'owner', owner, 'entry', entry)
end
redis.call('HSET', KEYS[1], 'lease', now + tonumber(ARGV[3]))
return {'claimed', epoch, tonumber(state[1]), redis.call('EXISTS', KEYS[3])}
