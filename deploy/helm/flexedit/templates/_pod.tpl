{{/* Of every pod; what the Pod Security Standard "restricted" asks for. */}}
{{- define "flexedit.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .Values.podSecurity.user }}
  runAsGroup: {{ .Values.podSecurity.group }}
  fsGroup: {{ .Values.podSecurity.group }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Of every container. */}}
{{- define "flexedit.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{- define "flexedit.ports" -}}
ports:
  - { name: http, containerPort: 8080 }
  - { name: pages, containerPort: 9464 }
{{- end -}}

{{/* Probes: (list seconds-to-start). Liveness asks only whether the process answers, never whether it is busy. */}}
{{- define "flexedit.probes" -}}
startupProbe:
  httpGet: { path: /healthz/ready, port: http }
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: {{ max 1 (div (int (index . 0)) 5) }}
readinessProbe:
  httpGet: { path: /healthz/ready, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
livenessProbe:
  httpGet: { path: /healthz/live, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* Spread over zones and nodes: (list root component). */}}
{{- define "flexedit.spread" -}}
topologySpreadConstraints:
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "flexedit.selector" $ | nindent 8 }}
{{- end }}
{{- end -}}

{{/* Service account and the service for operators' pages: (list root component). */}}
{{- define "flexedit.identity" -}}
{{- $root := index . 0 -}}{{- $name := printf "%s-%s" (include "flexedit.fullname" $root) (index . 1) -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  labels:
    {{- include "flexedit.labels" . | nindent 4 }}
automountServiceAccountToken: false
---
# Metrics, and at storage the outstanding work; never behind an Ingress.
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}-pages
  labels:
    {{- include "flexedit.labels" . | nindent 4 }}
    flexedit.dev/pages: "true"
spec:
  type: ClusterIP
  {{- if ne (index . 1) "storage" }}
  clusterIP: None
  {{- end }}
  selector:
    {{- include "flexedit.selector" . | nindent 4 }}
  ports:
    - { name: pages, port: 9464, targetPort: pages }
{{- end -}}

{{/* Disruption budget: (list root component maxUnavailable). */}}
{{- define "flexedit.budget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "flexedit.fullname" (index . 0) }}-{{ index . 1 }}
  labels:
    {{- include "flexedit.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ index . 2 }}
  # A pod that is not ready serves nobody: it does not hold up the maintenance of its node.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "flexedit.selector" . | nindent 6 }}
{{- end -}}
