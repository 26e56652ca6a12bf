import { contrast } from '@posthorn/shared/portal/colour.ts'
import { portalThemeSchema } from '@posthorn/shared/portal/theme.ts'
import { describe, expect, test } from 'vitest'
import { schemeOf, variablesOf } from './palette.ts'

const HEX = /#[0-9a-f]{6}/g
const ACCENTS = ['#ffff00', '#ffffff', '#000000', '#0f766e', '#808080', '#ff0000', '#4f46c8']
const BACKGROUNDS = ['#ffffff', '#fff7ed', '#e2e2e2', '#000000', '#0b1020', '#242424']

/** The light and the dark value of a variable. */
const bothOf = (text: string | undefined) => text?.match(HEX) ?? []

describe('an accent', () => {
  test.each(ACCENTS)(
    '%s can be read on the page’s own colours, and the text of buttons on it',
    (accent) => {
      const set = variablesOf({ accent })
      const [light = '', dark = ''] = bothOf(set['color-accent'])
      for (const under of ['#fbfbfc', '#ffffff', '#f3f3f6'])
        expect(contrast(light, under)).toBeGreaterThanOrEqual(4.5)
      for (const under of ['#0f1012', '#16171a', '#1d1e22', '#202126'])
        expect(contrast(dark, under)).toBeGreaterThanOrEqual(4.5)
      const on = bothOf(set['color-on-accent'])
      const soft = bothOf(set['color-accent-soft'])
      for (const [at, shown] of [light, dark].entries()) {
        expect(contrast(on[at] ?? '', shown)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(soft[at] ?? '', shown)).toBeGreaterThanOrEqual(4.5)
      }
    },
  )

  test('that can be read is left as it is', () => {
    expect(variablesOf({ accent: '#4f46c8' })['color-accent']).toMatch(/^light-dark\(#4f46c8, /)
  })
})

describe('a background', () => {
  test.each(BACKGROUNDS)(
    '%s is accepted, and every text can be read on its surfaces',
    (background) => {
      expect(portalThemeSchema.safeParse({ background }).error).toBeUndefined()
      const set = variablesOf({ background, accent: '#808080' })
      const dark = schemeOf({ background }) === 'dark'
      const [accent = ''] = bothOf(set['color-accent'])
      const texts = [dark ? '#ececef' : '#1b1b1f', set['color-muted'] ?? '#a0a0ab', accent]
      for (const surface of ['canvas', 'surface', 'raised', 'hover', 'idle-soft']) {
        for (const text of texts)
          expect(contrast(text, set[`color-${surface}`] ?? ''), surface).toBeGreaterThanOrEqual(4.5)
      }
    },
  )

  test.each(['#808080', '#3b82f6', '#555555', '#c0c0c0'])(
    '%s is refused: no text could be read on it',
    (background) => {
      expect(portalThemeSchema.safeParse({ background }).success).toBe(false)
    },
  )

  test('holds the page to its scheme', () => {
    expect(schemeOf({ background: '#000000' })).toBe('dark')
    expect(schemeOf({ background: '#ffffff' })).toBe('light')
    expect(schemeOf({ colorScheme: 'system' })).toBeUndefined()
    expect(schemeOf({ colorScheme: 'dark' })).toBe('dark')
  })
})

test('a font is one name in quotes, or a keyword without', () => {
  expect(variablesOf({ font: 'Helvetica Neue' })['font-sans']).toMatch(/^"Helvetica Neue", /)
  expect(variablesOf({ font: 'serif' })['font-sans']).toMatch(/^serif, /)
})
