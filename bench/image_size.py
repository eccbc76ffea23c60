"""The size of the image, by dependency: `image_size.py ARCHIVE`, a docker-archive as tests/node/image prints it.

Of what is in the layers over the base's first one; megabytes of 10**6 bytes, unpacked, of files alone. A dependency's files are
those that its RECORD names, and their bytecode. Compressed is what a registry would hold of these layers, by gzip.
"""

import csv
import gzip
import io
import json
import sys
import tarfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

SITE = "site-packages/"
MOST_UNPACKED, MOST_COMPRESSED = 75.0, 25.0  # MB
MOST_OF_SDK = 8.0  # MB unpacked that the image with OpenTelemetry's SDK has over the one without


@dataclass(frozen=True)
class Size:
    """Bytes of files by who brought them, bytecode apart, and of the layers compressed."""

    files: Counter[str]
    bytecode: Counter[str]
    compressed: int

    def installed(self) -> int:
        """Bytes of site-packages, bytecode with it."""
        return sum((self.files + self.bytecode).values()) - self.bytecode[LIBRARY] - self.files[OTHER]


LIBRARY, OTHER = "(standard library)", "(outside site-packages)"


def source(path: PurePosixPath) -> PurePosixPath:
    """The module that a compiled file is of; any other file itself."""
    if path.suffix != ".pyc":
        return path
    return path.parent.parent / f"{path.name.partition('.')[0]}.py"


def owners(layer: tarfile.TarFile) -> dict[str, str]:
    """Who brought a file, by its path from site-packages."""
    found: dict[str, str] = {}
    for member in layer.getmembers():
        if member.name.endswith(".dist-info/RECORD"):
            file = layer.extractfile(member)
            assert file
            name = PurePosixPath(member.name).parent.name.split("-")[0]
            found |= {row[0]: name for row in csv.reader(io.TextIOWrapper(file, "utf-8"))}
    return found


def measure(archive: Path) -> Size:
    """What the layers of a docker-archive hold, but for the first, which is the base's."""
    files, bytecode, compressed = Counter[str](), Counter[str](), 0
    with tarfile.open(archive) as outer:
        (image,) = json.load(outer.extractfile("manifest.json"))  # type: ignore[arg-type]
        for name in image["Layers"][1:]:
            raw = outer.extractfile(name).read()  # type: ignore[union-attr]
            compressed += len(gzip.compress(raw, mtime=0))
            with tarfile.open(fileobj=io.BytesIO(raw)) as layer:
                owner = owners(layer)
                for member in layer.getmembers():
                    _, inside, path = member.name.rpartition(SITE)
                    by = owner.get(str(source(PurePosixPath(path))), OTHER) if inside else OTHER
                    if member.name.endswith(".pyc"):
                        bytecode[by if inside else LIBRARY] += member.size
                    else:
                        files[by] += member.size
    return Size(files, bytecode, compressed)


def main() -> int:
    size = measure(Path(sys.argv[1]))
    both = size.files + size.bytecode
    print(f"{'MB unpacked':24}{'files':>9}{'bytecode':>10}{'both':>9}")
    for name, total in both.most_common():
        if total >= 50_000:
            print(
                f"{name:24}{size.files[name] / 1e6:9.2f}{size.bytecode[name] / 1e6:10.2f}{total / 1e6:9.2f}"
            )
    small = [total for total in both.values() if total < 50_000]
    print(f"{f'{len(small)} smaller ones':24}{sum(small) / 1e6:28.2f}")
    unpacked, compressed = size.installed() / 1e6, size.compressed / 1e6
    print(f"site-packages {unpacked:.1f} MB unpacked (at most {MOST_UNPACKED:.0f})")
    print(f"over the base {compressed:.1f} MB compressed (at most {MOST_COMPRESSED:.0f})")
    return 0 if unpacked <= MOST_UNPACKED and compressed <= MOST_COMPRESSED else 1


if __name__ == "__main__":
    sys.exit(main())
