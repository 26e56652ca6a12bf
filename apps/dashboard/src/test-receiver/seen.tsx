import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Circle, CircleCheck } from 'lucide-react'
import type { Delivery } from 'posthorn'
import { latestDeliveries } from './latest.ts'

const STEPS: readonly {
  readonly title: string
  readonly how: string
  readonly seen: (delivery: Delivery) => boolean
}[] = [
  {
    title: 'A delivery',
    how: 'Let it succeed, and publish an event: it is signed, sent and delivered.',
    seen: ({ status }) => status === 'delivered',
  },
  {
    title: 'A retry',
    how: 'Let it fail, and publish another: the second attempt comes after 1 s, the third after 3 s.',
    seen: ({ attempts }) => attempts.length > 1,
  },
  {
    title: 'A dead letter',
    how: 'Once the third has failed as well, it is given up, and kept until you redrive it.',
    seen: ({ status }) => status === 'dead',
  },
]

/** What there is to see, and what of it has been seen. */
export function Seen({ webhook }: { readonly webhook: string }) {
  const { data = [] } = useQuery(latestDeliveries(webhook))
  return (
    <section aria-label="What there is to see" className="panel p-4">
      <h2 className="mb-2 font-medium">What there is to see</h2>
      <ol className="flex flex-col gap-2.5">
        {STEPS.map(({ title, how, seen }) => {
          const found = data.find(seen)
          const Icon = found ? CircleCheck : Circle
          return (
            <li key={title} className="flex gap-2.5">
              <Icon
                role="img"
                aria-label={found ? 'Seen' : 'Not yet'}
                className={`mt-0.5 size-4 shrink-0 ${found ? 'text-good' : 'text-muted'}`}
              />
              <div>
                <p className="font-medium">
                  {title}
                  {found && (
                    <>
                      {' · '}
                      <Link
                        to="/deliveries/$id"
                        params={{ id: found.id }}
                        className="text-accent underline"
                      >
                        look at it
                      </Link>
                    </>
                  )}
                </p>
                <p className="text-muted">{how}</p>
              </div>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
