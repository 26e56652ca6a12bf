import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject'
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler'
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { Secret } from 'kubernetes-models/v1/Secret'
import { Service } from 'kubernetes-models/v1/Service'
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount'
import { watched } from './watched.ts'

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  // biome-ignore lint/suspicious/noExplicitAny: a manifest has whatever form its schema gives it.
  readonly spec?: any
}

/** The schemas as npm has them, compiled: of Kubernetes, of KEDA, of the prometheus-operator. */
const MODELS = [
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  PodDisruptionBudget,
  Secret,
  Service,
  ServiceAccount,
  ScaledObject,
  ServiceMonitor,
]

/**
 * What the schema of its kind has against a manifest, and the fields that this schema does not know.
 * Schemas of Kubernetes allow any field and the API server drops those it does not know, so a misspelled
 * one would be silently without effect: a field that the validator never looked at is one of these.
 */
export function faultsOfManifest(manifest: Manifest): string[] {
  const about = `${manifest.kind} ${manifest.metadata.name}`
  const model = MODELS.find(
    ({ apiVersion, kind }) => apiVersion === manifest.apiVersion && kind === manifest.kind,
  )
  if (!model) return [`${about}: no schema for ${manifest.apiVersion}`]
  const { value, unread } = watched(manifest)
  try {
    model.prototype.validate.call(value)
  } catch (error) {
    return [`${about}: ${(error as Error).message}`]
  }
  return unread().map((path) => `${about}: its schema knows no ${path}`)
}
