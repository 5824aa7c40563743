-- Adds events to a debate's log, and the work they call for: all or nothing.
-- Checks come first: a script that fails half way is not rolled back.
--
-- KEYS  1 log  2 state  3 work  4 timers  5 panel  6 panel's open debates  7 watched
-- ARGV  1 debate  2 after (last event seen)  3 op (unique to this write)  4 work: keep|wake|hold|rest
--       5 epoch of the claim, or ''  6 owner of the claim  7 lease_ms  8 keep_ms if closed, or ''
--       9 panel's content, or ''  10 group  then, for each event: name, at_ms, body
-- Answers {'ok', epoch, watched} | {'conflict', n} | {'stale'}

local debate, after, op, work = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local state = redis.call('HMGET', KEYS[2], 'n', 'epoch', 'entry', 'owner')
local n, epoch = tonumber(state[1] or 0), tonumber(state[2] or 0)
local entry, owner = state[3], state[4]

local function first_after(number)
  local id = string.format('%d-0', number + 1)
  local found = redis.call('XRANGE', KEYS[1], id, id)
  return found[1] and found[1][2] or {}
end

-- Sent before, and the answer was lost: answer again. The op is the last field of the first event.
if n > after then
  local fields = first_after(after)
  if fields[#fields] == op then
    local goes_on = work == 'hold' or work == 'keep'
    if ARGV[6] ~= '' and goes_on and owner ~= ARGV[6] then
      return {'stale'}
    end
    return {'ok', epoch, redis.call('EXISTS', KEYS[7])}
  end
end
if ARGV[5] ~= '' and tonumber(ARGV[5]) ~= epoch then
  return {'stale'}
end
if n ~= after then
  return {'conflict', n}
end

for i = 11, #ARGV, 3 do
  n = n + 1
  local id = string.format('%d-0', n)
  if i == 11 then
    redis.call('XADD', KEYS[1], id, 'e', ARGV[i], 'at', ARGV[i + 1], 'b', ARGV[i + 2], 'op', op)
  else
    redis.call('XADD', KEYS[1], id, 'e', ARGV[i], 'at', ARGV[i + 1], 'b', ARGV[i + 2])
  end
end
redis.call('HSET', KEYS[2], 'n', n)

if ARGV[9] ~= '' then
  redis.call('SET', KEYS[5], ARGV[9])
  redis.call('SADD', KEYS[6], debate)
end

local claimed = ARGV[5] ~= ''
if work == 'hold' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  epoch = epoch + 1
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'lease', now + tonumber(ARGV[7]), 'work', '1')
elseif work == 'wake' or work == 'rest' then
  -- Whoever speaks now speaks in vain: the work it holds is done, or is other work.
  epoch = epoch + 1
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'lease', 0, 'work', work == 'wake' and '1' or '0')
  redis.call('HDEL', KEYS[2], 'owner', 'entry')
  redis.call('ZREM', KEYS[4], debate)
  if claimed and entry then
    redis.call('XACK', KEYS[3], ARGV[10], entry)
    redis.call('XDEL', KEYS[3], entry)
  end
  if work == 'wake' then
    redis.call('XADD', KEYS[3], '*', 'd', debate)
  end
end

if ARGV[8] ~= '' then
  local keep = tonumber(ARGV[8])
  redis.call('PEXPIRE', KEYS[1], keep)
  redis.call('PEXPIRE', KEYS[2], keep)
  redis.call('SREM', KEYS[6], debate)
  if redis.call('SCARD', KEYS[6]) == 0 then
    -- The last open debate by this panel: every other one expires before this one does.
    redis.call('PEXPIRE', KEYS[5], keep)
  end
end
return {'ok', epoch, redis.call('EXISTS', KEYS[7])}
