"""What can go wrong, as a person reads it: one line, and what to do next.

AnalyzerError                 never raised itself
├── UsageError                an option, a file, a name or a configuration is wrong; trying again changes nothing (exit 2)
└── InfrastructureError       something we depend on did not answer; trying again may help (exit 5)
    ├── cluster.errors.ClusterError … and it was the Kubernetes API (a gap where a source meets it; its own tree in cluster/errors.py)
    └── prometheus.PrometheusError  … and it was Prometheus (the same; its own tree in prometheus/errors.py)

Exceptions of a dependency are mapped to this tree in the one module that imports the dependency.
A model that fails is not an error but a value (`models.interface.Failure`): the rules decide over it.
"""

from collections.abc import Iterator


class AnalyzerError(Exception):
    """A failure we understand. `str()` is one line for a person; `advice` is the next step, or empty."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(" ".join(message.split()))
        self.advice = " ".join(advice.split())

    def causes(self) -> Iterator[str]:
        """The chain of causes, outermost first, one line each: what `--verbose` shows."""
        cause = self.__cause__
        while cause is not None:
            yield f"{type(cause).__module__}.{type(cause).__qualname__}: {' '.join(str(cause).split())}".removesuffix(": ")
            cause = cause.__cause__


class UsageError(AnalyzerError):
    """What was asked cannot be done as asked: exit code 2."""


class InfrastructureError(AnalyzerError):
    """What we depend on failed before anything could be judged: exit code 5."""
