"""What stands outside the cluster, on this machine as pods reach it: servers over HTTPS, and how a Job is led to
them.
"""

import copy
import ssl
import subprocess
from pathlib import Path
from typing import Any

Json = dict[str, Any]

HOST = "10.77.0.2"  # this machine, as pods reach it


def certify(folder: Path) -> Path:
    """Write a certificate of this machine, and its key beside it. Return the certificate's path."""
    path = folder / "outside.crt"
    subject = ["-subj", "/CN=outside", "-addext", f"subjectAltName=IP:{HOST}", "-days", "2", "-nodes"]
    made = ["-newkey", "rsa:2048", "-keyout", str(path.with_suffix(".key")), "-out", str(path)]
    subprocess.run(["openssl", "req", "-x509", *made, *subject], check=True, capture_output=True)
    return path


def serving(certificate: Path) -> ssl.SSLContext:
    """Return what a server needs to speak TLS with a certificate of `certify`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context


def with_environment(template: Json, **environment: str) -> Json:
    """Return a template whose Job has these variables, too, or in place of its own."""
    template = copy.deepcopy(template)
    (container,) = _pod(template)["containers"]
    container["env"] = [
        *(variable for variable in container["env"] if variable["name"] not in environment),
        *({"name": name, "value": value} for name, value in environment.items()),
    ]
    return template


def with_files(template: Json, configmap: str) -> Json:
    """Return a template whose Job has a ConfigMap's files in /outside."""
    template = copy.deepcopy(template)
    pod = _pod(template)
    pod["containers"][0]["volumeMounts"].append({"name": "outside", "mountPath": "/outside"})
    pod["volumes"].append({"name": "outside", "configMap": {"name": configmap}})
    return template


def _pod(template: Json) -> Json:
    pod: Json = template["spec"]["metrics"][0]["provider"]["job"]["spec"]["template"]["spec"]
    return pod
