-- Holds a thread for one process: a lease, and the cursor to go on from.
--
-- KEYS  1 readers  2 mail  3 log  4 posts
-- ARGV  1 place  2 owner (unique to this hold)  3 entry  4 lease_ms  5 group
-- Answers {'held', clean, news, n, part, offset, message} | {'busy'} | {'done'}

local place, owner, entry, group = ARGV[1], ARGV[2], ARGV[3], ARGV[5]
local function field(name)
  return place .. ' ' .. name
end
local function get(name)
  return redis.call('HGET', KEYS[1], field(name))
end
local function pending(id)
  return id and #redis.call('XPENDING', KEYS[2], group, id, id, 1) > 0
end
local function done()
  redis.call('XACK', KEYS[2], group, entry)
  redis.call('XDEL', KEYS[2], entry)
  return {'done'}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local life = redis.call('PTTL', KEYS[3])
if not pending(entry) then
  return {'done'} -- covered, or seen to, since it was taken
end
if life == -2 or get('rest') then
  return done() -- the debate is gone, or whoever wakes the thread sends mail
end

local holder = get('owner')
local lease = tonumber(get('lease') or 0)
if holder and holder ~= owner and lease > now then
  redis.call('HINCRBY', KEYS[1], field('news'), 1)
  local held = get('entry')
  if held == entry then
    return {'busy'}
  end
  if pending(held) then
    return done() -- the holder looks again before it lets go; if it dies, its own mail is left
  end
  redis.call('HSET', KEYS[1], field('entry'), entry)
  return {'busy'}
end
-- The same call sent again, its answer lost, gets the same answer.
if holder ~= owner then
  redis.call('HSET', KEYS[1], field('clean'), get('open') == '1' and '0' or '1')
  redis.call('HSET', KEYS[1], field('owner'), owner, field('entry'), entry, field('open'), '1')
end
redis.call('HSET', KEYS[1], field('lease'), now + tonumber(ARGV[4]))
for _, key in ipairs({KEYS[1], KEYS[4]}) do -- they live as long as the log
  if life >= 0 then
    redis.call('PEXPIRE', key, life)
  else
    redis.call('PERSIST', key)
  end
end
return {
  'held', tonumber(get('clean')), tonumber(get('news') or 0),
  tonumber(get('n') or 0), tonumber(get('part') or 0), tonumber(get('offset') or 0),
  get('message') or '',
}
