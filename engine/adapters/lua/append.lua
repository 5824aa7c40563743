-- Adds events to a debate's log, and all that goes with them: all or nothing.
-- Checks come first: a script that fails half way is not rolled back.
--
-- KEYS  1 log  2 state  3 work  4 timers  5 panel  6 panel's open debates  7 watched  8 words
--       9 readers  10 posts  11 recent  12 how it stands
--       then, as many as there are: payloads; for each place, its mail stream and its thread; for each
--       account, its day, its open debates and its own limits
-- ARGV  1 what is asked, as JSON:
--         debate, after, op, work (keep|wake|nudge|hold|rest), delay_ms, lease_ms, group, lost (a
--         channel), recent_kept, shape; claim {epoch, owner} or null; keep_ms if closed, or null; at_ms;
--         payloads (how many), payload_ms; places (their names, the home first), home (is there
--         one), leaves (names of those that show it no longer); erase (numbers); accounts [{at_once, a_day, turns, tokens, ms}] with
--         used {turns, tokens, ms}, opens, asks, closes, account_ms
--       2 panel's content, or ''  3 how the debate stands after this, or ''
--       then, for each event: name, at_ms, body, and the words kept apart from it, or ''
-- Answers {'ok', epoch, watched, then turns, tokens and ms of each account, and its limits of these,
--         -1 for none}
--       | {'conflict', n} | {'stale'} | {'taken'} | {'full', which account, 'at_once' or 'a_day'}
--       | {'thread', debate}: the home's thread shows that other debate, which is open

local asked = cjson.decode(ARGV[1])
local debate, after, op, work = asked.debate, asked.after, asked.op, asked.work
local claim = asked.claim ~= cjson.null and asked.claim or nil
local state = redis.call('HMGET', KEYS[2], 'n', 'epoch', 'entry', 'owner', 'lease', 'closed')
local n, epoch = tonumber(state[1] or 0), tonumber(state[2] or 0)
local entry, owner, lease = state[3], state[4], tonumber(state[5] or 0)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local last_payload = 12 + asked.payloads
local last_place = last_payload + 2 * #asked.places
local function mail_of(i) return KEYS[last_payload + 2 * i - 1] end
local function thread_of(i) return KEYS[last_payload + 2 * i] end
local function day_of(i) return KEYS[last_place + 3 * i - 2] end
local function open_of(i) return KEYS[last_place + 3 * i - 1] end
local function own_of(i) return KEYS[last_place + 3 * i] end

for i, account in ipairs(asked.accounts) do
  local own = redis.call('HGETALL', own_of(i))
  for j = 1, #own, 2 do
    account[own[j]] = tonumber(own[j + 1]) -- 'none' is no number, and no limit
  end
end

local function answer()
  local reply = {'ok', epoch, redis.call('EXISTS', KEYS[7])}
  for i, account in ipairs(asked.accounts) do
    local day = redis.call('HMGET', day_of(i), 'turns', 'tokens', 'ms')
    for field = 1, 3 do
      reply[#reply + 1] = tonumber(day[field] or 0)
    end
    for _, limit in ipairs({account.turns or -1, account.tokens or -1, account.ms or -1}) do
      reply[#reply + 1] = limit
    end
  end
  return reply
end

local function first_after(number)
  local id = string.format('%d-0', number + 1)
  local found = redis.call('XRANGE', KEYS[1], id, id)
  return found[1] and found[1][2] or {}
end

-- Sent before, and the answer was lost: answer again. The op is the last field of the first event.
if n > after then
  local fields = first_after(after)
  if fields[#fields] == op then
    if claim and (work == 'hold' or work == 'keep') and owner ~= claim.owner then
      return {'stale'}
    end
    return answer()
  end
end
for i = 13, last_payload do
  if redis.call('EXISTS', KEYS[i]) == 1 then
    return {'taken'}
  end
end
if claim and claim.epoch ~= epoch then
  return {'stale'}
end
if n ~= after then
  return {'conflict', n}
end
local closed = debate .. ':closed' -- what a thread says that shows a debate that is over
if asked.opens and asked.home then
  local shown = redis.call('GET', thread_of(1))
  if shown and shown ~= debate and not shown:find(':closed', 1, true) then
    return {'thread', shown}
  end
end
for i, account in ipairs(asked.opens and asked.accounts or {}) do
  if account.a_day and tonumber(redis.call('HGET', day_of(i), 'debates') or 0) >= account.a_day then
    return {'full', i, 'a_day'}
  end
  if account.at_once and redis.call('SCARD', open_of(i)) >= account.at_once then
    return {'full', i, 'at_once'}
  end
end
for i, account in ipairs((asked.opens or asked.asks) and asked.accounts or {}) do
  local used = redis.call('HMGET', day_of(i), 'turns', 'tokens', 'ms')
  for field, limit in ipairs({account.turns or 0, account.tokens or 0, account.ms or 0}) do
    if limit > 0 and tonumber(used[field] or 0) >= limit then
      return {'full', i, 'a_day'}
    end
  end
end

for i = 4, #ARGV, 4 do
  n = n + 1
  local fields = {'e', ARGV[i], 'at', ARGV[i + 1], 'b', ARGV[i + 2]}
  if ARGV[i + 3] ~= '' then
    redis.call('HSET', KEYS[8], n, ARGV[i + 3])
    fields[7], fields[8] = 'w', '1'
  end
  if i == 4 then
    fields[#fields + 1] = 'op'
    fields[#fields + 1] = op
  end
  redis.call('XADD', KEYS[1], string.format('%d-0', n), unpack(fields))
end
redis.call('HSET', KEYS[2], 'n', n)
for _, number in ipairs(asked.erase) do
  redis.call('HDEL', KEYS[8], string.format('%d', number))
end
if #asked.erase > 0 then
  redis.call('DEL', KEYS[12]) -- the words stand in it too
elseif ARGV[3] ~= '' then
  redis.call('HSET', KEYS[12], 'n', n, 'shape', asked.shape, 'state', ARGV[3])
end
for i = 13, last_payload do
  redis.call('SET', KEYS[i], 1, 'PX', asked.payload_ms)
end

if ARGV[2] ~= '' then
  redis.call('SET', KEYS[5], ARGV[2])
  redis.call('SADD', KEYS[6], debate)
  redis.call('ZADD', KEYS[11], asked.at_ms, debate)
  redis.call('ZREMRANGEBYRANK', KEYS[11], 0, -asked.recent_kept - 1)
end

local due = asked.delay_ms > 0 and now + asked.delay_ms or 0
if work == 'nudge' and owner and lease > now then
  work = 'keep' -- whoever holds the debate goes on with it, and sees what is new
  redis.call('HSET', KEYS[2], 'due', due)
end
if work == 'hold' then
  epoch = epoch + 1
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'lease', now + asked.lease_ms, 'due', 0, 'work', '1')
elseif work ~= 'keep' then
  -- Whoever speaks now speaks in vain: the work it holds is done, or is other work.
  epoch = epoch + 1
  redis.call('HSET', KEYS[2],
    'epoch', epoch, 'lease', 0, 'due', due, 'work', work == 'rest' and '0' or '1')
  redis.call('HDEL', KEYS[2], 'owner', 'entry')
  redis.call('ZREM', KEYS[4], debate)
  if claim and entry then
    redis.call('XACK', KEYS[3], asked.group, entry)
    redis.call('XDEL', KEYS[3], entry)
  elseif owner then
    redis.call('PUBLISH', asked.lost, owner)
  end
  if work ~= 'rest' then
    if due > 0 then
      redis.call('ZADD', KEYS[4], due, debate)
    else
      redis.call('XADD', KEYS[3], '*', 'd', debate)
    end
  end
end

for i in ipairs(asked.accounts) do
  for field, amount in pairs(asked.used) do
    redis.call('HINCRBY', day_of(i), field, amount)
  end
  if asked.opens then
    redis.call('HINCRBY', day_of(i), 'debates', 1)
    redis.call('SADD', open_of(i), debate)
  elseif asked.closes then
    redis.call('SREM', open_of(i), debate)
  end
  redis.call('PEXPIRE', day_of(i), asked.account_ms)
end

-- What goes when the debate goes.
local lasting = {KEYS[1], KEYS[2], KEYS[8], KEYS[9], KEYS[10], KEYS[12]}
if asked.keep_ms ~= cjson.null then
  redis.call('HSET', KEYS[2], 'closed', '1')
  for _, key in ipairs(lasting) do
    redis.call('PEXPIRE', key, asked.keep_ms)
  end
  redis.call('SREM', KEYS[6], debate)
  if redis.call('SCARD', KEYS[6]) == 0 then
    -- The last open debate by this panel: every other one expires before this one does.
    redis.call('PEXPIRE', KEYS[5], asked.keep_ms)
  end
elseif state[6] then
  redis.call('HDEL', KEYS[2], 'closed')
  for _, key in ipairs(lasting) do
    redis.call('PERSIST', key)
  end
  redis.call('PERSIST', KEYS[5])
  redis.call('SADD', KEYS[6], debate)
end

-- A thread may show another debate by now; a mirror's is bound before it is opened.
for i, place in ipairs(asked.places) do
  local shown = redis.call('GET', thread_of(i))
  if not shown or shown == debate or shown == closed or asked.opens then
    -- Only where a platform's bot reads its mail is there a stream.
    redis.call('XADD', mail_of(i), 'NOMKSTREAM', '*', 'd', debate, 'p', place)
  end
  if asked.opens and i == 1 and asked.home then
    redis.call('SET', thread_of(i), debate)
  elseif shown == debate or shown == closed then
    if asked.leaves[asked.places[i]] then
      redis.call('DEL', thread_of(i))
    elseif asked.keep_ms ~= cjson.null then
      redis.call('SET', thread_of(i), closed, 'PX', asked.keep_ms)
    elseif shown == closed or i > 1 or not asked.home then
      redis.call('SET', thread_of(i), debate)
    end
  end
end
return answer()
