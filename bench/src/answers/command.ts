import { readFileSync, writeFileSync } from 'node:fs'
import { startRedis } from '@posthorn/shared/testing/redis.ts'
import { type AnswerTimes, measureAnswers } from 'posthorn-receiver/testing/answer-times.ts'
import { surroundings } from '../report/surroundings.ts'
import { type AnswersReport, answersSection, isInTime, withAnswers } from './document.ts'

const RECEIVER = new URL('../../../docs/receiver.md', import.meta.url)
const REQUESTS = 2_000
const FRAMEWORKS = ['node:http', 'express', 'fastify', 'hono']

/** @returns what is to be printed */
export async function answers(
  { scale, progress }: { readonly scale: number; readonly progress: (line: string) => void },
  { json, write }: { readonly json: boolean; readonly write: boolean },
): Promise<string> {
  const requests = Math.ceil(REQUESTS * scale)
  const redis = await startRedis({ persistent: true })
  const frameworks: Record<string, AnswerTimes> = {}
  try {
    for (const name of FRAMEWORKS) {
      progress(name)
      frameworks[name] = await measureAnswers(name, { redisUrl: redis.url, requests })
    }
  } finally {
    await redis.stop()
  }
  const report: AnswersReport = { ...(await surroundings()), requests, frameworks }
  if (write) writeFileSync(RECEIVER, withAnswers(readFileSync(RECEIVER, 'utf8'), report))
  if (!isInTime(report)) process.exitCode = 1
  return json ? JSON.stringify(report, null, 2) : answersSection(report)
}
