/**
 * A page of ours runs what this server sends and nothing else: no inline script, no style element, no
 * request to a third party. `framedBy`: the origins of pages that may frame it; none unless named.
 */
export const pagePolicy = (framedBy: readonly string[] = []) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy.join(' ') || "'none'"}`,
  ].join('; ')
