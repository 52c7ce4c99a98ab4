{{/* Who may call the API. */}}
{{- define "pipeline.auth" -}}
{{- with .Values.auth }}
- name: PIPELINE_AUTH__REQUIRED
  value: "true"
{{- if .existingSecret }}
- name: PIPELINE_AUTH__ADMINKEY
  valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .adminKeyKey }} } }
{{- end }}
{{- with .oidc }}
{{- if .authority }}
- name: PIPELINE_AUTH__AUTHORITY
  value: {{ .authority | quote }}
- name: PIPELINE_AUTH__AUDIENCE
  value: {{ .audience | quote }}
- name: PIPELINE_AUTH__SCOPECLAIM
  value: {{ .scopeClaim | quote }}
{{- with .tenantClaim }}
- name: PIPELINE_AUTH__TENANTCLAIM
  value: {{ . | quote }}
{{- end }}
{{- range $scope, $name := .scopeNames }}
- name: PIPELINE_AUTH__SCOPENAMES__{{ $scope }}
  value: {{ $name | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* What Prometheus shows, to the API and to workers. */}}
{{- define "pipeline.auth.metrics" -}}
{{- with .Values.auth }}
{{- if .existingSecret }}
- name: PIPELINE_AUTH__METRICSTOKEN
  valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .metricsTokenKey }}, optional: true } }
{{- end }}
{{- end }}
{{- end }}
