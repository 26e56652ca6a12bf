import { z } from 'zod'
import { schemeOn } from './colour.ts'

// No Node code here. Each value is one that no stylesheet can take for anything else.

const MAX_RADIUS_PX = 24

const colourSchema = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'Expected a colour such as #4f46c8')

export const portalThemeSchema = z
  .strictObject({
    colorScheme: z
      .enum(['light', 'dark', 'system'])
      .optional()
      .meta({ description: "Default: the background's, else `system`" }),
    accent: colourSchema.optional().meta({
      description: 'Buttons and links; made darker or lighter where it could not be read',
    }),
    background: colourSchema
      .refine(
        (colour) => schemeOn(colour) !== undefined,
        'Expected a lighter or a darker colour: text would be hard to read on it',
      )
      .optional()
      .meta({ description: 'Of the page: a light or a dark colour' }),
    font: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9 _-]{0,39}$/,
        'Expected the name of a font, e.g. Helvetica Neue',
      )
      .optional()
      .meta({
        description: "A font of the reader's device, or `system-ui`, `serif`, `monospace`",
      }),
    radius: z
      .int()
      .min(0)
      .max(MAX_RADIUS_PX)
      .optional()
      .meta({ description: 'Of corners, in pixels' }),
  })
  .refine(
    ({ background, colorScheme }) =>
      !background || !colorScheme || colorScheme === schemeOn(background),
    { path: ['colorScheme'], message: 'Does not fit the background' },
  )
  .meta({ id: 'PortalTheme', description: 'How the portal looks; absent: as Posthorn does' })

export type PortalTheme = z.output<typeof portalThemeSchema>
