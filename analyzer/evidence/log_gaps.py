"""Why a log, or the rest of one, could not be read: a gap for each reason, however many pods have it."""

from collections.abc import Iterable, Iterator

from analyzer.cluster.errors import ClusterError, Denied, MissingResource, Unavailable
from analyzer.evidence.interface import Gap
from analyzer.evidence.log_streams import StreamResult
from analyzer.target import Role


def gaps_of(
    source: str, role: Role | None, results: Iterable[StreamResult], *, minor: bool = False
) -> Iterator[Gap]:
    """Yield a gap for each container and reason, the pods counted; one for the whole side where permission
    is what is missing.

    That the log of a run went with it, weeks ago perhaps, is minor where the run is `spare`: that of an init
    container that has done its work, or one before the present one.
    """
    groups: dict[tuple[str, str, str, bool], list[str]] = {}
    for result in results:
        if result.error is not None:
            gone = result.request.spare and not isinstance(result.error, Denied | Unavailable)
            key = (
                "" if isinstance(result.error, Denied) else _what(result),
                _reason(result.error, result.request.pod),
                result.error.advice,
                gone,
            )
            groups.setdefault(key, []).append(result.request.pod)
    for (what, reason, advice, gone), pods in groups.items():
        others = f" and {len(pods) - 1} more" if pods[1:] else ""
        where = f"{what} in {pods[0]}{others}: " if what else ""
        yield Gap(source=source, side=role, reason=where + reason, advice=advice, minor=minor or gone)


def _what(result: StreamResult) -> str:
    state = "the rest of the " if result.stream else ""
    return f"{state}{'previous ' if result.request.previous else ''}log of {result.request.container}"


def _reason(error: ClusterError, pod: str) -> str:
    """Return the reason without the pod's name, so that the same reason of many pods is one."""
    if isinstance(error, MissingResource) and error.name == pod:
        return "the pod is gone"
    return str(error).replace(f' in pod "{pod}"', "").replace(f' for pod "{pod}"', "")
