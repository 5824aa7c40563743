-- Gives a thread back, in one of three ways.
-- done: its mail is done, unless more came meanwhile, and then it stays held.
-- rest: the same, and nothing is posted until it is woken.
-- drop: its mail comes again at once.
--
-- KEYS  1 readers  2 mail  3 failed  4 resting
-- ARGV  1 place  2 owner  3 group  4 done|rest|drop
--       done: 5 news seen  6 shown to
--       rest: 5 news seen  6 why  7 debate  8 1, if it is to be woken at the next start
--       drop: 5 debate  6 1, if all is recorded
-- Answers {'released'} | {'news', count}

local place, owner, group, how = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local function field(name)
  return place .. ' ' .. name
end

if redis.call('HGET', KEYS[1], field('owner')) ~= owner then
  return {'released'}
end
if how ~= 'drop' then
  local news = tonumber(redis.call('HGET', KEYS[1], field('news')) or 0)
  if news ~= tonumber(ARGV[5]) then
    return {'news', news}
  end
end
if how == 'done' then
  redis.call('HSET', KEYS[1],
    field('n'), ARGV[6], field('part'), 0, field('offset'), 0, field('open'), '0')
elseif how == 'rest' then
  redis.call('HSET', KEYS[1], field('rest'), ARGV[6])
  redis.call('SADD', KEYS[4], ARGV[7] .. ' ' .. place)
  if ARGV[8] == '1' then
    redis.call('SADD', KEYS[3], ARGV[7] .. ' ' .. place)
  end
elseif ARGV[6] == '1' then
  redis.call('HSET', KEYS[1], field('open'), '0')
end
local entry = redis.call('HGET', KEYS[1], field('entry'))
redis.call('HDEL', KEYS[1], field('owner'), field('lease'), field('entry'))
redis.call('XACK', KEYS[2], group, entry)
redis.call('XDEL', KEYS[2], entry)
if how == 'drop' then
  redis.call('XADD', KEYS[2], '*', 'd', ARGV[5], 'p', place)
end
return {'released'}
