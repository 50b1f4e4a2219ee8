{{/* What a schema cannot say. */}}
{{- define "flexedit.validate" -}}
{{- $stages := dict -}}
{{- range $name, $worker := (include "flexedit.workers" . | fromYaml) -}}
{{- if gt (len (printf "%s-%s" (include "flexedit.fullname" $) $name)) 54 -}}
{{- fail (printf "workers.%s: the name is too long; with that of the release it may have 54 characters." $name) -}}
{{- end -}}
{{- if has $name (list "gateway" "storage" "migrate" "policies" "rabbitmq" "postgres") -}}
{{- fail (printf "workers.%s: choose another name, this one is taken." $name) -}}
{{- end -}}
{{- if and (eq .weights.source "pvc") (not .weights.claim) -}}{{- fail (printf "workers.%s.weights.claim: name the claim that holds the model's folder." $name) -}}{{- end -}}
{{- if and (has .weights.source (list "image" "copy")) (not .weights.image) -}}{{- fail (printf "workers.%s.weights.image: name the image that holds the model's folder." $name) -}}{{- end -}}
{{- if and .scaling.enabled (gt (int .scaling.min) (int .scaling.max)) -}}{{- fail (printf "workers.%s.scaling: min is above max." $name) -}}{{- end -}}
{{- if and .scaling.enabled (ne .scaling.trigger "work") (lt (float64 .scaling.target) (float64 .slots)) -}}
{{- fail (printf "workers.%s.scaling.target: what one process has in its slots would ask for more processes; set it to %d or more." $name (int .slots)) -}}
{{- end -}}
{{- if and .scaling.enabled (gt (int .scaling.min) 0 | not) (lt (int .scaling.cooldownSeconds) (mul 2 (int .drainSeconds))) -}}
{{- fail (printf "workers.%s.scaling.cooldownSeconds: with min 0 set it to at least twice drainSeconds." $name) -}}
{{- end -}}
{{- $_ := set $stages (printf "%s/%s" .stage .model) true -}}
{{- end -}}
{{- range list "understanding" "generation" -}}
{{- if not (hasKey $stages (printf "%s/%s" . $.Values.models.default)) -}}
{{- fail (printf "No worker does the %s of models.default '%s'." . $.Values.models.default) -}}
{{- end -}}
{{- end -}}
{{- with .Values.content -}}
{{- if and (eq .source "pvc") (not .claim) -}}{{- fail "content.claim: name the claim that holds the classifier's file." -}}{{- end -}}
{{- if and (eq .source "image") (not .image) -}}{{- fail "content.image: name the image that holds the classifier's file." -}}{{- end -}}
{{- if and (ne .source "none") (not .sha256) -}}{{- fail "content.sha256: say what 'sha256sum' says of the classifier's file." -}}{{- end -}}
{{- end -}}
{{- end -}}
