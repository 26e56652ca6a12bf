import { sharedRedisUrl } from '@posthorn/shared/testing/namespace.ts'
import { expect, test } from 'vitest'
import { measureAnswers } from '../testing/answer-times.ts'

const AT_MOST_MS = 50
const REQUESTS = 100

const medianOf = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Where the machine is busy with something else, a server that does nothing answers late, too. */
const AT_MOST_TIMES = 4

test.each(['node:http', 'express', 'fastify', 'hono'])(
  'behind %s answers take 50 ms at most while no handler ends',
  async (framework) => {
    const options = { redisUrl: sharedRedisUrl(), requests: REQUESTS }
    const { slow, nothing } = await measureAnswers(framework, options)
    expect(slow).toHaveLength(REQUESTS)
    expect(medianOf(slow)).toBeLessThanOrEqual(
      Math.max(AT_MOST_MS, AT_MOST_TIMES * medianOf(nothing)),
    )
  },
)
