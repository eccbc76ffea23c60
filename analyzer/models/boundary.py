"""The line between us and a client library: whatever it raises, a bug of its own included, is a failed model, never a failed run.

It stands around the calls of a client and around nothing else, so that a bug of ours stays one (exit code 1). What an adapter can explain
to a person it names as `foreseen`, and that passes as it is.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class ClientError(Exception):
    """A client raised what nobody foresaw. `str()` is that exception's class and text; it may still hold a credential."""


@contextmanager
def boundary(foreseen: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """For a call of a client: raises one of `foreseen`, or `ClientError`."""
    try:
        yield
    except foreseen:
        raise
    except (ClientError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # Rust's panics are no Exception, and a client that exits must not exit for us: 0 would promote
        raise ClientError(_named(error)) from error


def each(items: Iterable[T], foreseen: tuple[type[Exception], ...] = ()) -> Iterator[T]:
    """The items that a client yields, each of them asked for within the boundary."""
    with boundary(foreseen):
        rest = iter(items)
    while True:
        with boundary(foreseen):
            try:
                item = next(rest)
            except StopIteration:
                return
        yield item


def _named(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a bug of its own, again
        text = ""
    return f"{type(error).__name__}: {text}".removesuffix(": ")
