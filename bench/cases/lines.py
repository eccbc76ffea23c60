"""What one pod logs: phases of a mixture of statements, and lines at its start, now and then, or once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import accumulate
from random import Random

from cases.draw import Moment, written

Mix = tuple[tuple[float, str], ...]  # statements, each with its share
STEP = timedelta(microseconds=700)  # between the lines of one statement


@dataclass(frozen=True)
class Phase:
    """A mixture until a part (0 to 1) of the pod's time, at `rate` times the statements that are its
    share.
    """

    mix: str | Mix
    until: float = 1.0
    rate: float = 1.0


@dataclass(frozen=True)
class Log:
    """One pod's log. `start`: statements of a start; `every`: (seconds, statement); `at`: (part of the pod's
    time, statement).
    """

    phases: tuple[Phase, ...]
    start: tuple[str, ...] = ()
    every: tuple[tuple[float, str], ...] = ()
    at: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Span:
    """When a pod started, from when it works, and until when its log was read."""

    started: datetime
    works: datetime
    end: datetime


def line(template: str, **holes: str) -> str:
    """Return the template with its open holes filled: `$level` for `level="INFO"`."""
    return reduce(lambda text, hole: text.replace(f"${hole[0]}", hole[1]), holes.items(), template)


def ways(template: str, **hole: dict[str, float]) -> Mix:
    """Return the template once for each value of its one open hole (`$status` for `status={"200": 9, "500":
    1}`), by share.
    """
    ((name, values),) = hole.items()
    return tuple((share, template.replace(f"${name}", value)) for value, share in values.items())


def mixed(work: str | Mix) -> Mix:
    """Return the mixture, of one statement alone where it is one."""
    return ((1.0, work),) if isinstance(work, str) else work


def added(work: str | Mix, *more: tuple[float, str]) -> Log:
    """Return a log of the work at its full rate and, beside it, more statements, each at so many times that
    rate.
    """
    mix = mixed(work)
    whole = sum(share for share, _ in mix)
    mixture = (*((share / whole, text) for share, text in mix), *more)
    return Log((Phase(mixture, rate=sum(share for share, _ in mixture)),))


def climbing(template: str, **hole: tuple[str, ...]) -> Log:
    """Return a log in which the value of the template's one open hole goes through these in equal parts of
    the time.
    """
    ((name, values),) = hole.items()
    mixes = [((1.0, template.replace(f"${name}", value)),) for value in values]
    return Log(tuple(Phase(mix, until=(number + 1) / len(mixes)) for number, mix in enumerate(mixes)))


def printed(log: Log, pod: str, span: Span, per_minute: float, seed: str) -> tuple[str, ...]:
    """Return the lines, each with the time (RFC 3339, UTC) that a kubelet puts before it."""
    random = Random(f"{seed} {pod}")
    planned = sorted(_planned(log, span, per_minute, random), key=lambda entry: entry[0])
    lines: list[str] = []
    for index, (at, template) in enumerate(planned):
        text = written(template, Moment(at=at, index=index, pod=pod, started=span.started), random)
        for number, line in enumerate(text.split("\n")):
            lines.append(f"{at + number * STEP:%Y-%m-%dT%H:%M:%S.%f}{random.randint(0, 999):03d}Z {line}")
    return tuple(lines)


def _planned(log: Log, span: Span, per_minute: float, random: Random) -> Iterator[tuple[datetime, str]]:
    """Every statement with its time, in no order."""
    begun = [
        span.started + timedelta(seconds=seconds)
        for seconds in accumulate(random.uniform(0.02, 0.4) for _ in log.start)
    ]
    yield from zip(begun, log.start, strict=True)
    length = (span.end - span.works).total_seconds()
    since = 0.0
    for phase in log.phases:
        count = round(per_minute / 60 * length * (phase.until - since) * phase.rate)
        shares, texts = zip(*mixed(phase.mix), strict=True)
        chosen = random.choices(texts, shares, k=count)
        for text in chosen:
            yield span.works + timedelta(seconds=length * random.uniform(since, phase.until)), text
        since = phase.until
    for seconds, text in log.every:
        offset = random.uniform(0, seconds)
        for turn in range(int((length - offset) / seconds) + 1):
            yield span.works + timedelta(seconds=offset + seconds * turn), text
    for part, text in log.at:
        yield span.works + timedelta(seconds=length * part), text
