/** For a router: a query is names and plain strings, as a person would type it. */
export const queryAsTyped = {
  parseSearch: (text: string) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search: Record<string, unknown>) => {
    const set = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    const text = new URLSearchParams(set as [string, string][]).toString()
    return text && `?${text}`
  },
}
