{{/* Names and labels. */}}

{{- define "tertulia.name" -}}
{{- if contains "tertulia" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-tertulia" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* What a component's pods are found by: (dict "root" $ "component" "worker"). */}}
{{- define "tertulia.selector" -}}
app.kubernetes.io/name: tertulia
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "tertulia.labels" -}}
{{ include "tertulia.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "tertulia.redis-passwords" -}}
{{ .Values.redis.passwords | default (printf "%s-redis" (include "tertulia.name" .)) }}
{{- end }}

{{- define "tertulia.model-url" -}}
{{- if .Values.model.url -}}
{{ .Values.model.url }}
{{- else if not .Values.vllm.enabled -}}
{{ fail "no model: set model.url, or vllm.enabled" }}
{{- else if gt (int .Values.vllm.replicas) 1 -}}
http://{{ include "tertulia.name" . }}-router:8000/v1
{{- else -}}
http://{{ include "tertulia.name" . }}-vllm:8000/v1
{{- end }}
{{- end }}
