/** Where to go after signing in: a path of this dashboard, whatever stands in the URL. */
export function safeTarget(to: string | undefined): string {
  return to && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/'
}
