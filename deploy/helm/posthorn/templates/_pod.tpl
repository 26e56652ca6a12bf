{{/*
What the pods of the APIs and of the workers have in common. Each takes (dict "root" $ "part" "api" "own" .Values.api).
*/}}

{{- define "posthorn.image" -}}
{{- $tag := coalesce .own.imageTag .root.Values.image.tag .root.Chart.AppVersion -}}
image: {{ printf "%s:%s" .root.Values.image.repository $tag | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{- end -}}

{{/* The image's user `node`; nothing is written to the disk of a pod. */}}
{{- define "posthorn.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "posthorn.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The keys of one process: a worker never gets the root key. */}}
{{- define "posthorn.env" -}}
{{- $secret := include "posthorn.secretName" .root -}}
{{- range $name := ternary (list "REDIS_URL" "POSTHORN_ENCRYPTION_KEYS" "POSTHORN_ROOT_KEY") (list "REDIS_URL" "POSTHORN_ENCRYPTION_KEYS") (eq .part "api") }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $name }}
{{- end }}
- name: {{ ternary "PORT" "POSTHORN_WORKER_PORT" (eq .part "api") }}
  value: {{ include "posthorn.port" . | quote }}
- name: POSTHORN_SHUTDOWN_TIMEOUT
  value: {{ printf "%ds" (int .root.Values.shutdownTimeoutSeconds) | quote }}
{{- range $name, $value := merge (dict) .own.env .root.Values.env }}
- name: {{ $name }}
  value: {{ include "posthorn.text" $value | quote }}
{{- end }}
{{- end -}}

{{/* Whole numbers in YAML are floats to a template; past a million they would be written 1e+06. */}}
{{- define "posthorn.text" -}}
{{- if kindIs "float64" . -}}
{{- ternary (printf "%.0f" .) (toString .) (eq (floor .) .) -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{- define "posthorn.port" -}}
{{- ternary "3000" "3001" (eq .part "api") -}}
{{- end -}}

{{/* A changed Secret of the chart's restarts the pods: a process reads its environment once. */}}
{{- define "posthorn.podMetadata" -}}
labels:
  {{- include "posthorn.labels" . | nindent 2 }}
  {{- with .own.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- if or .own.podAnnotations (not .root.Values.secret.existing) }}
annotations:
  {{- if not .root.Values.secret.existing }}
  checksum/secret: {{ include (print .root.Template.BasePath "/secret.yaml") .root | sha256sum }}
  {{- end }}
  {{- with .own.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "posthorn.placement" -}}
{{- with .own.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .own.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .own.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .own.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .own.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* Starting takes a second; Redis may be away for longer, and a restart would not bring it back. */}}
{{- define "posthorn.readiness" -}}
readinessProbe:
  httpGet:
    path: /readyz
    port: http
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end -}}

{{- define "posthorn.podHead" -}}
serviceAccountName: {{ include "posthorn.serviceAccountName" .root }}
automountServiceAccountToken: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "posthorn.podSecurity" . | nindent 2 }}
{{- include "posthorn.placement" . }}
{{- end -}}
