{{- define "pipeline.fullname" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{/* Labels that selectors use: never to be changed. Given a list of the root and the component. */}}
{{- define "pipeline.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "pipeline.labels" -}}
{{- $root := index . 0 -}}
{{ include "pipeline.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "pipeline.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ default (include "pipeline.fullname" .) .Values.serviceAccount.name }}
{{- else }}{{ default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "pipeline.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- if $image.digest }}{{ printf "%s@%s" $image.repository $image.digest }}
{{- else }}{{ printf "%s:%s" $image.repository (default $root.Chart.AppVersion $image.tag) }}
{{- end }}
{{- end }}

{{/* Npgsql takes the password from PGPASSWORD, so that the string holds none; the images have no Kerberos, which it would look for. Given a list of the root and the user. */}}
{{- define "pipeline.connection" -}}
{{- $database := (index . 0).Values.database -}}
{{- $modes := dict "disable" "Disable" "allow" "Allow" "prefer" "Prefer" "require" "Require" "verify-ca" "VerifyCA" "verify-full" "VerifyFull" -}}
Host={{ $database.host }};Port={{ int $database.port }};Database={{ $database.name }};Username={{ index . 1 }};SSL Mode={{ get $modes $database.sslMode }};GSS Encryption Mode=Disable
{{- with $database.parameters }};{{ . }}{{ end }}
{{- end }}

{{/* Environment of API and worker. */}}
{{- define "pipeline.env" -}}
- name: PIPELINE_STORAGE
  value: postgres
- name: PIPELINE_CONNECTIONSTRINGS__HANGFIRE
  value: {{ include "pipeline.connection" (list . .Values.database.username) | quote }}
- name: PGPASSWORD
  valueFrom: { secretKeyRef: { name: {{ .Values.database.existingSecret }}, key: {{ .Values.database.passwordKey }} } }
- name: PIPELINE_PLACES__LOCAL
  value: {{ join ";" .Values.places.local | default "none" | quote }}
- name: PIPELINE_PLACES__MODELS
  value: {{ prepend .Values.places.models .Values.model.mountPath | join ";" | quote }}
- name: PIPELINE_PREPARESCHEMA
  value: {{ not .Values.schemaJob.enabled | quote }}
{{- with .Values.s3 }}
{{- if .endpoint }}
- name: PIPELINE_S3__ENDPOINT
  value: {{ .endpoint | quote }}
{{- end }}
{{- if .region }}
- name: PIPELINE_S3__REGION
  value: {{ .region | quote }}
{{- end }}
{{- if .existingSecret }}
- name: PIPELINE_S3__ACCESSKEY
  valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .accessKeyKey }} } }
- name: PIPELINE_S3__SECRETKEY
  valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .secretKeyKey }} } }
{{- end }}
{{- end }}
{{- end }}

{{/* Parts of a pod that API and worker share. Given a list of the root and the component's values. */}}
{{- define "pipeline.pod" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
serviceAccountName: {{ include "pipeline.serviceAccount" $root }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext: {{- toYaml $root.Values.podSecurityContext | nindent 2 }}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.topologySpreadConstraints }}
topologySpreadConstraints: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Both processes answer the same probes; readiness asks the database and waits five seconds for it. */}}
{{- define "pipeline.probes" -}}
startupProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 3
  timeoutSeconds: 6
  failureThreshold: 40
livenessProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 15
  timeoutSeconds: 10
  failureThreshold: 4
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 10
  timeoutSeconds: 6
  failureThreshold: 3
{{- end }}

{{/* Whole numbers without an exponent: Helm reads every number as a floating one. */}}
{{- define "pipeline.scalar" -}}
{{- if kindIs "float64" . }}{{ if eq . (floor .) }}{{ int64 . }}{{ else }}{{ . }}{{ end }}{{ else }}{{ . }}{{ end }}
{{- end }}
