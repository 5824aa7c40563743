-- Gives a thread back, in one of three ways.
-- done: its mail is done, unless more came meanwhile, and then it stays held.
-- rest: its mail is done, and nothing is posted until it is woken.
-- drop: its mail comes again at once.
--
-- KEYS  1 readers  2 mail
-- ARGV  1 place  2 owner  3 group  4 done|rest|drop
--       done: 5 news seen  6 shown to   rest: 5 why   drop: 5 debate  6 1, if all is recorded
-- Answers {'released'} | {'news', count}

local place, owner, group, how = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local function field(name)
  return place .. ' ' .. name
end

if redis.call('HGET', KEYS[1], field('owner')) ~= owner then
  return {'released'}
end
if how == 'done' then
  local news = tonumber(redis.call('HGET', KEYS[1], field('news')) or 0)
  if news ~= tonumber(ARGV[5]) then
    return {'news', news}
  end
  redis.call('HSET', KEYS[1], field('n'), ARGV[6], field('open'), '0')
elseif how == 'rest' then
  redis.call('HSET', KEYS[1], field('rest'), ARGV[5])
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
