export interface ServerSentEvent {
  readonly event: string
  readonly data: string
}

/** Server-sent events (WHATWG HTML, section 9.2.6) from text that comes in any pieces. */
export async function* serverSentEvents(
  texts: AsyncIterable<string>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let rest = ''
  let event = ''
  let data: string[] = []
  for await (const text of texts) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines.map((each) => each.replace(/\r$/, ''))) {
      if (line === '') {
        if (data.length > 0) yield { event: event || 'message', data: data.join('\n') }
        event = ''
        data = []
        continue
      }
      const [, name, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
      if (name === 'event') event = value
      else if (name === 'data') data.push(value)
    }
  }
}
