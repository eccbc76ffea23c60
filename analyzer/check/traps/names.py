"""The names of the fields that Argo Rollouts and Kubernetes know, in the checked parts of a manifest.

A field is NAME, or NAME:PART if it holds another part of this table (or a list of it), or NAME:TYPE if it
must be an `int`, a `bool` or `text` (or a list or a mapping of those). A field with neither is not checked
further. The table is that of the CRDs of Argo Rollouts which hold the Job of Kubernetes 1.34; a test compares
them.
"""

TYPES = ("int", "bool", "text")

_FIELDS = {
    "AnalysisTemplate": "apiVersion kind metadata:metadata status spec:template",
    "ClusterAnalysisTemplate": "apiVersion kind metadata:metadata status spec:template",
    "AnalysisRun": "apiVersion kind metadata:metadata status spec:analysis_run",
    "Rollout": "apiVersion kind metadata:metadata status spec:rollout",
    "Experiment": "apiVersion kind metadata:metadata status spec:experiment",
    "metadata": (
        "name:text generateName namespace:text labels:text annotations:text finalizers ownerReferences "
        "creationTimestamp deletionTimestamp deletionGracePeriodSeconds generation resourceVersion uid "
        "managedFields selfLink"
    ),
    "labels": "labels:text annotations:text",
    # an analysis
    "template": "metrics:metric args:argument dryRun:rule measurementRetention:retention templates:reference",
    "analysis_run": (
        "metrics:metric args:argument dryRun:rule measurementRetention:retention terminate:bool ttlStrategy"
    ),
    "reference": "templateName:text clusterScope:bool",
    "argument": "name:text value:text valueFrom:value_of_an_argument",
    "value_of_an_argument": "secretKeyRef fieldRef",
    "rule": "metricName:text",
    "retention": "metricName:text limit",
    "metric": (
        "name:text interval:text initialDelay:text count successCondition:text "
        "failureCondition:text failureLimit inconclusiveLimit consecutiveErrorLimit consecutiveSuccessLimit "
        "provider:provider"
    ),
    "provider": (
        "prometheus kayenta web datadog wavefront newRelic job:provider_job cloudWatch graphite influxdb"
        " skywalking plugin"
    ),
    # its Job
    "provider_job": "metadata:metadata spec:job",
    "job": (
        "activeDeadlineSeconds:int backoffLimit:int backoffLimitPerIndex completionMode "
        "completions:int managedBy manualSelector maxFailedIndexes parallelism:int "
        "podFailurePolicy:failure_policy podReplacementPolicy selector successPolicy suspend:bool "
        "template:pod_template ttlSecondsAfterFinished:int"
    ),
    "failure_policy": "rules:failure_rule",
    "failure_rule": "action onExitCodes:exit_codes onPodConditions:condition",
    "exit_codes": "containerName operator values",
    "condition": "type status",
    "pod_template": "metadata:metadata spec:pod",
    "pod": (
        "activeDeadlineSeconds:int affinity automountServiceAccountToken:bool containers:container "
        "dnsConfig dnsPolicy enableServiceLinks:bool ephemeralContainers hostAliases hostIPC "
        "hostNetwork:bool hostPID hostUsers hostname hostnameOverride imagePullSecrets "
        "initContainers:container nodeName nodeSelector os overhead preemptionPolicy priority "
        "priorityClassName readinessGates resourceClaims resources restartPolicy:text runtimeClassName "
        "schedulerName schedulingGates securityContext serviceAccount:text serviceAccountName:text "
        "setHostnameAsFQDN:bool shareProcessNamespace subdomain terminationGracePeriodSeconds:int "
        "tolerations topologySpreadConstraints volumes"
    ),
    "container": (
        "name:text image:text imagePullPolicy command:text args:text env:variable envFrom:variables "
        "resources:resources volumeMounts workingDir ports lifecycle livenessProbe readinessProbe "
        "startupProbe securityContext stdin stdinOnce tty terminationMessagePath terminationMessagePolicy "
        "restartPolicy restartPolicyRules resizePolicy volumeDevices"
    ),
    "variable": "name:text value:text valueFrom:value_of_a_variable",
    "value_of_a_variable": "configMapKeyRef:key fieldRef fileKeyRef resourceFieldRef secretKeyRef:key",
    "key": "name key optional:bool",
    "variables": "prefix configMapRef:source secretRef:source",
    "source": "name optional:bool",
    "resources": "limits requests claims",
    # a Rollout
    "rollout": (
        "replicas:int selector template workloadRef minReadySeconds:int revisionHistoryLimit:int paused:bool "
        "progressDeadlineSeconds:int progressDeadlineAbort:bool restartAt rollbackWindow "
        "strategy:strategy analysis:history"
    ),
    "history": "successfulRunHistoryLimit:int unsuccessfulRunHistoryLimit:int",
    "strategy": "canary:canary blueGreen:blue_green",
    "canary": (
        "abortScaleDownDelaySeconds analysis:background antiAffinity canaryMetadata:labels canaryService "
        "dynamicStableScale:bool maxSurge maxUnavailable minPodsPerReplicaSet pingPong "
        "replicaProgressThreshold scaleDownDelayRevisionLimit scaleDownDelaySeconds stableMetadata:labels "
        "stableService steps:step trafficRouting"
    ),
    "blue_green": (
        "abortScaleDownDelaySeconds activeMetadata:labels activeService antiAffinity "
        "autoPromotionEnabled:bool autoPromotionSeconds maxUnavailable postPromotionAnalysis:analysis "
        "prePromotionAnalysis:analysis previewMetadata:labels previewReplicaCount previewService "
        "scaleDownDelayRevisionLimit scaleDownDelaySeconds"
    ),
    "step": (
        "setWeight:int pause:pause setCanaryScale:scale analysis:analysis experiment:step_experiment"
        " setHeaderRoute setMirrorRoute plugin"
    ),
    "pause": "duration",
    "scale": "weight replicas matchTrafficWeight",
    "analysis": (
        "templates:reference args:argument_of_a_rollout dryRun:rule measurementRetention:retention"
        " analysisRunMetadata:labels"
    ),
    "background": (
        "templates:reference args:argument_of_a_rollout dryRun:rule measurementRetention:retention "
        "analysisRunMetadata:labels startingStep:int"
    ),
    "argument_of_a_rollout": "name:text value:text valueFrom:value_from_a_rollout",
    "argument_of_either": "name:text value:text valueFrom",
    "value_from_a_rollout": "podTemplateHashValue fieldRef",
    # an Experiment
    "experiment": (
        "templates:template_of_an_experiment analyses:analysis_of_an_experiment duration "
        "scaleDownDelaySeconds dryRun:rule analysisRunMetadata:labels measurementRetention:retention "
        "progressDeadlineSeconds terminate"
    ),
    "step_experiment": (
        "templates:template_of_an_experiment analyses:analysis_of_an_experiment duration "
        "scaleDownDelaySeconds dryRun:rule analysisRunMetadata:labels"
    ),
    "analysis_of_an_experiment": (
        "name:text templateName:text clusterScope:bool args:argument_of_either requiredForCompletion:bool"
    ),
    "template_of_an_experiment": (
        "name replicas selector service template minReadySeconds metadata:labels specRef weight"
    ),
}


def _parse_fields(fields: str) -> dict[str, str]:
    return {name: part for name, _, part in (field.partition(":") for field in fields.split())}


FIELDS: dict[str, dict[str, str]] = {part: _parse_fields(fields) for part, fields in _FIELDS.items()}
