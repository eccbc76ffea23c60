"""A version of a small service: what its source says otherwise than stable's, and what its pods are given."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
SOURCES = {"cart": "cart.py", "mail": "mail.py", "sync": "sync.sh"}


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that stands in the source once, and what stands there instead."""

    old: str
    new: str


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is otherwise than in stable. `environment` is the container's; an empty value takes one away."""

    edits: tuple[Edit, ...] = ()
    environment: dict[str, str] = {}
    memory: str = "96Mi"
    read_only: bool = False


class Version(msgspec.Struct, frozen=True):
    """A version of an app, by its name in the app's file. `tag` is its image's."""

    app: str
    name: str
    tag: str
    change: Change

    def case(self) -> str:
        """The name of its case."""
        return f"{self.app}-{self.name}"

    def image(self) -> str:
        return f"localhost/recorded-{self.app}:{self.tag}"

    def source(self) -> str:
        """The program. ValueError where an edit does not fit."""
        text = (HERE / "apps" / SOURCES[self.app]).read_text(encoding="utf-8")
        for edit in self.change.edits:
            if text.count(edit.old) != 1:
                raise ValueError(
                    f"{self.case()}: {edit.old!r} stands {text.count(edit.old)} times in the source"
                )
            text = text.replace(edit.old, edit.new)
        return text


def stable(app: str) -> Version:
    return Version(app, "stable", "2.3.0", Change())


def versions(app: str) -> Iterator[Version]:
    """Every other version of an app, in the file's order."""
    changes = msgspec.yaml.decode((HERE / f"{app}.yaml").read_bytes(), type=dict[str, Change])
    for number, (name, change) in enumerate(changes.items()):
        yield Version(app, name, f"2.4.{number}", change)
