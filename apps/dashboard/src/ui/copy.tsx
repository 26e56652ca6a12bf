import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'

const TOLD_MS = 1_500

interface CopyProps {
  readonly text: string | (() => Promise<string>)
  readonly label: string
  /** Only the icon, with `label` for those who cannot see it. */
  readonly small?: boolean
}

export function CopyButton({ text, label, small }: CopyProps) {
  const [told, setTold] = useState('')
  useEffect(() => {
    if (!told) return
    const timer = setTimeout(() => setTold(''), TOLD_MS)
    return () => clearTimeout(timer)
  }, [told])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text())
      setTold('Copied')
    } catch {
      setTold('Could not be copied')
    }
  }
  const Icon = told === 'Copied' ? Check : Copy
  return (
    <Button
      look={small ? 'quiet' : 'plain'}
      size={small ? 'small-icon' : 'normal'}
      aria-label={small ? label : undefined}
      title={small ? label : undefined}
      onClick={copy}
    >
      <Icon aria-hidden="true" />
      {!small && (told || label)}
      <span className="sr-only" aria-live="polite">
        {told}
      </span>
    </Button>
  )
}
