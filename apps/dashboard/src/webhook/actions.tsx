import { useMutation } from '@tanstack/react-query'
import { FlaskConical, Pause, Play, Power } from 'lucide-react'
import type { Webhook } from 'posthorn'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { type Switch, switchWebhook, webhookById, webhooksKey } from '../api/webhooks.ts'
import { Button } from '../ui/button.tsx'
import { ActionsMenu } from '../ui/menu.tsx'
import { tell, tellProblem } from '../ui/toasts.tsx'
import { DeleteWebhook } from './delete.tsx'
import { DisableWebhook } from './disable.tsx'
import { Replay } from './replay.tsx'
import { RotateSecret } from './rotate.tsx'
import { TestWebhook } from './test.tsx'

const DONE: Record<Switch, string> = {
  pause: 'Paused',
  resume: 'Resumed: what was parked is being sent',
  enable: 'Enabled: events published from now on go to it',
  disable: 'Disabled',
}

type Open = 'test' | 'replay' | 'rotate' | 'disable' | 'delete'
const DIALOGS = {
  test: TestWebhook,
  replay: Replay,
  rotate: RotateSecret,
  disable: DisableWebhook,
  delete: DeleteWebhook,
} as const

export function WebhookActions({ webhook }: { readonly webhook: Webhook }) {
  const { id, enabled, paused } = webhook
  const [open, setOpen] = useState<Open>()
  const turn = useMutation({
    mutationFn: (to: Switch) => switchWebhook(id, to),
    onSuccess: (changed, to) => {
      queries.setQueryData(webhookById(id).queryKey, changed)
      queries.invalidateQueries({ queryKey: [...webhooksKey, 'list'] })
      tell(DONE[to])
    },
    onError: tellProblem,
  })
  const Shown = open && DIALOGS[open]
  const act = (label: string, name: Open, danger = false) => ({
    label,
    danger,
    onSelect: () => setOpen(name),
  })
  return (
    <>
      <Button onClick={() => setOpen('test')}>
        <FlaskConical aria-hidden="true" /> Test
      </Button>
      {enabled ? (
        <Button busy={turn.isPending} onClick={() => turn.mutate(paused ? 'resume' : 'pause')}>
          {paused ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
          {paused ? 'Resume' : 'Pause'}
        </Button>
      ) : (
        <Button look="primary" busy={turn.isPending} onClick={() => turn.mutate('enable')}>
          <Power aria-hidden="true" /> Enable
        </Button>
      )}
      <ActionsMenu
        label="More actions"
        actions={[
          act('Replay…', 'replay'),
          act('Rotate the secret…', 'rotate'),
          ...(enabled ? [act('Disable…', 'disable', true)] : []),
          act('Delete…', 'delete', true),
        ]}
      />
      {Shown && <Shown webhook={webhook} onClose={() => setOpen(undefined)} />}
    </>
  )
}
