// Names for what the API takes and answers: from its OpenAPI document, and so from the very schemas
// by which it validates.
import type { components, operations } from '../generated/openapi.ts'

type Schemas = components['schemas']
type QueryOf<Operation extends keyof operations> = NonNullable<
  operations[Operation]['parameters']['query']
>

export type Published = Schemas['PublishedEvent']
export type EventView = Omit<Schemas['Event'], 'data'> & { readonly data: unknown }
export type ReplayEvent = Schemas['ReplayEvent']
export type Webhook = Schemas['Webhook']
export type WebhookInput = Schemas['WebhookInput']
export type WebhookPatch = Schemas['WebhookPatch']
export type CreatedWebhook = Schemas['CreatedWebhook']
export type WebhookSecrets = Schemas['WebhookSecrets']
export type RotateSecret = Schemas['RotateSecret']
export type WebhookStats = Schemas['WebhookStats']
export type StatsWindow = NonNullable<QueryOf<'getWebhooksByIdStats'>['window']>
export type TestWebhook = Schemas['TestWebhook']
export type TestResult = Schemas['TestResult']
export type ReplayWebhook = Omit<Schemas['ReplayWebhook'], 'dryRun'>
export type Delivery = Schemas['Delivery']
export type Attempt = Schemas['Attempt']
export type DeliveryRequest = Schemas['DeliveryRequest']
export type DeliveryStatus = Schemas['DeliveryStatus']
export type DeadLetter = Schemas['DeadLetter']
export type DeadLetterCommand = Omit<Schemas['DeadLetterCommand'], 'dryRun'>
export type Task = Schemas['Task']
export type ApiKey = Schemas['ApiKey']
export type ApiKeyInput = Schemas['ApiKeyInput']
export type CreatedApiKey = Schemas['CreatedApiKey']
export type PortalLink = Schemas['PortalLink']
export type PortalLinkInput = Schemas['PortalLinkInput']
export type Source = Schemas['Source']
export type SourceInput = Schemas['SourceInput']
export type SourcePatch = Schemas['SourcePatch']
export type ProblemBody = Omit<Schemas['Problem'], 'code'> & { code: ProblemCode | 'unknown' }
export type ProblemCode = Schemas['Problem']['code']

/** Times may be given as a `Date`. */
type Filter<Query> = {
  readonly [Name in keyof Omit<Query, 'cursor'>]?:
    | Query[Name & keyof Query]
    | (Name extends 'since' | 'until' ? Date : never)
    | undefined
}

export type EventFilter = Filter<QueryOf<'getEvents'>>
export type WebhookFilter = Filter<QueryOf<'getWebhooks'>>
export type DeliveryFilter = Filter<QueryOf<'getDeliveries'>>
export type DeadLetterFilter = Filter<QueryOf<'getDeadLetters'>>
export type TaskFilter = Filter<QueryOf<'getTasks'>>
export type ApiKeyFilter = Filter<QueryOf<'getApiKeys'>>
export type SourceFilter = Filter<QueryOf<'getSources'>>

/** What is published. */
export interface NewEvent {
  /** Like `user.created`. */
  readonly type: string
  /**
   * Anything that JSON can say. It is written once, with `JSON.stringify`; those bytes reach the
   * subscribers unchanged.
   */
  readonly data: unknown
  /** Made by the client unless given. The same id is never taken as a second event. */
  readonly id?: string | undefined
  readonly tenant?: string | undefined
  /** When it happened, RFC 3339; the time of its acceptance unless given. */
  readonly timestamp?: string | undefined
  /** Shown and searchable; not sent to subscribers. */
  readonly labels?: Readonly<Record<string, string>> | undefined
}
