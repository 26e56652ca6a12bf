import { Menu as Base } from '@base-ui/react/menu'
import { Ellipsis } from 'lucide-react'
import { buttonLook } from './button.tsx'
import { classes } from './classes.ts'

export interface MenuAction {
  readonly label: string
  readonly onSelect: () => void
  readonly danger?: boolean
}

/** What is done more rarely than what has a button of its own. */
export function ActionsMenu({
  label,
  actions,
}: {
  readonly label: string
  readonly actions: readonly MenuAction[]
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger aria-label={label} className={buttonLook('plain', 'icon')}>
        <Ellipsis aria-hidden="true" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="end" sideOffset={4} className="z-50">
          <Base.Popup className="panel min-w-44 bg-raised p-1 shadow-lg outline-none">
            {actions.map(({ label: text, onSelect, danger }) => (
              <Base.Item
                key={text}
                onClick={onSelect}
                className={classes(
                  'cursor-pointer rounded px-2 py-1.5 outline-none data-highlighted:bg-hover',
                  danger && 'text-bad',
                )}
              >
                {text}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
