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
- { name: FLEXEDIT__Internal__TokenFile, value: /etc/flexedit/secrets/internal-token }
{{- if ne $service "storage" }}
- { name: FLEXEDIT__Internal__StorageUrl, value: "http://{{ $full }}-storage:8080" }
{{- end }}
- { name: FLEXEDIT__Bus__Transport, value: rabbitmq }
{{- if eq .rabbitmq.source "operator" }}
- { name: FLEXEDIT__Bus__RabbitMq, value: "amqp://{{ include "flexedit.rabbitmq.name" $root }}:5672/{{ .rabbitmq.vhost | trimPrefix "/" | urlquery }}" }
{{- else }}
- { name: FLEXEDIT__Bus__RabbitMq, value: "{{ .rabbitmq.external.scheme }}://{{ .rabbitmq.external.host }}:{{ .rabbitmq.external.port }}/{{ .rabbitmq.vhost | trimPrefix "/" | urlquery }}" }
{{- end }}
- { name: FLEXEDIT__Bus__RabbitMqUserFile, value: /etc/flexedit/secrets/rabbitmq-username }
- { name: FLEXEDIT__Bus__RabbitMqPasswordFile, value: /etc/flexedit/secrets/rabbitmq-password }
- { name: FLEXEDIT__Objects__Store, value: s3 }
- { name: FLEXEDIT__Objects__S3__Endpoint, value: {{ .s3.endpoint | quote }} }
{{- if .s3.publicEndpoint }}
- { name: FLEXEDIT__Objects__S3__PublicEndpoint, value: {{ .s3.publicEndpoint | quote }} }
{{- end }}
- { name: FLEXEDIT__Objects__S3__Region, value: {{ .s3.region | quote }} }
- { name: FLEXEDIT__Objects__S3__Bucket, value: {{ .s3.bucket | quote }} }
- { name: FLEXEDIT__Objects__S3__EtagIsMd5, value: {{ .s3.etagIsMd5 | quote }} }
- { name: FLEXEDIT__Objects__S3__AccessKeyFile, value: /etc/flexedit/secrets/s3-access-key }
- { name: FLEXEDIT__Objects__S3__SecretKeyFile, value: /etc/flexedit/secrets/s3-secret-key }
{{- end }}
{{- end -}}

{{/* Where the ledger is. */}}
{{- define "flexedit.ledgerEnv" -}}
{{- $secret := include "flexedit.postgres.secret" . -}}
- { name: FLEXEDIT__Storage__Database, value: postgres }
{{- with .Values.postgres }}
{{- if eq .source "operator" }}
- { name: POSTGRES_USER, valueFrom: { secretKeyRef: { name: {{ $secret }}, key: username } } }
- { name: FLEXEDIT__Storage__Postgres, value: "Host={{ include "flexedit.postgres.name" $ }}-rw;Port=5432;Database=flexedit;Username=$(POSTGRES_USER)" }
{{- else }}
- { name: POSTGRES_USER, valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ .external.secret.userKey }} } } }
- { name: FLEXEDIT__Storage__Postgres, value: "Host={{ .external.host }};Port={{ .external.port }};Database={{ .external.database }};Username=$(POSTGRES_USER){{ with .external.parameters }};{{ . }}{{ end }}" }
{{- end }}
{{- end }}
- { name: FLEXEDIT__Storage__PostgresPasswordFile, value: /etc/flexedit/secrets/postgres-password }
{{- end -}}

{{/* Where the secrets' files are. A mounted file follows its secret; an environment variable would need a restart. */}}
{{- define "flexedit.secretsMount" -}}
- { name: secrets, mountPath: /etc/flexedit/secrets, readOnly: true }
{{- end -}}

{{/* The secrets of a pod: (list root service). */}}
{{- define "flexedit.secretsVolume" -}}
{{- $root := index . 0 -}}{{- $external := eq $root.Values.rabbitmq.source "external" -}}
{{- with $root.Values -}}
- name: secrets
  projected:
    # The pod's group reads them.
    defaultMode: 0440
    sources:
      - secret: { name: {{ .internal.secret.name }}, items: [{ key: {{ .internal.secret.key }}, path: internal-token }] }
      - secret:
          name: {{ include "flexedit.rabbitmq.secret" $root }}
          items:
            - { key: {{ ternary .rabbitmq.external.secret.userKey "username" $external }}, path: rabbitmq-username }
            - { key: {{ ternary .rabbitmq.external.secret.passwordKey "password" $external }}, path: rabbitmq-password }
      - secret:
          name: {{ .s3.secret.name }}
          items:
            - { key: {{ .s3.secret.accessKey }}, path: s3-access-key }
            - { key: {{ .s3.secret.secretKey }}, path: s3-secret-key }
      {{- if eq (index $ 1) "storage" }}
      - secret: { name: {{ include "flexedit.postgres.secret" $root }}, items: [{ key: {{ ternary "password" .postgres.external.secret.passwordKey (eq .postgres.source "operator") }}, path: postgres-password }] }
      {{- with .storage.signingKeys.name }}
      - secret: { name: {{ . }}, items: [{ key: {{ $root.Values.storage.signingKeys.key }}, path: signing-keys }] }
      {{- end }}
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
