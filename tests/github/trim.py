"""Writes api.json: what GitHub's own OpenAPI description says of the operations that we use, of the version
below.

    npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-*.tgz
    python tests/github/trim.py package/generated/api.github.com.json

Left out are the other operations, and the descriptions and examples. The package is under the MIT licence.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REPOSITORY = "/repos/{owner}/{repo}"
USED = {
    REPOSITORY: ("get",),
    f"{REPOSITORY}/labels": ("get",),
    f"{REPOSITORY}/issues": ("get", "post"),
    f"{REPOSITORY}/issues/{{issue_number}}": ("get", "patch"),
    f"{REPOSITORY}/issues/{{issue_number}}/labels": ("post",),
    f"{REPOSITORY}/issues/{{issue_number}}/assignees": ("post",),
    f"{REPOSITORY}/issues/{{issue_number}}/comments": ("get", "post"),
    f"{REPOSITORY}/issues/comments/{{comment_id}}": ("delete",),
    f"{REPOSITORY}/compare/{{basehead}}": ("get",),
    f"{REPOSITORY}/commits/{{ref}}": ("get",),
    f"{REPOSITORY}/commits/{{commit_sha}}/pulls": ("get",),
    f"{REPOSITORY}/statuses/{{sha}}": ("post",),
    f"{REPOSITORY}/deployments": ("get",),
    f"{REPOSITORY}/deployments/{{deployment_id}}/statuses": ("post",),
    f"{REPOSITORY}/contents/{{path}}": ("get", "put"),
    f"{REPOSITORY}/git/refs": ("post",),
    f"{REPOSITORY}/pulls": ("get", "post"),
    f"/agents{REPOSITORY}/tasks": ("get", "post"),
    f"/agents{REPOSITORY}/tasks/{{task_id}}": ("get",),
    "/app/installations/{installation_id}/access_tokens": ("post",),
}
WORDS = {"description", "example", "examples", "summary", "externalDocs", "x-github", "tags", "title"}


def trim(whole: dict[str, Any]) -> dict[str, Any]:
    """The operations used, and the components that they name."""
    paths = {path: {verb: whole["paths"][path][verb] for verb in verbs} for path, verbs in USED.items()}
    components: dict[str, dict[str, Any]] = {}
    waiting = list(references(paths))
    while waiting:
        kind, name = waiting.pop().split("/")[2:]
        if name not in components.setdefault(kind, {}):
            components[kind][name] = whole["components"][kind][name]
            waiting += references(components[kind][name])
    ordered = {kind: dict(sorted(named.items())) for kind, named in sorted(components.items())}
    return {
        "openapi": whole["openapi"],
        "info": whole["info"],
        "paths": without_words(paths),
        "components": without_words(ordered),
    }


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            elif key not in ("example", "examples"):
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def without_words(value: Any, *, names: bool = True) -> Any:
    """The value without words for people. `names`: the keys are names, of which none is left out."""
    if isinstance(value, dict):
        return {
            key: without_words(
                inner, names=key in ("properties", "headers", "schemas", "parameters", "responses")
            )
            for key, inner in value.items()
            if names or key not in WORDS
        }
    return [without_words(inner, names=False) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    description = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    (HERE / "api.json").write_text(json.dumps(trim(description), indent=1) + "\n", encoding="utf-8")
