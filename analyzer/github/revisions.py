"""Which commit a side was built from: what the options, the pod template and the image's tag say of it. Pure.

A Kubernetes client does not see an image's labels, so teams repeat them on the pod template. In this order:

| place                                             | what it holds                                       |
| ------------------------------------------------- | --------------------------------------------------- |
| `--stable-revision`, `--canary-revision`          | a hash or a tag                                     |
| annotation or label `org.opencontainers.image.revision` | a hash, or Flux's `main@sha1:HASH`, `main/HASH` |
| the image's tag                                   | a hash, one with a name and a time, or a release    |
| `org.opencontainers.image.version`, `app.kubernetes.io/version` | a release                             |

https://github.com/opencontainers/image-spec/blob/main/annotations.md
Flux's revisions: https://github.com/fluxcd/flux2/tree/main/rfcs/0005-artifact-revision-and-digest
Flux's sortable tags (BRANCH-HASH-TIME): https://fluxcd.io/flux/guides/sortable-image-tags/
Argo CD puts no revision on pods. It gives `$ARGOCD_APP_REVISION` to what renders the manifests:
https://argo-cd.readthedocs.io/en/stable/user-guide/build-environment/
"""

import re
from collections.abc import Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.spec import Field, Spec
from analyzer.evidence.template import REVISION, SOURCE, VERSIONS
from analyzer.settings import Issues
from analyzer.target import Role

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}")
_HASH = re.compile(r"(?i)[0-9a-f]{7,40}")
_IN_TAG = re.compile(r"(?i)(?:^|[-_.])(?:g|sha-?)?([0-9a-f]{7,40})(?=$|[-_.])")
_SOURCE = re.compile(
    r"(?i)(?:https?://|ssh://|git@)[^/\s:]{1,253}[/:]([\w.-]{1,100}/[\w.-]{1,100}?)(?:\.git)?/?"
)


def list_revisions(evidence: Evidence, issues: Issues, role: Role) -> tuple[str, ...]:
    """Return what may name a side's commit to GitHub's API, surest first: hashes, then `tags/NAME`."""
    given = issues.stable_revision if role == "stable" else issues.canary_revision
    if given:
        return (given,) if _HASH.fullmatch(given) else (*_tags(given), given)
    return tuple(dict.fromkeys(_from_template(evidence, role)))


def find_other_source(evidence: Evidence, repository: str) -> str:
    """Return the repository (OWNER/NAME) that the canary's image names, if it is another; else empty."""
    for field in _fields(evidence, "canary"):
        match = _SOURCE.fullmatch(field.text.strip()) if _key(field) == SOURCE else None
        if match and match[1].lower() != repository.lower():
            return match[1]
    return ""


def _from_template(evidence: Evidence, role: Role) -> Iterator[str]:
    fields = _fields(evidence, role)
    for field in fields:
        if _key(field) == REVISION:
            tail = field.text.strip().replace(":", "/").rpartition("/")[2]
            yield from (tail,) if _HASH.fullmatch(tail) else _tags(tail)
    for image in _images(evidence, role):
        tag = image.partition("@")[0].rpartition("/")[2].partition(":")[2]
        hashes = [match for match in _IN_TAG.findall(tag) if not match.isdigit() or len(match) == 40]
        yield from hashes
        yield from _tags(tag)
    for field in fields:
        if _key(field) in VERSIONS:
            yield from _tags(field.text.strip())


def _tags(name: str) -> Iterator[str]:
    """Yield the tags that a release may have in Git: with and without the v."""
    if _NAME.fullmatch(name) and name != "latest":
        yield f"tags/{name}"
        yield f"tags/{name[1:]}" if name.startswith("v") else f"tags/v{name}"


def _images(evidence: Evidence, role: Role) -> list[str]:
    """Return the side's images, those first that differ from the other side's."""
    own, others = (
        {field.container: field.text for field in _fields(evidence, side) if field.group == "image"}
        for side in (role, "canary" if role == "stable" else "stable")
    )
    return [own[name] for name in sorted(own, key=lambda name: (own[name] == others.get(name), name))]


def _fields(evidence: Evidence, role: str) -> tuple[Field, ...]:
    spec = evidence.part(Spec, "stable" if role == "stable" else "canary")
    return spec.fields if spec else ()


def _key(field: Field) -> str:
    return field.name.partition(" ")[2] if field.group == "metadata" else ""
