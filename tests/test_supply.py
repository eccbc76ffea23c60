"""What is said of the pinned set: which packages it is of, and whether a vulnerability of one is known."""

import json
import sys
from pathlib import Path
from typing import Any

import audit
import pytest
import sbom
from pinned import interpreter

CLEAN = {"name": "click", "version": "8.5.1", "vulns": []}
HOLED = {
    "name": "jinja2",
    "version": "3.1.6",
    "vulns": [{"id": "GHSA-1", "fix_versions": ["3.1.7"]}, {"id": "GHSA-2", "fix_versions": []}],
}


def answering(packages: list[dict[str, Any]], code: int) -> list[str]:
    """A stand-in of pip-audit, whose service cannot be asked everywhere."""
    program = f"import sys; print({json.dumps({'dependencies': packages})!r}); sys.exit({code})"
    return [sys.executable, "-c", program]


def test_a_known_vulnerability_is_named_with_what_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(answering([CLEAN, HOLED], 1), []) == audit.VULNERABLE
    assert capsys.readouterr().out.splitlines() == [
        "jinja2 3.1.6: GHSA-1, mended in 3.1.7",
        "jinja2 3.1.6: GHSA-2, mended in none yet",
        "2 packages, 2 known vulnerabilities",
    ]


def test_no_vulnerability_is_known_only_where_all_were_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(answering([CLEAN], 0), []) == audit.CLEAN
    unreached = [sys.executable, "-c", "import sys; sys.exit('click: could not be audited')"]
    assert audit.main(unreached, []) == audit.UNASKED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("audit: not done")
    assert "click: could not be audited" in line


@pytest.mark.slow
def test_the_bill_of_materials_is_the_pinned_set_with_licences_and_needs(tmp_path: Path) -> None:
    bill = sbom.complete(sbom.describe(interpreter("supply"), Path(sys.executable)), "1.2.3")
    assert (bill["bomFormat"], bill["metadata"]["component"]["version"]) == ("CycloneDX", "1.2.3")
    assert {(each["purl"].rpartition("/")[2]) for each in bill["components"]} == {
        f"{name}@{version}" for name, version in sbom.PINS
    }
    assert [each["name"] for each in bill["components"] if not each.get("licenses")] == []
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    assert any(
        ref.startswith("urllib3==") for ref in next(v for k, v in needs.items() if k.startswith("requests=="))
    )
    assert "timestamp" not in bill["metadata"]
    assert "serialNumber" not in bill
