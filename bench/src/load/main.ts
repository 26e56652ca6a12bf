import { serve } from '../process/rpc.ts'
import { countLoad } from './count.ts'
import { fullLoad } from './full.ts'
import { rateLoad } from './rate.ts'
import { spreadLoad } from './spread.ts'

const methods = { full: fullLoad, rate: rateLoad, count: countLoad, spread: spreadLoad }
export type LoadMethods = typeof methods

serve(methods)
