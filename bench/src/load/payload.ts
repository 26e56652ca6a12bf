// The event that is published: when it was due stands inside, so that the receiver alone can tell
// how long it took, whatever design it came through.

/** In front of the time in the body. */
export const TIME_MARK = '"at":"'
/** Milliseconds with three decimals, padded. */
export const TIME_WIDTH = 20

export const timeText = (atMs: number): string => atMs.toFixed(3).padStart(TIME_WIDTH, '0')

/** In front of a tenant's number in the body. */
export const TENANT_MARK = '"tenant":"t'
const TENANT_WIDTH = 6

export const tenantText = (n: number): string => String(n).padStart(TENANT_WIDTH, '0')
export const tenantName = (n: number): string => `t${tenantText(n)}`

/** The body of a publish whose `data` has this many bytes; for one of several tenants, if asked. */
export function publishBody(type: string, dataBytes: number, withTenant = false): string {
  const frame = JSON.stringify({ at: timeText(0), text: '' })
  const data = { at: timeText(0), text: 'x'.repeat(Math.max(0, dataBytes - frame.length)) }
  return JSON.stringify({ ...(withTenant && { tenant: tenantName(0) }), type, data })
}
