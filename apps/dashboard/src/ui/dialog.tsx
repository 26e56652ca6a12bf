import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { buttonLook } from './button.tsx'
import { classes } from './classes.ts'

interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly about?: ReactNode
  readonly children: ReactNode
  readonly wide?: boolean
}

export function Dialog({ open, onClose, title, about, children, wide }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Base.Viewport className="fixed inset-0 z-50 flex items-start justify-center overflow-y-auto p-4 sm:pt-[8vh]">
          <Base.Popup
            className={classes(
              'panel w-full bg-raised p-5 shadow-xl outline-none',
              wide ? 'max-w-2xl' : 'max-w-lg',
            )}
          >
            <div className="mb-4 flex items-start justify-between gap-4">
              <div>
                <Base.Title className="font-semibold text-base">{title}</Base.Title>
                {about && (
                  <Base.Description className="mt-0.5 text-muted">{about}</Base.Description>
                )}
              </div>
              <Base.Close
                aria-label="Close"
                className={buttonLook('quiet', 'icon', '-mt-1.5 -mr-1.5')}
              >
                <X aria-hidden="true" />
              </Base.Close>
            </div>
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** The buttons at a dialog's end. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>
}
