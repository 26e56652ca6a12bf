import { Link2Off } from 'lucide-react'
import { Empty } from '../ui/empty.tsx'

const SAYS = {
  missing: [
    'Open this page by its link',
    'It keeps nothing, so after a reload it needs the link again: open it once more where you found it, or ask there for a new one.',
  ],
  over: [
    'This link has ended',
    'Links to this page are good for a limited time. Ask for a new one where you got this one, or reload the page that shows it.',
  ],
} as const

/** What stands there without a link that is good. */
export function Ended({ how }: { readonly how: keyof typeof SAYS }) {
  const [title, text] = SAYS[how]
  return (
    <main className="flex h-full items-center justify-center">
      <h1 className="sr-only">Webhooks</h1>
      <Empty icon={Link2Off} title={title}>
        {text}
      </Empty>
    </main>
  )
}
