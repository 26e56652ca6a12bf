import type { PortalTheme } from '@posthorn/shared/portal/theme.ts'
import { schemeOf, variablesOf } from './palette.ts'

/** Set one by one through the object model, which a policy without inline styles allows. */
export function applyTheme(theme: PortalTheme): void {
  const { style, dataset } = document.documentElement
  for (const name of [...style]) if (name.startsWith('--')) style.removeProperty(name)
  for (const [name, value] of Object.entries(variablesOf(theme)))
    style.setProperty(`--${name}`, value)
  const scheme = schemeOf(theme)
  if (scheme === undefined) delete dataset.theme
  else dataset.theme = scheme
}
