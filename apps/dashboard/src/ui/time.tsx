import { countdown, exact, relative } from '../format/time.ts'
import { useNow } from './now.ts'

/** `12 min ago`, with the exact moment on hover. */
export function Ago({ time }: { readonly time: string }) {
  const text = useNow((nowMs) => relative(Date.parse(time), nowMs))
  return (
    <time dateTime={time} title={exact(time)} className="tabular-nums">
      {text}
    </time>
  )
}

/** What is left until `time`. */
export function Countdown({ time }: { readonly time: string }) {
  const text = useNow((nowMs) => countdown(Date.parse(time) - nowMs))
  return (
    <time dateTime={time} title={exact(time)} className="font-mono tabular-nums">
      {text}
    </time>
  )
}
