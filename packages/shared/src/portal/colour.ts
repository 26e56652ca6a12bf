/** `#rrggbb`. */
export type Colour = string

/** The portal's own texts, muted ones too, have a contrast of 4.5 on every background within. */
const LIGHTEST_DARK = 0.02
const DARKEST_LIGHT = 0.75

export type ColourScheme = 'light' | 'dark'

/** Which texts are legible on it; undefined: none well. */
export function schemeOn(background: Colour): ColourScheme | undefined {
  const bright = luminance(background)
  if (bright >= DARKEST_LIGHT) return 'light'
  return bright <= LIGHTEST_DARK ? 'dark' : undefined
}

/** Relative luminance, 0 (black) to 1 (white): WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** 1 to 21, as WCAG counts it; text wants 4.5. */
export function contrast(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** `share` (0 to 1) of `other` in `colour`. */
export function mixed(colour: Colour, other: Colour, share: number): Colour {
  const target = channels(other)
  const parts = channels(colour).map((value, at) =>
    Math.round(value + ((target[at] ?? 0) - value) * share),
  )
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

function channels(colour: Colour): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
