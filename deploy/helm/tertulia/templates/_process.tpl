{{/*
One of the program's processes as a Deployment, and the Service that its /metrics is found by.
(dict "root" $ "component" "worker" "port" 9464 "values" .Values.worker "env" (list …))
*/}}
{{- define "tertulia.process" -}}
{{- $root := .root -}}
{{- $name := printf "%s-%s" (include "tertulia.name" $root) .component -}}
{{- $redis := $root.Values.redis -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels: {{- include "tertulia.labels" . | nindent 4 }}
spec:
  {{- if not (dig "keda" "enabled" false .values) }}
  replicas: {{ .values.replicas | default 1 }}
  {{- end }}
  selector:
    matchLabels: {{- include "tertulia.selector" . | nindent 6 }}
  # Old and new may work side by side: what comes twice is handled once.
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
  template:
    metadata:
      labels: {{- include "tertulia.labels" . | nindent 8 }}
      annotations:
        checksum/config: {{ $root.Values.config | sha256sum }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      # Longer than worker.drain_s and the bots' drain_s.
      terminationGracePeriodSeconds: 75
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        runAsGroup: 10001
        fsGroup: 10001
        seccompProfile: {type: RuntimeDefault}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "tertulia.selector" . | nindent 14 }}
      containers:
        - name: {{ .component }}
          image: "{{ $root.Values.image.repository }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}"
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: [{{ .component }}]
          env:
            {{- if $redis.enabled }}
            - name: REDIS_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: {{ include "tertulia.redis-passwords" $root }}
                  key: password
            - name: TERTULIA_REDIS__URL
              value: redis://tertulia:$(REDIS_PASSWORD)@{{ include "tertulia.name" $root }}-redis:6379/0
            {{- end }}
            {{- range .env }}
            - name: {{ .name }}
              value: {{ .value | quote }}
            {{- end }}
          ports:
            - {name: metrics, containerPort: {{ .port }}}
            {{- range .ports }}
            - {name: {{ .name }}, containerPort: {{ .port }}}
            {{- end }}
          # A worker opens its port when Redis and the model have answered; weights take their time.
          startupProbe:
            httpGet: {path: /metrics, port: metrics}
            periodSeconds: 5
            failureThreshold: 360
          # Alive is what answers at all. What waits for Redis is not ready, and a restart is no help.
          livenessProbe:
            httpGet: {path: /metrics, port: metrics}
            periodSeconds: 20
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: {path: /healthz, port: metrics}
            periodSeconds: 5
            timeoutSeconds: 3
          resources: {{- toYaml .values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            - {name: config, mountPath: /etc/tertulia, readOnly: true}
            - {name: secrets, mountPath: /run/secrets, readOnly: true}
      volumes:
        - {name: tmp, emptyDir: {sizeLimit: 256Mi}}
        - name: config
          configMap: {name: {{ include "tertulia.name" $root }}}
        - name: secrets
          projected:
            defaultMode: 0440
            sources:
              {{- if .values.secret }}
              - secret: {name: {{ .values.secret }}}
              {{- end }}
              {{- if and (not $redis.enabled) $redis.secret }}
              - secret:
                  name: {{ $redis.secret }}
                  items: [{key: TERTULIA_REDIS__URL, path: TERTULIA_REDIS__URL}]
              {{- else if not $redis.enabled }}
              {{- fail "no Redis: set redis.enabled, or redis.secret" }}
              {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels: {{- include "tertulia.labels" . | nindent 4 }}
spec:
  clusterIP: None
  selector: {{- include "tertulia.selector" . | nindent 4 }}
  ports:
    - {name: metrics, port: {{ .port }}, targetPort: metrics}
    {{- range .ports }}
    - {name: {{ .name }}, port: {{ .port }}, targetPort: {{ .name }}}
    {{- end }}
{{- if $root.Values.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels: {{- include "tertulia.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "tertulia.selector" . | nindent 6 }}
{{- end }}
{{- end }}
