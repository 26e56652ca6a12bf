{{/* The name of everything here, without the part's own. */}}
{{- define "posthorn.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "posthorn.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "posthorn.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "posthorn.secretName" -}}
{{- default (include "posthorn.fullname" .) .Values.secret.existing -}}
{{- end -}}

{{/* What never changes: selectors are made of it. Takes (dict "root" $ "part" "api"). */}}
{{- define "posthorn.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end -}}

{{- define "posthorn.labels" -}}
{{ include "posthorn.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/*
What each scraped series says of where it comes from. Alerts know the jobs by these names, whatever the release is
called; the query of the autoscaler tells releases of one namespace apart. Takes (dict "root" $ "part" "api").
*/}}
{{- define "posthorn.scrapeLabels" -}}
- targetLabel: namespace
  replacement: {{ .root.Release.Namespace }}
- targetLabel: release
  replacement: {{ .root.Release.Name }}
- targetLabel: job
  replacement: posthorn-{{ .part }}
{{- end -}}
