from collections.abc import Callable

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Container, Pod
from analyzer.evidence.spec import Field, Spec
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules

Make = Callable[..., Container]
MakePod = Callable[..., Pod]
MakeEvidence = Callable[..., Evidence]


def only(evidence: Evidence, key: str) -> Graded:
    (graded,) = [graded for graded in find(evidence, Rules()) if graded.finding.key == key]
    return graded


def keys(evidence: Evidence) -> list[str]:
    return [graded.finding.key for graded in find(evidence, Rules())]


class TestImages:
    def test_a_difference_is_information(self, evidence: MakeEvidence, pod: MakePod, container: Make) -> None:
        graded = only(evidence([pod("c1", container(image="shop/cart:2"))]), "image-differs/app")
        assert (graded.severity, graded.finding.stable, graded.finding.canary) == (
            "info",
            "shop/cart:1",
            "shop/cart:2",
        )

    def test_a_container_of_one_side_only_has_nothing_to_differ_from(
        self, evidence: MakeEvidence, pod: MakePod, container: Make
    ) -> None:
        assert keys(evidence([pod("c1", container(), container("proxy", image="envoy"))])) == []

    def test_one_name_for_two_images(self, evidence: MakeEvidence, pod: MakePod, container: Make) -> None:
        one, two = ([pod(f"{at}1", container(image_id=f"docker.io/shop/cart@sha256:{at}"))] for at in "ab")
        graded = only(evidence(one, two), "image-differs/app")
        assert (graded.finding.canary, graded.finding.stable) == (
            "shop/cart:1@sha256:a",
            "shop/cart:1@sha256:b",
        )

    @pytest.mark.parametrize("unknown", ["", "sha256:b"])
    def test_a_digest_that_no_registry_gave_differs_from_none(
        self, unknown: str, evidence: MakeEvidence, pod: MakePod, container: Make
    ) -> None:
        known = pod("a1", container(image_id="docker.io/shop/cart@sha256:a"))
        assert keys(evidence([known], [pod("b1", container(image_id=unknown))])) == []

    def test_without_pods_the_template_says(self, evidence: MakeEvidence) -> None:
        field = Field(container="app", group="image", name="image", text="shop/cart:2", digest="2")
        assert (
            only(
                evidence([], more=[Spec(side="canary", replicaset="cart", fields=(field,))]),
                "image-differs/app",
            ).finding.canary
            == "shop/cart:2"
        )
