{{/* Where pods may connect to, as entries of a NetworkPolicy. */}}
{{- define "flexedit.np.peers" -}}
{{- with . }}
to:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
{{- define "flexedit.np.dns" -}}
- ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
{{- end -}}
{{- define "flexedit.np.rabbitmq" -}}
{{- if eq .Values.rabbitmq.source "operator" }}
- to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: {{ include "flexedit.rabbitmq.name" . }} } } }]
  ports: [{ protocol: TCP, port: 5672 }]
{{- else }}
- ports: [{ protocol: TCP, port: {{ .Values.rabbitmq.external.port }} }]
  {{- include "flexedit.np.peers" .Values.networkPolicy.rabbitmq | nindent 2 }}
{{- end }}
{{- end -}}
{{- define "flexedit.np.postgres" -}}
{{- if eq .Values.postgres.source "operator" }}
- to: [{ podSelector: { matchLabels: { cnpg.io/cluster: {{ include "flexedit.postgres.name" . }} } } }]
  ports: [{ protocol: TCP, port: 5432 }]
{{- else }}
- ports: [{ protocol: TCP, port: {{ .Values.postgres.external.port }} }]
  {{- include "flexedit.np.peers" .Values.networkPolicy.postgres | nindent 2 }}
{{- end }}
{{- end -}}
{{- define "flexedit.np.common" -}}
{{ include "flexedit.np.dns" . }}
{{- include "flexedit.np.rabbitmq" . }}
- ports: [{ protocol: TCP, port: {{ .Values.networkPolicy.s3Port }} }]
  {{- include "flexedit.np.peers" .Values.networkPolicy.s3 | nindent 2 }}
{{- with .Values.telemetry.otlpEndpoint }}
- ports: [{ protocol: TCP, port: {{ regexFind "[0-9]+$" . | default "4318" }} }]
  {{- include "flexedit.np.peers" $.Values.networkPolicy.otlp | nindent 2 }}
{{- end }}
{{- end -}}
{{- define "flexedit.np.storage" -}}
- to: [{ podSelector: { matchLabels: {
{{- include "flexedit.selector" (list . "storage") | replace "\n" ", " }} } } }]
  ports: [{ protocol: TCP, port: 8080 }]
{{- end -}}
