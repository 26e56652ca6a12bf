import { z } from 'zod'
import { checkHeaderName } from '../attempt/headers.ts'

// No Node code here: the dashboard validates with the same schemas.

const ALGORITHMS = ['sha1', 'sha256', 'sha512'] as const
const ENCODINGS = ['hex', 'base64'] as const

const MAX_TEXT = 128
/** Printable ASCII without a space at its ends, as a header's value. */
const PREFIX = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/

const customSignatureSchema = z
  .strictObject({
    header: z
      .string()
      .superRefine((name, context) => {
        const problem = checkHeaderName(name)
        if (problem) context.addIssue({ code: 'custom', message: problem.message })
      })
      .meta({ description: 'The header with the signature' }),
    algorithm: z.enum(ALGORITHMS).default('sha256').meta({ description: 'Of the HMAC' }),
    encoding: z.enum(ENCODINGS).default('hex'),
    prefix: z
      .string()
      .max(MAX_TEXT)
      .regex(PREFIX, 'Expected printable ASCII without a space at its ends')
      .default('')
      .meta({ description: 'What stands before the signature, e.g. `sha256=`' }),
    signs: z
      .string()
      .max(MAX_TEXT)
      .refine((text) => text.split('{body}').length === 2, 'Expected {body} once')
      .refine((text) => text.isWellFormed(), 'Expected Unicode text')
      .default('{body}')
      .meta({
        description:
          'What is signed: `{body}` once, and `{timestamp}` (of `webhook-timestamp`) and `{id}` (of `webhook-id`) where they are to stand',
      }),
  })
  .meta({ id: 'CustomSignature' })

export type CustomSignature = z.output<typeof customSignatureSchema>

/** https://docs.logto.io/developers/webhooks/secure-webhooks */
export const LOGTO_SIGNATURE: CustomSignature = {
  header: 'logto-signature-sha-256',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  signs: '{body}',
}

export const signatureSchema = z
  .union([z.enum(['v1', 'v1a', 'logto']), customSignatureSchema])
  .meta({
    description:
      'How requests are signed: `v1` (HMAC) or `v1a` (Ed25519) of Standard Webhooks, as Logto does, or by a header of its own. Default `v1`',
  })

/** Of a webhook; absent means `v1`. */
export type Signature = z.output<typeof signatureSchema>
