{{/* Environment of every container: (list root component service shutdownSeconds). */}}
{{- define "flexedit.env" -}}
{{- $root := index . 0 -}}{{- $component := index . 1 -}}{{- $service := index . 2 -}}{{- $shutdown := index . 3 -}}
{{- $full := include "flexedit.fullname" $root -}}
{{- with $root.Values -}}
- { name: ASPNETCORE_URLS, value: "http://0.0.0.0:8080" }
- { name: ASPNETCORE_ENVIRONMENT, value: Production }
- { name: DOTNET_EnableDiagnostics, value: "0" }
- { name: HOME, value: /tmp }
- { name: TMPDIR, value: /tmp }
- { name: FLEXEDIT__Logging__Format, value: json }
- { name: FLEXEDIT__Telemetry__Url, value: "http://0.0.0.0:9464" }
- { name: FLEXEDIT__Host__ShutdownTimeout, value: {{ include "flexedit.span" $shutdown | quote }} }
{{- if .telemetry.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .telemetry.otlpEndpoint | quote }} }
- { name: OTEL_EXPORTER_OTLP_PROTOCOL, value: http/protobuf }
- { name: OTEL_TRACES_SAMPLER, value: parentbased_traceidratio }
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ .telemetry.sample | toString | quote }} }
- { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
- { name: OTEL_RESOURCE_ATTRIBUTES, value: "service.namespace=flexedit,k8s.pod.name=$(POD_NAME),k8s.namespace.name={{ $root.Release.Namespace }},flexedit.component={{ $component }}" }
{{- end }}
- { name: FLEXEDIT__Internal__Token, valueFrom: { secretKeyRef: { name: {{ .internal.secret.name }}, key: {{ .internal.secret.key }} } } }
{{- if ne $service "storage" }}
- { name: FLEXEDIT__Internal__StorageUrl, value: "http://{{ $full }}-storage:8080" }
{{- end }}
- { name: FLEXEDIT__Bus__Transport, value: rabbitmq }
{{- if eq .rabbitmq.source "operator" }}
- { name: RABBITMQ_USER, valueFrom: { secretKeyRef: { name: {{ include "flexedit.rabbitmq.secret" $root }}, key: username } } }
- { name: RABBITMQ_PASSWORD, valueFrom: { secretKeyRef: { name: {{ include "flexedit.rabbitmq.secret" $root }}, key: password } } }
- { name: FLEXEDIT__Bus__RabbitMq, value: "amqp://$(RABBITMQ_USER):$(RABBITMQ_PASSWORD)@{{ include "flexedit.rabbitmq.name" $root }}:5672/{{ .rabbitmq.vhost | trimPrefix "/" | urlquery }}" }
{{- else }}
- { name: RABBITMQ_USER, valueFrom: { secretKeyRef: { name: {{ .rabbitmq.external.secret.name }}, key: {{ .rabbitmq.external.secret.userKey }} } } }
- { name: RABBITMQ_PASSWORD, valueFrom: { secretKeyRef: { name: {{ .rabbitmq.external.secret.name }}, key: {{ .rabbitmq.external.secret.passwordKey }} } } }
- { name: FLEXEDIT__Bus__RabbitMq, value: "{{ .rabbitmq.external.scheme }}://$(RABBITMQ_USER):$(RABBITMQ_PASSWORD)@{{ .rabbitmq.external.host }}:{{ .rabbitmq.external.port }}/{{ .rabbitmq.vhost | trimPrefix "/" | urlquery }}" }
{{- end }}
- { name: FLEXEDIT__Objects__Store, value: s3 }
- { name: FLEXEDIT__Objects__S3__Endpoint, value: {{ .s3.endpoint | quote }} }
{{- if .s3.publicEndpoint }}
- { name: FLEXEDIT__Objects__S3__PublicEndpoint, value: {{ .s3.publicEndpoint | quote }} }
{{- end }}
- { name: FLEXEDIT__Objects__S3__Region, value: {{ .s3.region | quote }} }
- { name: FLEXEDIT__Objects__S3__Bucket, value: {{ .s3.bucket | quote }} }
- { name: FLEXEDIT__Objects__S3__EtagIsMd5, value: {{ .s3.etagIsMd5 | quote }} }
- { name: FLEXEDIT__Objects__S3__AccessKey, valueFrom: { secretKeyRef: { name: {{ .s3.secret.name }}, key: {{ .s3.secret.accessKey }} } } }
- { name: FLEXEDIT__Objects__S3__SecretKey, valueFrom: { secretKeyRef: { name: {{ .s3.secret.name }}, key: {{ .s3.secret.secretKey }} } } }
{{- end }}
{{- end -}}

{{/* Where the ledger is. */}}
{{- define "flexedit.ledgerEnv" -}}
{{- $secret := include "flexedit.postgres.secret" . -}}
- { name: FLEXEDIT__Storage__Database, value: postgres }
{{- with .Values.postgres }}
{{- if eq .source "operator" }}
- { name: POSTGRES_USER, valueFrom: { secretKeyRef: { name: {{ $secret }}, key: username } } }
- { name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: {{ $secret }}, key: password } } }
- { name: FLEXEDIT__Storage__Postgres, value: "Host={{ include "flexedit.postgres.name" $ }}-rw;Port=5432;Database=flexedit;Username=$(POSTGRES_USER);Password=$(POSTGRES_PASSWORD)" }
{{- else }}
- { name: POSTGRES_USER, valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ .external.secret.userKey }} } } }
- { name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ .external.secret.passwordKey }} } } }
- { name: FLEXEDIT__Storage__Postgres, value: "Host={{ .external.host }};Port={{ .external.port }};Database={{ .external.database }};Username=$(POSTGRES_USER);Password=$(POSTGRES_PASSWORD){{ with .external.parameters }};{{ . }}{{ end }}" }
{{- end }}
{{- end }}
{{- end -}}

{{/* Settings of a section: (list section map). */}}
{{- define "flexedit.settings" -}}
{{- $section := index . 0 -}}
{{- range $name, $value := index . 1 }}
- { name: {{ printf "FLEXEDIT__%s%s" $section $name | quote }}, value: {{ $value | toString | quote }} }
{{- end }}
{{- end -}}

{{/* Seconds as hh:mm:ss. */}}
{{- define "flexedit.span" -}}
{{- $s := int . -}}
{{ printf "%02d:%02d:%02d" (div $s 3600) (mod (div $s 60) 60) (mod $s 60) }}
{{- end -}}
