"""What is written is there whole, for its owner alone, and at nobody else's cost."""

import ast
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.common import files

ANALYZER = Path(__file__).parents[2] / "analyzer"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(params=["nothing", "a file"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A place where there is nothing yet, and one where everybody may read what is there."""
    path = tmp_path / "record.json"
    if request.param == "a file":
        path.write_text("before")
        path.chmod(0o644)
    return path


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A link that somebody else planted, to a file that is not theirs."""
    (tmp_path / "precious").write_text("precious")
    link = tmp_path / "planted"
    link.symlink_to(tmp_path / "precious")
    if os.geteuid():
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
    else:
        os.lchown(link, 12345, 12345)
    return link


def test_only_its_owner_may_read_it(place: Path) -> None:
    files.write(place, b"record")
    assert place.read_bytes() == b"record"
    assert mode(place) == 0o600


def test_a_neighbour_of_a_like_name_is_left_alone(place: Path, tmp_path: Path) -> None:
    (tmp_path / "record.json.part").write_text("a neighbour's")
    files.write(place, b"record")
    assert (tmp_path / "record.json.part").read_text() == "a neighbour's"
    assert {each.name for each in tmp_path.iterdir()} == {"record.json", "record.json.part"}


def test_what_could_be_foretold_of_its_name_leads_nowhere(place: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    for name in ("record.json.part", "record.json.tmp", ".record.json.part"):
        (tmp_path / name).symlink_to(tmp_path / "precious")
    files.write(place, b"record")
    assert (tmp_path / "precious").read_text() == "precious"
    assert not place.is_symlink()


def test_one_s_own_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "volume").mkdir()
    (tmp_path / "latest").symlink_to("volume/today")
    (tmp_path / "volume" / "today").symlink_to(tmp_path / "volume" / "record")
    files.write(tmp_path / "latest", b"record")
    assert (tmp_path / "volume" / "record").read_bytes() == b"record"
    assert (tmp_path / "latest").is_symlink()


def test_a_link_of_somebody_else_s_is_refused_and_said_beforehand(others: Path) -> None:
    with pytest.raises(OSError, match="a link that somebody else made"):
        files.write(others, b"record")
    assert files.why_unwritable(others).endswith("is a link that somebody else made")
    assert others.read_text() == "precious"


def test_links_that_go_round_are_an_error_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for place in (tmp_path / "a", tmp_path / "a" / "record.json"):
        assert files.why_unwritable(place)
        with pytest.raises(OSError, match="Too many levels"):
            files.write(place, b"record")


def test_a_disk_that_fills_leaves_what_was_there(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = place.read_bytes() if place.exists() else None

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write(place, b"record")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([before] if before else [])


@pytest.fixture
def leaving() -> Iterator[None]:
    """SIGTERM ends the run as it does the command (`__main__.py`)."""

    def leave(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("leaving")
def test_a_signal_leaves_what_was_there(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = place.read_bytes() if place.exists() else None
    monkeypatch.setattr(os, "fsync", lambda _descriptor: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit):
        files.write(place, b"record")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([before] if before else [])


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_is_written_on_whatever_it_is(
    capfdbinary: pytest.CaptureFixture[bytes], name: str
) -> None:
    os.write(1, b"before ")
    assert files.why_unwritable(Path(name)) == ""
    files.write(Path(name), b"record")
    os.write(1, b" after")
    assert capfdbinary.readouterr().out == b"before record after"


def test_what_is_mounted_is_written_in_place_and_keeps_its_mode(tmp_path: Path) -> None:
    """As the kubelet mounts a termination log: a file that everybody may write, which no rename could
    replace.
    """
    log = tmp_path / "termination-log"
    log.write_text("a longer message of before")
    log.chmod(0o666)
    mounted = log.stat().st_ino
    files.overwrite(log, b"rollback")
    assert (log.read_bytes(), log.stat().st_ino, mode(log)) == (b"rollback", mounted, 0o666)


def test_a_message_that_is_not_mounted_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    files.overwrite(tmp_path / "message", b"rollback")
    assert (tmp_path / "message").read_bytes() == b"rollback"
    assert mode(tmp_path / "message") == 0o600


@pytest.mark.slow
def test_nothing_else_of_the_product_writes_a_file() -> None:
    """One that did could be followed, foretold or read by everybody."""
    writing = {
        "write_text",
        "write_bytes",
        "touch",
        "symlink_to",
        "rename",
        "mkstemp",
        "NamedTemporaryFile",
        "copyfile",
    }
    others = []
    for path in ANALYZER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in writing:
                others.append(f"{path.name}: {node.attr}")
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) == "open"
            ):
                modes = [
                    each.value
                    for each in (*node.args, *(each.value for each in node.keywords))
                    if isinstance(each, ast.Constant)
                ]
                others += [
                    f"{path.name}: open"
                    for each in modes
                    if isinstance(each, str) and set(each) & set("wax+") and len(each) < 4
                ]
    added_to = {
        "journal.py: open",
        "summary.py: open",
    }  # eval's journal and a CI job's summary: named by a person
    assert [each for each in others if not each.startswith("files.py") and each not in added_to] == []
