import { comparePlaces, type Place } from './place.ts'
import type { Source } from './sources.ts'

interface Head {
  readonly source: Source
  places: readonly Place[]
  at: number
}

/** The candidates of several lists as one list, newest first, each once. */
export async function* mergeSources(sources: readonly Source[]): AsyncGenerator<Place, void> {
  const heads = await Promise.all(
    sources.map(async (source) => fill({ source, places: [], at: 0 })),
  )
  let last: Place | undefined
  for (;;) {
    const head = newestOf(heads)
    if (!head) return
    const place = head.places[head.at++] as Place
    if (head.at === head.places.length) await fill(head)
    if (!last || comparePlaces(last, place) !== 0) yield place
    last = place
  }
}

async function fill(head: Head): Promise<Head> {
  head.places = await head.source.next()
  head.at = 0
  return head
}

function newestOf(heads: readonly Head[]): Head | undefined {
  let newest: Head | undefined
  for (const head of heads) {
    const place = head.places[head.at]
    if (!place) continue
    if (!newest || comparePlaces(place, newest.places[newest.at] as Place) < 0) newest = head
  }
  return newest
}
