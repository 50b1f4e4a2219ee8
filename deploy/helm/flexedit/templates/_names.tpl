{{- define "flexedit.fullname" -}}
{{- if .Values.fullnameOverride -}}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{/* Labels that select: never changed. Takes (list root component). */}}
{{- define "flexedit.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "flexedit.labels" -}}
{{- $root := index . 0 -}}
{{ include "flexedit.selector" . }}
app.kubernetes.io/part-of: flexedit
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- with $root.Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels of pods: without versions, so that a new chart that changes nothing in a pod restarts none. */}}
{{- define "flexedit.podLabels" -}}
{{ include "flexedit.selector" . }}
app.kubernetes.io/part-of: flexedit
{{- with (index . 0).Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Image of a service: (list root name). */}}
{{- define "flexedit.image" -}}
{{- $root := index . 0 -}}{{- $name := index . 1 -}}
{{- $digest := get $root.Values.image.digests $name -}}
{{ $root.Values.image.registry }}/{{ $name }}{{ if $digest }}@{{ $digest }}{{ else }}:{{ default $root.Chart.AppVersion $root.Values.image.tag }}{{ end }}
{{- end -}}

{{/* Names of other parts. */}}
{{- define "flexedit.rabbitmq.name" -}}{{ include "flexedit.fullname" . }}-rabbitmq{{- end -}}
{{- define "flexedit.postgres.name" -}}{{ include "flexedit.fullname" . }}-postgres{{- end -}}
{{- define "flexedit.rabbitmq.secret" -}}
{{- if eq .Values.rabbitmq.source "operator" -}}{{ include "flexedit.rabbitmq.name" . }}-default-user{{- else -}}{{ .Values.rabbitmq.external.secret.name }}{{- end -}}
{{- end -}}
{{- define "flexedit.rabbitmq.managementUrl" -}}
{{- if eq .Values.rabbitmq.source "operator" -}}http://{{ include "flexedit.rabbitmq.name" . }}.{{ .Release.Namespace }}.svc:15672{{- else -}}{{ trimSuffix "/" .Values.rabbitmq.external.managementUrl }}{{- end -}}
{{- end -}}
{{- define "flexedit.postgres.secret" -}}
{{- if eq .Values.postgres.source "operator" -}}{{ include "flexedit.postgres.name" . }}-app{{- else -}}{{ .Values.postgres.external.secret.name }}{{- end -}}
{{- end -}}

{{/* The workers with their defaults, as YAML of a map; only enabled ones. */}}
{{- define "flexedit.workers" -}}
{{- $all := dict -}}
{{- range $name, $worker := .Values.workers -}}
{{- $whole := mergeOverwrite (deepCopy $.Values.workerDefaults) (default dict $worker) -}}
{{- if $whole.enabled -}}{{- $_ := set $all $name $whole -}}{{- end -}}
{{- end -}}
{{- toYaml $all -}}
{{- end -}}

{{/* Text of a model's card: (list root id). */}}
{{- define "flexedit.card" -}}
{{- $root := index . 0 -}}{{- $id := index . 1 -}}
{{- $text := default ($root.Files.Get (printf "cards/%s.json" $id)) (get $root.Values.models.cards $id) -}}
{{- if not $text -}}{{ fail (printf "There is no card of the model '%s': give it with --set-file models.cards.%s=card.json." $id $id) }}{{- end -}}
{{- $text -}}
{{- end -}}

{{/* Ids of the models that workers serve, in order, as YAML of a list. */}}
{{- define "flexedit.models" -}}
{{- $ids := list -}}
{{- range $name, $worker := (include "flexedit.workers" . | fromYaml) -}}{{- $ids = append $ids $worker.model -}}{{- end -}}
{{- $ids | uniq | sortAlpha | toYaml -}}
{{- end -}}

{{/* Data of the cards' ConfigMap. */}}
{{- define "flexedit.cards" -}}
{{- range include "flexedit.models" . | fromYamlArray }}
{{ . }}.json: {{ include "flexedit.card" (list $ .) | quote }}
{{- end }}
{{- end -}}
