"""The versions' images, in one docker-archive: Debian's Python, which all share, and a layer of each one's
own.

The base is that of our own image (tests/node/image base). A layer has the program, the version's number, and
files to copy.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path

from tests.node.cluster import ROOT, Json, run
from tests.node.recorded.version import SOURCES, Version

CATALOGUE = ("lamps", "chairs", "tables", "shelves")
START = {"cart": ["python3", "-u", "/app/cart.py"], "mail": ["python3", "-u", "/app/mail.py"]}
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def write_archive(path: Path, versions: Iterable[Version]) -> None:
    """Write the archive that the node takes (`testcluster load`)."""
    base = Path(run(ROOT / "tests/node/image", "base").strip())
    base_digest = _digest_of(base)
    manifest = []
    with tarfile.open(path, "w") as archive:
        archive.add(base, "base.tar", filter=_owned)
        for version in versions:
            layer = _write_layer(version)
            config = json.dumps(_describe(version, [base_digest, hashlib.sha256(layer).hexdigest()])).encode()
            name = hashlib.sha256(config).hexdigest()
            _put(archive, f"{name}.json", config)
            _put(archive, f"{name}.tar", layer)
            manifest.append(
                {
                    "Config": f"{name}.json",
                    "RepoTags": [version.image()],
                    "Layers": ["base.tar", f"{name}.tar"],
                }
            )
        _put(archive, "manifest.json", json.dumps(manifest).encode())


def _write_layer(version: Version) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as layer:
        _put(layer, f"app/{SOURCES[version.app]}", version.source().encode())
        _put(layer, "app/VERSION", f"{version.tag}\n".encode())
        for number, name in enumerate(CATALOGUE, 1):
            _put(layer, f"app/catalogue/{name}.csv", f"{name};{number}\n".encode() * 40 * number)
    return made.getvalue()


def _describe(version: Version, layers: list[str]) -> Json:
    start = START.get(version.app, ["bash", f"/app/{SOURCES[version.app]}"])
    return {
        "architecture": "amd64",
        "os": "linux",
        "config": {"Entrypoint": start, "Env": [PATH], "Labels": {"version": version.tag}},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in layers]},
    }


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o644
    archive.addfile(entry, io.BytesIO(content))


def _owned(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    return entry


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
