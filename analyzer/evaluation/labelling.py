"""A case made of a saved bundle or record: its evidence in a folder of its own, with the label beside it."""

import re
from pathlib import Path

from analyzer.common import files
from analyzer.config.dump import dump_section
from analyzer.errors import UsageError
from analyzer.evaluation.case import Label
from analyzer.evaluation.folder import LABEL
from analyzer.evidence import Evidence
from analyzer.evidence.bundle import Bundle, save

BUNDLE = "bundle.json.gz"
_OTHER = re.compile(r"[^a-z0-9]+")


def write_case(folder: Path, evidence: Evidence, label: Label) -> Path:
    """Write the evidence and its label, and return the case's folder: named after the target and the time.

    Raise UsageError where that case has another label already, or where nothing can be written. The same
    label again changes nothing.
    """
    place = folder / name_of(evidence)
    path = place / LABEL
    text = dump_section(label)
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise UsageError(
            f"{place} has another label already", advice=f"a case has one: edit or remove {path}"
        )
    try:
        place.mkdir(parents=True, exist_ok=True)
        save(place / BUNDLE, Bundle(evidence=evidence))
        files.write(path, text.encode())
    except OSError as error:
        raise UsageError(
            f"cannot write {place}: {error.strerror}", advice="name a folder to --into that is writable"
        ) from error
    return place


def name_of(evidence: Evidence) -> str:
    """Return a name for the case of some evidence, the same for the same evidence: target, time, nonce."""
    target = _OTHER.sub("-", evidence.target.name().lower()).strip("-")[:80]
    return f"{target or 'canary'}-{evidence.window.end:%Y%m%dT%H%M%S}-{evidence.nonce[:6].lower()}"
