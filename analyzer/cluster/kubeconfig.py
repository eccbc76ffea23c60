"""The way to a cluster, as kubectl finds it: a kubeconfig, or the service account of the pod that this
process runs in.

Beside this package's client it is the only module that uses the Kubernetes client, here its loaders.
`load_config()` would print to standard output and write refreshed tokens into the person's kubeconfig.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.common.short import cut
from analyzer.common.surroundings import in_container
from analyzer.common.yaml_events import may_be_mapping
from analyzer.errors import UsageError

if TYPE_CHECKING:
    from kubernetes.client.configuration import Configuration

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
CHECK = "kubectl config view --minify must work with it"
OWNER = 'run the container as who may: docker run --user "$(id -u):$(id -g)"'
_PLUGIN_MISSING = re.compile(r"No such file or directory: '(?P<name>[^']+)'")


def load_kubeconfig(kubeconfig: str, context: str) -> "tuple[Configuration, str]":
    """Return the SDK's configuration, credentials included, and the namespace that it names, or "". Raise
    UsageError.

    It loads the file given, else $KUBECONFIG (several files are merged), else ~/.kube/config, else the
    service account. A credential plugin may run without end, so the caller bounds the call.
    """
    files = _find_files(kubeconfig)
    if files:
        return _load_files(files, context)
    if context:
        raise UsageError(
            f"no kubeconfig, so no context {context!r}", advice="give --kubeconfig FILE or set KUBECONFIG"
        )
    if in_pod():
        return load_service_account()
    raise UsageError(
        "no kubeconfig, and this is no pod with a service account",
        advice="give --kubeconfig FILE or set KUBECONFIG",
    )


def in_pod() -> bool:
    """Return True if this is a pod with a service account for its own cluster."""
    return "KUBERNETES_SERVICE_HOST" in os.environ and (SERVICE_ACCOUNT / "token").exists()


def _find_files(kubeconfig: str) -> tuple[Path, ...]:
    """Return the files to merge. Raise UsageError if a file was named and none exists, or if one may not be
    read. Like kubectl, skip the missing ones of several.
    """
    named = kubeconfig or os.environ.get("KUBECONFIG", "")
    names = named.split(os.pathsep) if named else ["~/.kube/config"]
    if kubeconfig:
        names = [kubeconfig]
    files = tuple(path for name in names if name and (path := _find_file(name)))
    if named and not files:
        mounted = ": in a container the file must be mounted" if in_container() else ""
        raise UsageError(f"no such kubeconfig: {named}", advice=f"check --kubeconfig or KUBECONFIG{mounted}")
    for path in files:
        if not os.access(path, os.R_OK):
            advice = (
                OWNER if in_container() else "run as who may read it, or name another file with --kubeconfig"
            )
            raise UsageError(f"the kubeconfig {path} may not be read: permission denied", advice=advice)
    return files


def _find_file(name: str) -> Path | None:
    """Return the path of an existing file. Return None if there is none, its folder is closed, or the home
    directory is unknown.
    """
    try:
        path = Path(name).expanduser()
        return path if path.is_file() else None
    except (PermissionError, RuntimeError):
        return None


def _load_files(files: tuple[Path, ...], context: str) -> "tuple[Configuration, str]":
    from kubernetes.client.configuration import Configuration
    from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger

    where = os.pathsep.join(map(str, files))
    configuration = Configuration()
    with _collect_logged_errors() as logged:
        try:
            merged = KubeConfigMerger(where).config  # type: ignore[no-untyped-call]  # the SDK has no types
            chosen = _choose_context(merged.value, context, where)
            loader = KubeConfigLoader(merged, active_context=chosen)  # type: ignore[no-untyped-call]
            loader.load_and_set(configuration)  # type: ignore[no-untyped-call]
            namespace = loader.current_context["context"].get("namespace")
        except UsageError:
            raise
        except Exception as error:  # whatever the SDK trips over in a person's file is that file's fault
            fault = next(filter(None, map(_find_fault, files)), "")
            raise UsageError(
                fault or f"the kubeconfig {where} cannot be used: {cut(' '.join(str(error).split()), 200)}",
                advice=CHECK,
            ) from error
    # The SDK logs that a plugin failed and goes on without credentials: the server would then answer an
    # anonymous request.
    if logged:
        raise _plugin_error(logged[0])
    if not hasattr(loader, "host"):
        raise UsageError(f"the kubeconfig {where} names no server for its cluster", advice=CHECK)
    if "://" not in configuration.host:
        configuration.host = f"{_default_scheme(configuration)}://{configuration.host}"
    return configuration, str(namespace or "")


def _find_fault(path: Path) -> str:
    """Return why a file is no kubeconfig at all; empty if it may be one, or if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return f"the kubeconfig {path} is not UTF-8"
    except OSError:
        return ""
    return "" if may_be_mapping(text) else f"the kubeconfig {path} is no kubeconfig: it is not a YAML mapping"


def _default_scheme(configuration: "Configuration") -> str:
    """Return the scheme that kubectl assumes for a server address without one (client-go, rest/url_utils.go,
    defaultServerUrlFor).
    """
    return (
        "https"
        if configuration.ssl_ca_cert or configuration.cert_file or not configuration.verify_ssl
        else "http"
    )


def _choose_context(merged: dict[str, Any], context: str, where: str) -> str:
    names = [str(entry["name"]) for entry in merged["contexts"]]
    there = f"it has: {', '.join(names) or 'none'}"
    wanted = str(context or merged.get("current-context") or "")
    if not wanted:
        raise UsageError(f"the kubeconfig {where} has no current context", advice=f"give --context; {there}")
    if wanted not in names:
        raise UsageError(f"the kubeconfig {where} has no context {wanted!r}", advice=there)
    return wanted


def _plugin_error(log_line: str) -> UsageError:
    missing = _PLUGIN_MISSING.search(log_line)
    if missing is None:
        return UsageError(
            f"the kubeconfig's credential plugin failed: {cut(log_line, 200)}",
            advice="run it by hand, or use a token",
        )
    return UsageError(
        f"the kubeconfig's credential plugin {missing['name']} is not here",
        advice="install or mount it, or use a kubeconfig with a token (kubectl create token)",
    )


@contextmanager
def _collect_logged_errors() -> Iterator[list[str]]:
    """Yield a list that collects what is logged as an error inside, one line each."""
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


def load_service_account() -> "tuple[Configuration, str]":
    """Return the configuration and the namespace of the pod's service account. Raise UsageError."""
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
        raise UsageError(
            f"the pod's service account cannot be used: {error}",
            advice="is automountServiceAccountToken off?",
        ) from error
