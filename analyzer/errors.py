"""Errors as a person reads them: one line, and what to do next.

AnalyzerError                 never raised itself
├── UsageError                an option, file, name or configuration is wrong; a retry does not help (exit 2)
└── InfrastructureError       something we depend on did not answer; a retry may help (exit 5)
    ├── cluster.errors.ClusterError      … and it was the Kubernetes API; a gap where a source meets it
    └── prometheus.PrometheusError       … and it was Prometheus (the same)

Exceptions of a dependency are mapped to this tree in the one module that imports the dependency.
A model that fails is not an error but a value (`models.interface.Failure`): the rules decide over it.
"""

from collections.abc import Iterator


class AnalyzerError(Exception):
    """A failure that is understood. `str()` is one line for a person; `advice` is the next step, or empty."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(" ".join(message.split()))
        self.advice = " ".join(advice.split())

    def causes(self) -> Iterator[str]:
        """Yield the chain of causes, outermost first, one line each: what `--verbose` shows."""
        cause = self.__cause__
        while cause is not None:
            yield (
                f"{type(cause).__module__}.{type(cause).__qualname__}: {' '.join(str(cause).split())}"
            ).removesuffix(": ")
            cause = cause.__cause__


class UsageError(AnalyzerError):
    """The request cannot be carried out as it was made: exit code 2."""


class InfrastructureError(AnalyzerError):
    """Something that the run depends on failed before anything could be judged: exit code 5."""
