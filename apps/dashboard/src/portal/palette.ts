import {
  type Colour,
  type ColourScheme,
  contrast,
  mixed,
  schemeOn,
} from '@posthorn/shared/portal/colour.ts'
import type { PortalTheme } from '@posthorn/shared/portal/theme.ts'

/** Values of CSS variables by their names, without the dashes before. */
export type Variables = Readonly<Record<string, string>>

const READABLE = 4.5
const INK = '#1b1b1f'
const WHITE = '#ffffff'
const BLACK = '#000000'
const STEPS = 20
const KEYWORDS = new Set(['system-ui', 'serif', 'sans-serif', 'monospace'])

/** As in app.css. */
const OWN: Readonly<Record<ColourScheme, readonly Colour[]>> = {
  light: ['#fbfbfc', '#ffffff', '#f3f3f6'],
  dark: ['#0f1012', '#16171a', '#1d1e22', '#202126'],
}

/** How much white (or black) each surface has in it, over the background. */
const SURFACES: Readonly<
  Record<ColourScheme, Readonly<Record<string, readonly [Colour, number]>>>
> = {
  light: {
    surface: [WHITE, 0.6],
    raised: [WHITE, 0.8],
    hover: [BLACK, 0.04],
    line: [BLACK, 0.1],
    strong: [BLACK, 0.2],
    'idle-soft': [BLACK, 0.07],
  },
  dark: {
    surface: [WHITE, 0.03],
    raised: [WHITE, 0.06],
    hover: [WHITE, 0.08],
    line: [WHITE, 0.12],
    strong: [WHITE, 0.22],
    'idle-soft': [WHITE, 0.07],
  },
}

/** What a theme sets, over the page's own look. */
export function variablesOf({ accent, background, font, radius }: PortalTheme): Variables {
  const surfaces = background === undefined ? {} : surfacesOn(background)
  return {
    ...mapped(surfaces, (name) => `color-${name}`),
    ...(accent === undefined ? {} : accentOn(accent, background)),
    ...(font === undefined ? {} : { 'font-sans': fontList(font) }),
    ...(radius === undefined ? {} : radii(radius)),
  }
}

/** The scheme that the page is held to; undefined: the reader's own. */
export function schemeOf({ colorScheme, background }: PortalTheme): ColourScheme | undefined {
  if (background !== undefined) return schemeOn(background)
  return colorScheme === 'system' ? undefined : colorScheme
}

function surfacesOn(background: Colour): Record<string, Colour> {
  const scheme = schemeOn(background) ?? 'light'
  const parts = Object.entries(SURFACES[scheme]).map(([name, [other, share]]) => [
    name,
    mixed(background, other, share),
  ])
  // The lightest background that is let through would leave the usual one too pale.
  const muted = scheme === 'light' ? { muted: '#565660' } : {}
  return { canvas: background, ...Object.fromEntries(parts), ...muted }
}

function accentOn(accent: Colour, background: Colour | undefined): Variables {
  const under = (scheme: ColourScheme): readonly Colour[] =>
    background === undefined
      ? OWN[scheme]
      : Object.entries(surfacesOn(background)).flatMap(([name, colour]) =>
          name === 'muted' || name === 'strong' ? [] : [colour],
        )
  const light = legible(accent, under('light'), background ? schemeOn(background) : 'light')
  const dark = background ? light : legible(accent, under('dark'), 'dark')
  const both = (of: (look: AccentLook) => Colour) => `light-dark(${of(light)}, ${of(dark)})`
  return {
    'color-accent': both((look) => look.accent),
    'color-on-accent': both((look) => look.onAccent),
    'color-accent-soft': both((look) => look.soft),
  }
}

interface AccentLook {
  readonly accent: Colour
  readonly soft: Colour
  readonly onAccent: Colour
}

/** The accent, moved towards black or white until it can be read on all that may lie under it. */
function legible(
  wanted: Colour,
  under: readonly Colour[],
  scheme: ColourScheme | undefined,
): AccentLook {
  const [away, share] = scheme === 'dark' ? [WHITE, 0.18] : ([BLACK, 0.1] as const)
  const soft = mixed(under[0] ?? WHITE, wanted, share)
  for (let step = 0; step <= STEPS; step += 1) {
    const accent = mixed(wanted, away, step / STEPS)
    if ([...under, soft].some((colour) => contrast(accent, colour) < READABLE)) continue
    return { accent, soft, onAccent: bestOn(accent) }
  }
  return { accent: away, soft, onAccent: bestOn(away) }
}

const bestOn = (colour: Colour) => (contrast(colour, WHITE) >= contrast(colour, INK) ? WHITE : INK)

const fontList = (font: string) =>
  `${KEYWORDS.has(font) ? font : `"${font}"`}, "Inter Variable", system-ui, sans-serif`

function radii(px: number): Variables {
  return { 'radius-sm': `${Math.min(px, 6)}px`, 'radius-md': `${px}px`, 'radius-lg': `${px}px` }
}

const mapped = (values: Variables, rename: (name: string) => string): Variables =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]))
