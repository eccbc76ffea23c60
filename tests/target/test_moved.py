"""Whether an answer is still about the Rollout, by values alone."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from analyzer.target import Side, Target, moved, overtaken
from analyzer.target.argo import Analysis
from analyzer.target.rollout import Hashes, Rollout

HASHES = Hashes(stable="aaa", canary="bbb")
TARGET = Target(
    namespace="shop",
    rollout="cart",
    rollout_uid="u1",
    hashes=HASHES,
    stable=Side(role="stable", selector="h=aaa", hash="aaa"),
    canary=Side(role="canary", selector="h=bbb", hash="bbb"),
    how="as asked",
    resolved_at=datetime(2026, 11, 3, tzinfo=UTC),
)
CART = Rollout(namespace="shop", name="cart", uid="u1", selector="app=cart", hashes=HASHES)
CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "made anew": ({"uid": "u2"}, "the Rollout cart was deleted and made anew"),
    "another canary": (
        {"hashes": Hashes(stable="aaa", canary="ccc")},
        "the canary asked about is bbb, but the Rollout's current one is ccc",
    ),
    "no canary": ({"hashes": Hashes(stable="aaa", canary="")}, "the Rollout's current one is none"),
    "promoted": ({"hashes": Hashes(stable="bbb", canary="bbb")}, "bbb is promoted already"),
    "aborted": ({"aborted": True}, "the Rollout was aborted: it goes back to aaa"),
    "promoted in full": ({"promoting": True}, "bbb is being promoted in full"),
    "another stable": ({"hashes": Hashes(stable="zzz", canary="bbb")}, "the stable side asked about is aaa, but the Rollout's is zzz"),
}


def test_a_rollout_that_has_not_moved_says_nothing() -> None:
    assert moved(TARGET, CART) == ""
    assert moved(TARGET, msgspec.structs.replace(CART, paused=True, version="2", active="aaa")) == ""


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_that_makes_an_answer_worthless_is_told(change: str) -> None:
    fields, told = CHANGES[change]
    assert told in moved(TARGET, msgspec.structs.replace(CART, **fields))


def test_the_change_that_says_most_is_told_first() -> None:
    everything = msgspec.structs.replace(CART, uid="u2", aborted=True, promoting=True, hashes=Hashes(stable="bbb", canary="ccc"))
    assert "made anew" in moved(TARGET, everything)
    assert "current one is ccc" in moved(TARGET, msgspec.structs.replace(everything, uid="u1"))


def test_sides_without_hashes_cannot_be_told_to_have_moved() -> None:
    picked = msgspec.structs.replace(TARGET, hashes=None)
    assert moved(picked, msgspec.structs.replace(CART, uid="u2", aborted=True)) == ""


class TestOvertaken:
    PROMOTED = moved(TARGET, msgspec.structs.replace(CART, hashes=Hashes(stable="bbb", canary="bbb")))

    def test_by_the_promotion_of_this_canary_alone(self) -> None:
        assert overtaken(TARGET, self.PROMOTED) == "bbb"
        assert overtaken(TARGET, "") == ""
        assert overtaken(TARGET, moved(TARGET, msgspec.structs.replace(CART, aborted=True))) == ""

    def test_not_where_it_had_long_been_stable_but_for_an_analysis_of_that_version(self) -> None:
        long_stable = msgspec.structs.replace(TARGET, hashes=Hashes(stable="bbb", canary="bbb"))
        assert overtaken(long_stable, self.PROMOTED) == ""
        run = Analysis(namespace="shop", name="run", uid="r1", metric="judge", kind="background", hash="bbb")
        assert overtaken(msgspec.structs.replace(long_stable, analysis=run), self.PROMOTED) == "bbb"
