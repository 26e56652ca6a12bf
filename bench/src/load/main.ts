import { serve } from '../process/rpc.ts'
import { countLoad } from './count.ts'
import { fullLoad } from './full.ts'
import { rateLoad } from './rate.ts'

const methods = { full: fullLoad, rate: rateLoad, count: countLoad }
export type LoadMethods = typeof methods

serve(methods)
