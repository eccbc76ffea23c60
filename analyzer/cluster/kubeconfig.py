"""The way to a cluster, as kubectl finds it: a kubeconfig, or the service account of the pod this runs in.

Beside this package's client the only module that knows the Kubernetes client, here its loaders: `load_config()` would print to
standard output, and write refreshed tokens into the person's kubeconfig.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.errors import UsageError

if TYPE_CHECKING:
    from kubernetes.client.configuration import Configuration

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
CHECK = "kubectl config view --minify must work with it"
OWNER = 'run as the one who may: in a container, docker run --user "$(id -u):$(id -g)"'
_PLUGIN_MISSING = re.compile(r"No such file or directory: '(?P<name>[^']+)'")


def load(kubeconfig: str, context: str) -> "tuple[Configuration, str]":
    """The SDK's configuration, credentials included, and the namespace it names, or "".

    The file asked for, else $KUBECONFIG (several files are merged), else ~/.kube/config, else the service account.
    Raises UsageError. A credential plugin runs as long as it likes: bound the call.
    """
    files = _files(kubeconfig)
    if files:
        return _from_files(files, context)
    if context:
        raise UsageError(f"no kubeconfig, so no context {context!r}", advice="give --kubeconfig FILE or set KUBECONFIG")
    if in_pod():
        return own()
    raise UsageError("no kubeconfig, and this is no pod with a service account", advice="give --kubeconfig FILE or set KUBECONFIG")


def in_pod() -> bool:
    """Whether this is a pod that may ask its own cluster."""
    return "KUBERNETES_SERVICE_HOST" in os.environ and (SERVICE_ACCOUNT / "token").exists()


def _files(asked: str) -> tuple[Path, ...]:
    """The files to merge. kubectl skips the missing ones of several; a name that was given and leads to none is an error."""
    named = asked or os.environ.get("KUBECONFIG", "")
    names = [asked] if asked else named.split(os.pathsep) if named else ["~/.kube/config"]
    files = tuple(path for name in names if name and (path := _file(name)))
    if named and not files:
        raise UsageError(f"no such kubeconfig: {named}", advice="check --kubeconfig or KUBECONFIG; in a container the file must be mounted")
    for path in files:
        if not os.access(path, os.R_OK):
            raise UsageError(f"the kubeconfig {path} may not be read: permission denied", advice=OWNER)
    return files


def _file(name: str) -> Path | None:
    """The file of that name; None where there is none, or none that could be seen: a folder is closed, or nobody's home is known."""
    try:
        path = Path(name).expanduser()
        return path if path.is_file() else None
    except (PermissionError, RuntimeError):
        return None


def _from_files(files: tuple[Path, ...], context: str) -> "tuple[Configuration, str]":
    from kubernetes.client.configuration import Configuration
    from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger

    where = os.pathsep.join(map(str, files))
    configuration = Configuration()
    with _logged_errors() as logged:
        try:
            merged = KubeConfigMerger(where).config  # type: ignore[no-untyped-call]  # the SDK has no types
            chosen = _context(merged.value, context, where)
            loader = KubeConfigLoader(merged, active_context=chosen)  # type: ignore[no-untyped-call]
            loader.load_and_set(configuration)  # type: ignore[no-untyped-call]
            namespace = loader.current_context["context"].get("namespace")
        except UsageError:
            raise
        except Exception as error:  # whatever the SDK trips over in a person's file is that file's fault
            raise UsageError(f"the kubeconfig {where} cannot be used: {' '.join(str(error).split())[:200]}", advice=CHECK) from error
    # The SDK logs that a plugin failed and goes on without credentials: the server would then answer an anonymous request.
    if logged:
        raise _plugin_failed(logged[0])
    if not hasattr(loader, "host"):
        raise UsageError(f"the kubeconfig {where} names no server for its cluster", advice=CHECK)
    if "://" not in configuration.host:
        configuration.host = f"{_scheme(configuration)}://{configuration.host}"
    return configuration, str(namespace or "")


def _scheme(configuration: "Configuration") -> str:
    """What kubectl takes where the server's address has none (client-go, rest/url_utils.go, defaultServerUrlFor)."""
    return "https" if configuration.ssl_ca_cert or configuration.cert_file or not configuration.verify_ssl else "http"


def _context(merged: dict[str, Any], asked: str, where: str) -> str:
    names = [str(entry["name"]) for entry in merged["contexts"]]
    there = f"it has: {', '.join(names) or 'none'}"
    wanted = str(asked or merged.get("current-context") or "")
    if not wanted:
        raise UsageError(f"the kubeconfig {where} has no current context", advice=f"give --context; {there}")
    if wanted not in names:
        raise UsageError(f"the kubeconfig {where} has no context {wanted!r}", advice=there)
    return wanted


def _plugin_failed(said: str) -> UsageError:
    missing = _PLUGIN_MISSING.search(said)
    if missing is None:
        return UsageError(f"the kubeconfig's credential plugin failed: {said[:200]}", advice="run it by hand, or use a token")
    return UsageError(
        f"the kubeconfig's credential plugin {missing['name']} is not here",
        advice="install or mount it, or use a kubeconfig with a token (kubectl create token)",
    )


@contextmanager
def _logged_errors() -> Iterator[list[str]]:
    """What is logged as an error inside, one line each."""
    import logging

    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(" ".join(record.getMessage().split()))

    keep = Keep(logging.ERROR)
    logging.getLogger().addHandler(keep)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(keep)


def own() -> "tuple[Configuration, str]":
    """The configuration and the namespace of the pod's service account. Raises UsageError."""
    from kubernetes.client.configuration import Configuration
    from kubernetes.config.config_exception import ConfigException
    from kubernetes.config.incluster_config import InClusterConfigLoader

    configuration = Configuration()
    namespace = SERVICE_ACCOUNT / "namespace"
    loader = InClusterConfigLoader(  # type: ignore[no-untyped-call]
        str(SERVICE_ACCOUNT / "token"), str(SERVICE_ACCOUNT / "ca.crt"), try_refresh_token=False
    )
    try:
        loader.load_and_set(configuration)  # type: ignore[no-untyped-call]
        return configuration, namespace.read_text().strip() if namespace.exists() else ""
    except (ConfigException, OSError) as error:
        raise UsageError(f"the pod's service account cannot be used: {error}", advice="is automountServiceAccountToken off?") from error
