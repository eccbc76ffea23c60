{{- define "rollout-analyzer.labels" -}}
app.kubernetes.io/name: rollout-analyzer
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* One AnalysisTemplate: root, name, command, minutes, and whether models are asked. */ -}}
{{- define "rollout-analyzer.template" -}}
{{- $values := .root.Values -}}
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata:
  name: {{ .name }}
  labels: {{- include "rollout-analyzer.labels" .root | nindent 4 }}
spec:
  metrics:
    - name: {{ .name }}
      count: 1
      failureLimit: 0
      provider:
        job:
          spec:
            # All tries, the back-off between them and pulling the image: the analyzer's own deadline must fire first.
            activeDeadlineSeconds: {{ add (mul (add $values.backoffLimit 1) .minutes 60) 300 }}
            backoffLimit: {{ $values.backoffLimit }}
            podFailurePolicy:
              rules:
                - action: Ignore
                  onPodConditions:
                    - {type: DisruptionTarget, status: "True"}
                - action: FailJob
                  onExitCodes: {containerName: analyzer, operator: In, values: [2, 3, 4]}
                - action: Count
                  onExitCodes: {containerName: analyzer, operator: In, values: [1, 5]}
            template:
              metadata:
                labels:
                  app.kubernetes.io/name: rollout-analyzer
                  sidecar.istio.io/inject: "false"
                annotations:
                  linkerd.io/inject: disabled
              spec:
                serviceAccountName: {{ $values.serviceAccount.name }}
                automountServiceAccountToken: true
                restartPolicy: Never
                enableServiceLinks: false
                {{- with $values.image.pullSecrets }}
                imagePullSecrets:
                  {{- range . }}
                  - name: {{ . }}
                  {{- end }}
                {{- end }}
                securityContext:
                  runAsNonRoot: true
                  seccompProfile: {type: RuntimeDefault}
                containers:
                  - name: analyzer
                    image: "{{ $values.image.repository }}:{{ $values.image.tag | default .root.Chart.AppVersion }}"
                    {{- with $values.image.pullPolicy }}
                    imagePullPolicy: {{ . }}
                    {{- end }}
                    args:
                      - {{ .command }}
                      - --deadline={{ .minutes }}m
                      {{- if $values.config }}
                      - --config=/etc/rollout-analyzer/config.yaml
                      {{- end }}
                      {{- if and .models $values.writes.pause }}
                      - --on-inconclusive=pause
                      {{- end }}
                      {{- if $values.writes.save }}
                      - --save=configmap:{{ $values.serviceAccount.name }}
                      {{- end }}
                    env:
                      {{- if not $values.writes.announce }}
                      - {name: ROLLOUT_ANALYZER_EFFECT, value: none}
                      {{- end }}
                      - name: POD_NAME
                        valueFrom: {fieldRef: {fieldPath: metadata.name}}
                      - name: POD_NAMESPACE
                        valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
                      {{- if .models }}
                      - name: GEMINI_API_KEY
                        valueFrom: {secretKeyRef: {name: {{ $values.secret }}, key: gemini-api-key, optional: true}}
                      {{- with $values.env }}
                      {{- toYaml . | nindent 22 }}
                      {{- end }}
                      {{- end }}
                    terminationMessagePolicy: FallbackToLogsOnError
                    securityContext:
                      allowPrivilegeEscalation: false
                      readOnlyRootFilesystem: true
                      capabilities: {drop: [ALL]}
                    resources: {{- toYaml $values.resources | nindent 22 }}
                    volumeMounts:
                      - {name: tmp, mountPath: /tmp}
                      {{- if $values.config }}
                      - {name: config, mountPath: /etc/rollout-analyzer, readOnly: true}
                      {{- end }}
                volumes:
                  - name: tmp
                    emptyDir: {sizeLimit: 64Mi}
                  {{- if $values.config }}
                  - name: config
                    configMap: {name: {{ $values.serviceAccount.name }}-config}
                  {{- end }}
{{- end }}
