"""Which commit a side was built from: options first, then the template, then the image's tag, then a
release.
"""

from typing import Literal

import pytest
from msgspec.structs import replace

from analyzer.evidence import Evidence
from analyzer.evidence.spec import Field, Spec
from analyzer.github.revisions import find_other_source, list_revisions
from analyzer.settings import Issues
from tests.github.conftest import finished

SHA = "3f2a9c01b7de4455aa8890123f2a9c01b7de4455"


def a_template(image: str = "ghcr.io/acme/cart:latest", **metadata: str) -> Evidence:
    """Recorded evidence whose canary has this template."""

    evidence = finished("crash-loop").evidence
    fields = [Field(container="cart", group="image", name="image", text=image, digest="1")]
    fields += [
        Field(group="metadata", name=name.replace("__", " "), text=text, digest="2")
        for name, text in metadata.items()
    ]
    spec = Spec(side="canary", replicaset="cart-1", fields=tuple(fields))
    parts = (*(part for part in evidence.parts if not isinstance(part, Spec)), spec)
    return replace(evidence, parts=parts)


def names(evidence: Evidence, side: Literal["stable", "canary"] = "canary", **issues: str) -> tuple[str, ...]:
    return list_revisions(evidence, Issues(**issues), side)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("revision", "first"),
    [(SHA, SHA), (f"main@sha1:{SHA}", SHA), (f"main/{SHA}", SHA), ("v1.5.1", "tags/v1.5.1")],
)
def test_the_template_says_it_as_oci_and_flux_do(revision: str, first: str) -> None:
    for kind in ("annotation", "label"):
        metadata = {f"{kind}__org.opencontainers.image.revision": revision}
        assert names(a_template(**metadata))[0] == first


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (SHA, SHA),
        ("3f2a9c01", "3f2a9c01"),
        ("sha-3f2a9c0", "3f2a9c0"),
        ("main-3f2a9c01-1790000000", "3f2a9c01"),
        ("v1.4.2-5-g3f2a9c0", "3f2a9c0"),
        ("1.5.1", "tags/1.5.1"),
    ],
)
def test_the_tag_says_it(tag: str, expected: str) -> None:
    assert names(a_template(f"localhost:5000/acme/cart:{tag}"))[0] == expected


def test_a_release_is_looked_for_with_and_without_its_v() -> None:
    assert names(a_template("cart:v1.5.1")) == ("tags/v1.5.1", "tags/1.5.1")
    version = {"label__app.kubernetes.io/version": "1.5.1"}
    assert names(a_template(**version)) == ("tags/1.5.1", "tags/v1.5.1")


@pytest.mark.parametrize("image", ["cart", "cart:latest", "cart@sha256:" + "a" * 64])
def test_an_image_that_says_nothing_names_nothing(image: str) -> None:
    assert names(a_template(image)) == ()


def test_an_option_comes_before_everything() -> None:
    assert names(a_template(f"cart:{SHA}"), canary_revision="1a2b3c4d5e") == ("1a2b3c4d5e",)
    assert names(a_template(), canary_revision="v2")[0] == "tags/v2"


def test_what_is_no_name_of_git_is_not_asked_for() -> None:
    revision = {"annotation__org.opencontainers.image.revision": "../../../user?x="}
    assert names(a_template(**revision)) == ()


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ("https://github.com/acme/shop", ""),
        ("https://github.com/Acme/Shop.git", ""),
        ("git@github.com:acme/shop.git", ""),
        ("https://github.com/acme/prices", "acme/prices"),
        ("no address", ""),
    ],
)
def test_an_image_of_another_repository_is_seen(source: str, other: str) -> None:
    evidence = a_template(**{"annotation__org.opencontainers.image.source": source})
    assert find_other_source(evidence, "acme/shop") == other
