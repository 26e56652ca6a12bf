/** Attempts of one delivery that are kept although their outcome was refused: nobody retries by hand so often. */
const MOST_KEPT = 50

/**
 * Lua: keeps an attempt that was made, but whose outcome came when the record had gone on without it (somebody
 * retried by hand while it was in the air). A subscriber saw it, so its history is to show it. A success is told
 * by its packed state, as everywhere. The same write that comes a second time, since its answer was lost, is
 * known by its content.
 */
export const KEEP_REFUSED = `
local TRIGGERS = { a = 'automatic', m = 'manual', r = 'replay' }
local function keepRefused(attempts, webhook, number, json, current, packed)
  if current == packed then return end
  if json == '' then
    local trigger, a, ended, duration, status, bytes, started =
      string.match(packed, '^d(%a) %d+ (%d+) %d+ (%d+) (%S+) (%S+) (%S+) (%S+)')
    if not trigger or string.match(current, '^d%a %d+ %d+ %d+ (%d+)') == ended then return end
    json = '{"t":"' .. TRIGGERS[a == '1' and trigger or 'a'] .. '","s":' .. started .. ',"d":' .. duration
      .. ',"o":"success","c":' .. status .. ',"n":' .. bytes .. '}'
  end
  if redis.call('HGET', attempts, webhook .. '/' .. number) == json then return end
  local kept = tonumber(redis.call('HGET', attempts, webhook .. '/x') or 0)
  for n = 1, kept do
    if redis.call('HGET', attempts, webhook .. '/x' .. n) == json then return end
  end
  if kept >= ${MOST_KEPT} then return end
  redis.call('HSET', attempts, webhook .. '/x', kept + 1, webhook .. '/x' .. (kept + 1), json)
end
`
