"""What changed between the two templates, one finding for each container and group."""

from collections.abc import Callable, Sequence

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.spec import ConfigMapState, Field, Reference, Spec
from analyzer.findings.interface import Finding
from analyzer.findings.spec import missing_references, spec_changes
from analyzer.settings import Rules
from analyzer.target import Role

MakeEvidence = Callable[..., Evidence]


def field(group: str, name: str, value: str, *, container: str = "app", shown: bool = True) -> Field:
    return Field(container=container, group=group, name=name, text=value if shown else "", digest=value)  # type: ignore[arg-type]  # by name


def hidden(group: str, name: str, value: str, container: str = "app") -> Field:
    return field(group, name, value, container=container, shown=False)


def side(
    role: Role,
    *fields: Field,
    references: Sequence[Reference] = (),
    configmaps: Sequence[ConfigMapState] = (),
    containers: Sequence[str] = ("app",),
) -> Spec:
    every = tuple(field("container", "container", "container", container=name) for name in containers)
    return Spec(
        side=role,
        replicaset=role,
        fields=(*every, *fields),
        references=tuple(references),
        configmaps=tuple(configmaps),
    )


@pytest.fixture
def found(evidence: MakeEvidence) -> Callable[..., list[Finding]]:
    def find(*parts: Spec) -> list[Finding]:
        seen = evidence(more=parts)
        return [*spec_changes(seen, Rules()), *missing_references(seen, Rules())]

    return find


Found = Callable[..., list[Finding]]


def test_equal_templates_give_nothing(found: Found) -> None:
    fields = (field("resources", "limits.memory", "1Gi"), hidden("env", "A", "1"))
    assert found(side("stable", *fields), side("canary", *fields)) == []


def test_a_lower_limit_is_told_with_both_figures(found: Found) -> None:
    before = (field("resources", "limits.memory", "512Mi"), field("resources", "limits.cpu", "1"))
    after = (field("resources", "limits.memory", "128Mi"), field("resources", "limits.cpu", "1"))
    (change,) = found(side("stable", *before), side("canary", *after))
    assert (change.kind, change.key) == ("spec-change", "spec-change/app/resources")
    assert change.sentence == "container app, resources: memory limit 512Mi -> 128Mi"
    assert (change.stable, change.canary) == ("memory limit 512Mi", "memory limit 128Mi")


def test_a_hidden_value_is_changed_added_or_removed(found: Found) -> None:
    before = (hidden("env", "CHANGED", "1"), hidden("env", "GONE", "1"))
    after = (hidden("env", "CHANGED", "2"), hidden("env", "NEW", "1"))
    (change,) = found(side("stable", *before), side("canary", *after))
    assert change.sentence == "container app, environment: CHANGED changed; GONE removed; NEW added"
    assert (change.stable, change.canary) == (
        "CHANGED set; GONE set; NEW none",
        "CHANGED set; GONE none; NEW set",
    )


def test_a_container_of_one_side_is_one_change(found: Found) -> None:
    mesh = (
        field("image", "image", "mesh:1", container="mesh"),
        field("ports", "http", "80/TCP", container="mesh"),
    )
    (change,) = found(side("stable"), side("canary", *mesh, containers=("app", "mesh")))
    assert (change.key, change.sentence) == (
        "spec-change/mesh/container",
        "container mesh: container none -> container",
    )


def test_an_image_has_a_finding_of_its_own(found: Found) -> None:
    assert (
        found(side("stable", field("image", "image", "a:1")), side("canary", field("image", "image", "a:2")))
        == []
    )


def test_many_changes_are_counted(found: Found) -> None:
    after = [hidden("env", f"V{number}", "1") for number in range(10)]
    (change,) = found(side("stable"), side("canary", *after))
    assert change.sentence.endswith("V7 added; and 2 more")


def test_nothing_is_compared_with_a_side_that_was_not_read(found: Found) -> None:
    assert found(side("canary", hidden("env", "A", "1"))) == []


class TestConfigMaps:
    def of(self, role: Role, name: str, *, key: str = "", optional: bool = False, **keys: str) -> Spec:
        place = "envFrom 0 of container app"
        reference = Reference(
            kind="ConfigMap", name=name, place=place, container="app", key=key, optional=optional
        )
        named = field("env", "envFrom 0.configMapRef.name", name)
        return side(
            role, named, references=[reference], configmaps=[ConfigMapState(name=name, found=True, keys=keys)]
        )

    def absent(self, role: Role, name: str = "cart", *, optional: bool = False) -> Spec:
        reference = Reference(kind="ConfigMap", name=name, place="volume config", optional=optional)
        return side(role, references=[reference], configmaps=[ConfigMapState(name=name, found=False)])

    def test_keys_are_compared_under_names_with_a_hash(self, found: Found) -> None:
        (change,) = found(
            self.of("stable", "cart-1", url="x", level="y", old="z"),
            self.of("canary", "cart-2", url="x", level="n", new="z"),
        )
        assert change.key == "spec-change/app/config"
        assert (
            change.sentence
            == "container app, configuration: cart-2/level changed; cart-2/new added; cart-2/old removed"
        )

    def test_a_new_name_with_the_same_content_is_no_change(self, found: Found) -> None:
        assert found(self.of("stable", "cart-1", url="x"), self.of("canary", "cart-2", url="x")) == []

    def test_a_new_name_that_could_not_be_read_is(self, found: Found) -> None:
        unread = side("canary", field("env", "envFrom 0.configMapRef.name", "cart-2"))
        (change,) = found(self.of("stable", "cart-1", url="x"), unread)
        assert change.sentence == "container app, environment: envFrom 0.configMapRef.name cart-1 -> cart-2"

    def test_one_that_only_the_canary_lacks(self, found: Found) -> None:
        missing = [
            each for each in found(side("stable"), self.absent("canary")) if each.kind == "missing-reference"
        ]
        assert [(each.key, each.scope) for each in missing] == [("missing-reference/cart", "canary")]
        assert (
            missing[0].sentence
            == "ConfigMap cart is not there, and the canary's pods need it (volume config)"
        )

    def test_one_that_both_lack_speaks_against_neither(self, found: Found) -> None:
        (missing,) = found(self.absent("stable"), self.absent("canary"))
        assert missing.scope == "both"

    def test_an_optional_one_may_be_missing(self, found: Found) -> None:
        assert found(self.absent("stable"), self.absent("canary", optional=True)) == []

    def test_a_key_that_is_not_there(self, found: Found) -> None:
        kinds = {
            each.key: each.sentence
            for each in found(self.of("stable", "cart", a="1"), self.of("canary", "cart", key="b", a="1"))
        }
        assert kinds == {
            "missing-reference/cart/b": (
                "key b of ConfigMap cart is not there, and the canary's pods need it (envFrom 0"
                " of container app)"
            )
        }
