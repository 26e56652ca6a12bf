import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import type { SamplerSetting } from './settings.ts'

export function samplerOf({ name, isParentBased, ratio }: SamplerSetting): Sampler {
  const root = rootOf(name, ratio)
  return isParentBased ? new ParentBasedSampler({ root }) : root
}

function rootOf(name: SamplerSetting['name'], ratio: number): Sampler {
  if (name === 'always_off') return new AlwaysOffSampler()
  return name === 'always_on' ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(ratio)
}
