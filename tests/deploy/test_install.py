"""docs/install.md: its commands are run as they stand, and what it says is granted is what is."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from tests.conftest import Namespace

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/install.md").read_text()
COMMANDS = [
    line for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()
]


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)[^)]*\)", TEXT))))
def test_a_link_leads_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).exists()


def test_every_example_is_in_its_table() -> None:
    templates = {
        file.name for file in (ROOT / "examples").glob("*.yaml") if "kind: Rollout" in file.read_text()
    }
    assert templates <= set(re.findall(r"^\| \[([\w.-]+)\]", TEXT, re.MULTILINE))


def granted(overlay: str) -> set[tuple[str, str]]:
    """Each verb and resource that a component adds to the Role."""
    patches = yaml.safe_load(
        (ROOT / f"deploy/kustomize/components/{overlay}/kustomization.yaml").read_text()
    )["patches"]
    added = [
        each["value"]
        for patch in patches
        if patch["target"]["kind"] == "Role"
        for each in yaml.safe_load(patch["patch"])
    ]
    return {(verb, resource) for rule in added for verb in rule["verbs"] for resource in rule["resources"]}


def test_what_an_overlay_grants_is_what_the_table_says() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", TEXT, re.MULTILINE)
    told = {
        overlay: {
            (verb, grant.split()[-1]) for grant in grants.split(";") for verb in re.findall(r"`(\w+)`", grant)
        }
        for overlay, grants in rows
    }
    assert told == {
        folder.name: granted(folder.name) for folder in (ROOT / "deploy/kustomize/components").iterdir()
    }


@pytest.mark.api
@pytest.mark.usefixtures("argo")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_does_what_it_says(
    namespace: "Namespace",
    helm: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    """As a dry run on the server."""
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(command)
    arguments = [namespace.name if argument == "shop" else argument for argument in arguments]
    if "secret" in arguments:
        (tmp_path / "gemini-api-key").write_text("k")
        monkeypatch.chdir(tmp_path)
    if program == "helm":
        assert "STATUS: pending-install" in helm(
            *arguments, "--dry-run=server", f"--kubeconfig={namespace.server.kubeconfig}"
        )
    else:
        assert "(server dry run)" in namespace.server.run(*arguments, "--dry-run=server")
