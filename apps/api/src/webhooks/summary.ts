import type { HistoryDeps } from '@posthorn/shared/history/deliveries.ts'
import { readStandingOf } from '@posthorn/shared/history/standing.ts'
import { readStats } from '@posthorn/shared/history/stats.ts'
import type { WebhookSummary } from '@posthorn/shared/webhook/summary.ts'

/** What a list of webhooks shows beside each. */
export async function webhookSummary(
  history: HistoryDeps,
  webhookId: string,
  nowMs: number,
): Promise<WebhookSummary> {
  const [{ attempts, successRate, latencyMs, series }, { oldestOpenMs: _, ...standing }] =
    await Promise.all([
      readStats(history, webhookId, '24h', nowMs),
      readStandingOf(history, webhookId),
    ])
  return {
    attempts,
    successRate,
    p95Ms: latencyMs.p95,
    series: series.map(({ succeeded, failed, p95Ms }) => ({ succeeded, failed, p95Ms })),
    ...standing,
  }
}
