import { TriangleAlert } from 'lucide-react'
import type { Operations } from '../api/stats.ts'
import { bytes, percent } from '../format/numbers.ts'
import { Figure, Figures } from '../ui/figure.tsx'

export function RedisSafety({ redis }: Pick<Operations, 'redis'>) {
  if (redis === null)
    return <p className="panel bg-bad-soft p-4 font-medium">Redis does not answer.</p>
  const { usedBytes, maxBytes, memoryRatio, aofEnabled, evictionPolicy, replicasOnline } = redis
  return (
    <section aria-label="Redis" className="flex flex-col gap-2">
      <Figures title={`Redis ${redis.version}`}>
        <Figure
          label="Memory"
          about={maxBytes === 0 ? 'no limit' : `${percent(memoryRatio)} of ${bytes(maxBytes)}`}
        >
          {bytes(usedBytes)}
        </Figure>
        <Figure label="Append-only file">
          {aofEnabled === null ? 'not said' : aofEnabled ? 'on' : 'off'}
        </Figure>
        <Figure label="Eviction">{evictionPolicy}</Figure>
        <Figure label="Replicas online">{replicasOnline}</Figure>
      </Figures>
      {redis.dangers.map((danger) => (
        <p key={danger} className="panel flex gap-2 bg-warn-soft p-3">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warn" />
          {danger}
        </p>
      ))}
    </section>
  )
}
