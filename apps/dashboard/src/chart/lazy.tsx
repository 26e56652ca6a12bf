import { type ComponentProps, lazy, Suspense } from 'react'
import type { Chart as Loaded } from './chart.tsx'

const Later = lazy(() =>
  import('./chart.tsx').then(({ Chart: component }) => ({ default: component })),
)

export function Chart(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense fallback={<div aria-busy="true" className="h-52 w-full" />}>
      <Later {...props} />
    </Suspense>
  )
}
