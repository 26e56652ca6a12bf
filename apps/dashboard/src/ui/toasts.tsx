import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { Problem } from '../api/problem.ts'
import { buttonLook } from './button.tsx'
import { classes } from './classes.ts'

const manager = Toast.createToastManager()

export function tell(title: string, description?: string): void {
  manager.add({ title, ...(description ? { description } : {}) })
}

export function tellProblem(error: Error): void {
  const title = error instanceof Problem ? error.title : 'Something went wrong'
  manager.add({ title, description: error.message, type: 'problem', priority: 'high' })
}

export function Toasts() {
  return (
    <Toast.Provider toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-60 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function List() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={classes(
        'panel flex items-start gap-2 bg-raised p-3 shadow-lg',
        toast.type === 'problem' && 'border-bad/50',
      )}
    >
      <Toast.Content className="min-w-0 flex-1">
        <Toast.Title className="font-medium" />
        <Toast.Description className="break-words text-muted" />
      </Toast.Content>
      <Toast.Close aria-label="Close" className={buttonLook('quiet', 'small-icon')}>
        <X aria-hidden="true" />
      </Toast.Close>
    </Toast.Root>
  ))
}
