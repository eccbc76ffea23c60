"""Traps of our image: the placeholder in the examples."""

from collections.abc import Iterator

from analyzer.check.traps.calls import find_calls
from analyzer.check.traps.interface import Manifests, Trap

PLACEHOLDER = "registry.example.com/"  # of a domain that nobody can have (RFC 2606)


def check_images(manifests: Manifests) -> Iterator[Trap]:
    """Check every container that runs this product."""
    file = manifests.document.file
    for call in find_calls(manifests):
        image = call.container["image"]
        if image.text().startswith(PLACEHOLDER):
            what = (
                f"{image.text()} is the examples' placeholder: no registry has it,"
                " and the Job's pod never starts"
            )
            put = (
                "put your image's name there"
                if file == "-"
                else f"sed -i 's|{image.text()}|YOUR-IMAGE|' {file}"
            )
            yield Trap(image, what, f"push the image to a registry of yours, and then: {put}")
