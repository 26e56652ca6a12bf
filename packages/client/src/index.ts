// The package's only entry: what is not named here is not part of it.
// biome-ignore-all lint/performance/noBarrelFile: a package has one face

export type {
  ApiKey,
  ApiKeyFilter,
  ApiKeyInput,
  Attempt,
  CreatedApiKey,
  CreatedWebhook,
  DeadLetter,
  DeadLetterCommand,
  DeadLetterFilter,
  Delivery,
  DeliveryFilter,
  DeliveryRequest,
  DeliveryStatus,
  EventFilter,
  EventView,
  NewEvent,
  PortalLink,
  PortalLinkInput,
  ProblemCode,
  Published,
  ReplayEvent,
  ReplayWebhook,
  RotateSecret,
  Source,
  SourceFilter,
  SourceInput,
  SourcePatch,
  StatsWindow,
  Task,
  TaskFilter,
  TestResult,
  TestWebhook,
  Webhook,
  WebhookFilter,
  WebhookInput,
  WebhookPatch,
  WebhookSecrets,
  WebhookStats,
} from './api/schema.ts'
export type { List, Page } from './list/list.ts'
export { Posthorn, type PosthornOptions } from './posthorn.ts'
export type { BatchResult } from './publish/batch-result.ts'
export { type BatchOptions, PosthornBatchError } from './publish/publish-batch.ts'
export type { CallOptions } from './request/connection.ts'
export { PosthornError, PosthornNoAnswer, PosthornProblem } from './request/problem.ts'
export type { LiveAttempt, StreamOptions } from './stream/attempts.ts'
export {
  checkSecrets,
  SignatureError,
  type SignatureFault,
  type VerifiedWebhook,
  type VerifyOptions,
  verify,
  type WebhookBody,
} from './verify/verify.ts'
