import { useMutation } from '@tanstack/react-query'
import { LogOut, Monitor, Moon, Sun } from 'lucide-react'
import { forgetAll, queries } from '../api/queries.ts'
import { sessionKey, signOut } from '../api/session.ts'
import { Button } from '../ui/button.tsx'
import { tellProblem } from '../ui/toasts.tsx'
import { useSession } from './session.tsx'
import { type Theme, useTheme } from './theme.ts'

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const ICONS = { system: Monitor, light: Sun, dark: Moon }

/** Who is signed in, the way out, and the theme. */
export function Account() {
  const { name, role, tenant } = useSession()
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queries.setQueryData(sessionKey, null)
      forgetAll()
    },
    onError: tellProblem,
  })
  return (
    <div className="flex items-center gap-1 border-line border-t p-2">
      <div className="min-w-0 flex-1 px-2">
        <p className="truncate font-medium" title={name}>
          {name}
        </p>
        <p className="truncate text-muted text-xs">
          {role} · {tenant ?? 'all tenants'}
        </p>
      </div>
      <ThemeButton />
      <Button
        look="quiet"
        size="icon"
        aria-label="Sign out"
        title="Sign out"
        busy={leave.isPending}
        onClick={() => leave.mutate()}
      >
        <LogOut aria-hidden="true" />
      </Button>
    </div>
  )
}

export function ThemeButton() {
  const [theme, choose] = useTheme()
  const Icon = ICONS[theme]
  const label = `Theme: ${theme}. Change to ${NEXT[theme]}`
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label={label}
      title={label}
      onClick={() => choose(NEXT[theme])}
    >
      <Icon aria-hidden="true" />
    </Button>
  )
}
