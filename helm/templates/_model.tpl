{{/* The volume with the model, where a pod finds it, and what fills it. */}}
{{- define "pipeline.model.volume" -}}
{{- with .Values.model }}
{{- if eq .source "pvc" }}
- name: model
  persistentVolumeClaim: { claimName: {{ .pvc.claimName }}, readOnly: true }
{{- else if eq .source "s3" }}
- name: model
  emptyDir: { sizeLimit: {{ .s3.sizeLimit }} }
{{- else if eq .source "image" }}
- name: model
  image: { reference: {{ .image.reference | quote }}, pullPolicy: {{ .image.pullPolicy }} }
{{- end }}
{{- end }}
{{- end }}

{{- define "pipeline.model.mount" -}}
{{- with .Values.model }}
{{- if ne .source "none" }}
- name: model
  mountPath: {{ .mountPath }}
  readOnly: true
  {{- if and (eq .source "pvc") .pvc.subPath }}
  subPath: {{ .pvc.subPath }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "pipeline.model.download" -}}
{{- if eq .Values.model.source "s3" }}
initContainers:
  - name: model
    image: {{ .Values.model.s3.image }}
    # A repeated start copies only what is missing. A checkpoint's every file must be there before the program looks.
    command: [aws, s3, sync, --no-progress, --only-show-errors, {{ .Values.model.s3.uri | quote }}, {{ printf "%s/%s" .Values.model.mountPath .Values.model.s3.name | quote }}]
    securityContext: {{- toYaml .Values.containerSecurityContext | nindent 6 }}
    env:
      - { name: HOME, value: /tmp }
      - { name: AWS_REQUEST_CHECKSUM_CALCULATION, value: when_required }
      - { name: AWS_RESPONSE_CHECKSUM_VALIDATION, value: when_required }
      {{- with .Values.s3 }}
      {{- if .endpoint }}
      - { name: AWS_ENDPOINT_URL, value: {{ .endpoint | quote }} }
      {{- end }}
      - { name: AWS_REGION, value: {{ default "us-east-1" .region }} }
      {{- if .existingSecret }}
      - name: AWS_ACCESS_KEY_ID
        valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .accessKeyKey }} } }
      - name: AWS_SECRET_ACCESS_KEY
        valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .secretKeyKey }} } }
      {{- end }}
      {{- end }}
    resources:
      requests: { cpu: 100m, memory: 256Mi }
      limits: { memory: 1Gi }
    volumeMounts:
      - { name: model, mountPath: {{ .Values.model.mountPath }} }
      - { name: tmp, mountPath: /tmp }
{{- end }}
{{- end }}
