{{/*
How the number of workers changes: up at once and by doubling, since an age that grows is late already;
down one at a time, since each that goes lets its attempts in the air end first, for up to a minute.
*/}}
{{- define "posthorn.scalingBehavior" -}}
scaleUp:
  stabilizationWindowSeconds: 0
  selectPolicy: Max
  policies:
    - type: Percent
      value: 100
      periodSeconds: {{ .scaleUp.periodSeconds }}
    - type: Pods
      value: {{ .scaleUp.pods }}
      periodSeconds: {{ .scaleUp.periodSeconds }}
scaleDown:
  stabilizationWindowSeconds: {{ .scaleDown.stabilizationSeconds }}
  policies:
    - type: Pods
      value: 1
      periodSeconds: {{ .scaleDown.periodSeconds }}
{{- end -}}

{{/*
Every replica reports the same age, so it is their maximum; their sum would mean nothing. Which replicas: by the labels
that the chart's service monitors give them (posthorn.scrapeLabels).
*/}}
{{- define "posthorn.ageQuery" -}}
max(posthorn_queue_oldest_waiting_seconds{namespace="{{ .Release.Namespace }}",release="{{ .Release.Name }}",job=~"posthorn-(api|worker)",queue=~"events|deliveries"})
{{- end -}}
