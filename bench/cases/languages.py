"""The same two questions in any language: half of the work fails, or all of it is done and one harmless line
is new.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.case import NOT_PROMOTE, PROMOTE, Case, Half
from cases.lines import added
from cases.scene import Scene


@dataclass(frozen=True)
class Spoken:
    """A service's statements in a language (ISO 639-1), each behind `header`; `new` is what only the canary's
    version says.
    """

    code: str
    header: str
    work: str
    failure: str
    new: str
    share: int  # percent of the canary's work that fails
    scene: Scene


def spoken(service: Spoken, half: Half) -> Iterator[Case]:
    """Yield the fault and its harmless twin."""
    header, scene = service.header, service.scene
    work, failure = header + service.work, header + service.failure
    failing = ((100.0 - service.share, work), (float(service.share), failure))
    yield Case(
        f"{service.code}-failure",
        NOT_PROMOTE,
        f"{service.share} of 100 of the canary's tasks fail, as their lines say in the language {service.code}, without a level.",
        Scene(work, failing, rate=scene.rate, weight=scene.weight, minutes=scene.minutes, pods=scene.pods),
        "languages",
        half,
    )
    yield Case(
        f"{service.code}-new-line",
        PROMOTE,
        f"All work is done; the canary adds a harmless line to each tenth, in the language {service.code}.",
        Scene(
            work,
            added(work, (0.1, header + service.new)),
            rate=scene.rate,
            weight=scene.weight,
            minutes=scene.minutes,
            pods=scene.pods,
        ),
        "languages",
        half,
    )
