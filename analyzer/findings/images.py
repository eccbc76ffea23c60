"""The images that the two sides run."""

from collections.abc import Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Pods
from analyzer.evidence.spec import Spec
from analyzer.findings.interface import Finding
from analyzer.findings.side_pods import select_standing_pods
from analyzer.settings import Rules
from analyzer.target import ROLES, Role


def images(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield the images that differ, by name, or by digest where both sides use the same name.

    Images are those that the pods run, or those of the pod template where a side has no pods.
    """
    sides = {role: _images_by_container(evidence, role) for role in ROLES}
    for name in sorted(sides["canary"].keys() & sides["stable"].keys()):
        stable, canary = sides["stable"][name], sides["canary"][name]
        if stable.keys() == canary.keys():
            stable, canary = _by_digest(stable), _by_digest(canary)
            if not stable or not canary or stable.keys() & canary.keys():
                continue
        one, two = ", ".join(sorted(stable)), ", ".join(sorted(canary))
        sentence = f"container {name} runs image {two} in the canary and {one} in stable"
        yield Finding(
            kind="image-differs", key=f"image-differs/{name}", sentence=sentence, stable=one, canary=two
        )


def _images_by_container(evidence: Evidence, role: Role) -> dict[str, dict[str, set[str]]]:
    """Return each container's images, and the ids that the nodes report for each."""
    running: dict[str, dict[str, set[str]]] = {}
    for pod in select_standing_pods(evidence.part(Pods, role)):
        for container in pod.containers:
            if container.type != "ephemeral":
                running.setdefault(container.name, {}).setdefault(container.image, set()).add(
                    container.image_id
                )
    spec = evidence.part(Spec, role)
    return running or {
        field.container: {field.text: set()}
        for field in (spec.fields if spec else ())
        if field.group == "image"
    }


def _by_digest(images: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the images by name and digest ("shop/cart:1@sha256:…"), those of unknown digest left out."""
    return {
        f"{image}@{image_id.rpartition('@')[2]}": set()
        for image, ids in images.items()
        for image_id in ids
        if "@sha256:" in image_id
    }
