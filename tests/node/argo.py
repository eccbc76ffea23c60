"""What Argo's controller makes, made in its place: a Rollout in mid-canary, its ReplicaSets, an AnalysisRun,
and the Job of its metric.
"""

import copy
import json
from typing import Any

from tests.node.cluster import create, kubectl

Json = dict[str, Any]

ARGO = "argoproj.io/v1alpha1"
HASH_LABEL = "rollouts-pod-template-hash"
HASHES = {"stable": "6d5f8c7b9d", "canary": "7c9b64f5d8"}
BACKGROUND = {"rollout-type": "Background"}  # labels of an AnalysisRun
PRE_PROMOTION, POST_PROMOTION = {"rollout-type": "PrePromotion"}, {"rollout-type": "PostPromotion"}
ANALYZER = "localhost/rollout-analyzer:test"  # what tests/node/image builds


def pod_template(
    labels: Json, *options: str, version: str, image: str = "", port: int = 8080, memory: str = "64Mi"
) -> Json:
    """Of the shop's service, in a version; with options, which do what they say."""
    container = {
        "name": "cart",
        "image": image or f"localhost/cart:{version}",
        "args": list(options),
        "ports": [{"containerPort": 8080}],
        "readinessProbe": {
            "httpGet": {"path": "/healthz", "port": port},
            "periodSeconds": 1,
            "timeoutSeconds": 10,  # of a busy machine, on which nothing is wrong with the pod
            "failureThreshold": 3,
        },
        "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}, "limits": {"memory": memory}},
    }
    return {
        "metadata": {"labels": labels},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 1, "dnsPolicy": "Default"},
    }


def made(thing: Json) -> Json:
    """The thing as the API server has it once it is made."""
    found: Json = json.loads(kubectl("create", "-o", "json", "-f", "-", stdin=thing))
    return found


def rollout(namespace: str, strategy: Json, template: Json, replicas: int, name: str = "cart") -> Json:
    """The Rollout, of the pods labelled `app: NAME`."""
    spec = {
        "replicas": replicas,
        "selector": {"matchLabels": {"app": name}},
        "strategy": strategy,
        "template": template,
    }
    return {
        "apiVersion": ARGO,
        "kind": "Rollout",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


def set_status(namespace: str, name: str = "cart", **status: object) -> None:
    """What the controller says of the Rollout."""
    patch = json.dumps({"status": status})
    kubectl("patch", "rollout", name, "-n", namespace, "--subresource=status", "--type=merge", "-p", patch)


def replica_set(owner: Json, name: str, pod_hash: str, template: Json, replicas: int) -> Json:
    """One version's, with the hash that Argo puts on it and on its pods."""
    template = copy.deepcopy(template)
    template["metadata"]["labels"][HASH_LABEL] = pod_hash
    labels = template["metadata"]["labels"]
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": name,
            "namespace": owner["metadata"]["namespace"],
            "labels": labels,
            "ownerReferences": owned_by(owner),
        },
        "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template},
    }


def owned_by(owner: Json) -> list[Json]:
    """The reference of a controller to what is its own."""
    metadata = owner["metadata"]
    return [
        {
            "apiVersion": owner["apiVersion"],
            "kind": owner["kind"],
            "name": metadata["name"],
            "uid": metadata["uid"],
            "controller": True,
        }
    ]


def step(index: int) -> Json:
    """The labels of the AnalysisRun of a step."""
    return {"rollout-type": "Step", "step-index": str(index)}


def analyze(
    namespace: str, owner: Json | None, template: Json, labels: Json, name: str, environment: dict[str, str]
) -> str:
    """The name of the Job of the AnalysisRun that Argo makes of a template, both made."""
    run = made(analysis_run(namespace, owner, template, labels, name))
    measurement = job(run, environment)
    create(measurement)
    made_as: str = measurement["metadata"]["name"]
    return made_as


def analysis_run(namespace: str, owner: Json | None, template: Json, labels: Json, name: str) -> Json:
    """The AnalysisRun, its Job about to run. One without an owner is made by hand."""
    metadata = {
        "name": name,
        "namespace": namespace,
        "labels": labels,
        "ownerReferences": owned_by(owner) if owner else [],
    }
    (metric,) = template["spec"]["metrics"]
    status = {"phase": "Running", "metricResults": [{"name": metric["name"], "phase": "Running"}]}
    return {
        "apiVersion": ARGO,
        "kind": "AnalysisRun",
        "metadata": metadata,
        "spec": template["spec"],
        "status": status,
    }


def job(asking: Json, environment: dict[str, str], image: str = ANALYZER) -> Json:
    """The Job that Argo makes of the AnalysisRun's metric; with our image, and options in the environment."""
    (metric,) = asking["spec"]["metrics"]
    uid, namespace = asking["metadata"]["uid"], asking["metadata"]["namespace"]
    notes = {"name": asking["metadata"]["name"], "namespace": namespace, "metric-name": metric["name"]}
    metadata = {
        "name": f"{uid}.{metric['name']}.1",
        "namespace": namespace,
        "labels": {"analysisrun.argoproj.io/uid": uid},
        "annotations": {f"analysisrun.argoproj.io/{key}": value for key, value in notes.items()},
        "ownerReferences": owned_by(asking),
    }
    spec = copy.deepcopy(metric["provider"]["job"]["spec"])
    container = spec["template"]["spec"]["containers"][0]
    container |= {"image": image, "imagePullPolicy": "Never"}
    container["resources"]["requests"]["cpu"] = "50m"  # a node of two cores takes the whole walk at once
    container["env"] += [
        {"name": f"ROLLOUT_ANALYZER_{key}", "value": value} for key, value in environment.items()
    ]
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec | {"backoffLimit": 1}}
