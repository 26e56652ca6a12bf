import type { DeliveryRequest } from 'posthorn'

/** A command that sends what an attempt would send now, for a POSIX shell. */
export function curlOf({ url, headers, body }: DeliveryRequest): string {
  const lines = Object.entries(headers).map(
    ([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`,
  )
  return [`curl ${quoted(url)}`, ...lines, `  --data-raw ${quoted(body)}`].join(' \\\n')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
