import { z } from 'zod'

// No Node code here: the dashboard validates with the same schemas.

export const FORMATS = ['standard', 'raw', 'cloudevents', 'cloudevents-binary', 'logto'] as const
export type Format = (typeof FORMATS)[number]

export const formatSchema = z.enum(FORMATS).meta({
  description:
    'What the body is: `standard` `{"type", "timestamp", "data"}`; `raw` the bytes of `data`; `cloudevents` and `cloudevents-binary` CloudEvents 1.0 by its structured or binary HTTP mode; `logto` as Logto sends it. Default `standard`',
})
