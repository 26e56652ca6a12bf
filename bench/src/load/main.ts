import { serve } from '../process/rpc.ts'
import { batchLoad } from './batch.ts'
import { countLoad } from './count.ts'
import { fastLoad } from './fast.ts'
import { fullLoad } from './full.ts'
import { endRate, rateLoad } from './rate.ts'
import { spreadLoad } from './spread.ts'

const methods = {
  full: fullLoad,
  rate: rateLoad,
  endRate: (_: null) => endRate(),
  count: countLoad,
  fast: fastLoad,
  spread: spreadLoad,
  batch: batchLoad,
}
export type LoadMethods = typeof methods

serve(methods)
