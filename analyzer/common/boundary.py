"""The boundary around a client library: whatever the library raises, its own bugs included, becomes a failed
model and never a failed run.

It stands around the calls of a client and around nothing else, so that a bug of ours stays a bug (exit code
1). An adapter names the exceptions that it can explain to a person as `foreseen`; those pass unchanged.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class ClientError(Exception):
    """An exception of a client that nobody foresaw. `str()` is its class and text, which may hold a
    credential.
    """


@contextmanager
def boundary(foreseen: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Guard calls of a client. Raise one of `foreseen` unchanged, and `ClientError` for anything else."""
    try:
        yield
    except foreseen:
        raise
    except (ClientError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        # Rust's panics are no Exception, and a client that exits must not exit for us: 0 would promote
        raise ClientError(describe_exception(error)) from error


def iterate(items: Iterable[T], foreseen: tuple[type[Exception], ...] = ()) -> Iterator[T]:
    """Yield the items of a client's iterable, each requested within the boundary."""
    with boundary(foreseen):
        rest = iter(items)
    while True:
        with boundary(foreseen):
            try:
                item = next(rest)
            except StopIteration:
                return
        yield item


def describe_exception(error: BaseException) -> str:
    """Return an exception's class and text. Never raises, whatever the exception's `str()` does."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a bug of its own, again
        text = ""
    return f"{type(error).__name__}: {text}".removesuffix(": ")
