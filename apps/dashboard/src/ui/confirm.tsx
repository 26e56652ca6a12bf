import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'
import { ProblemNote } from './problem-note.tsx'

interface ConfirmProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  /** What will happen, and what will not. */
  readonly children: ReactNode
  /** The verb on the button. */
  readonly action: string
  readonly danger?: boolean
  readonly busy: boolean
  readonly error: Error | null
  readonly onConfirm: () => void
}

export function Confirm(props: ConfirmProps) {
  const { open, onClose, title, children, action, danger, busy, error, onConfirm } = props
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <div className="flex flex-col gap-3">
        <div>{children}</div>
        {error && <ProblemNote error={error} />}
      </div>
      <DialogActions>
        <Button onClick={onClose}>Back</Button>
        <Button look={danger ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
