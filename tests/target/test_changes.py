"""Whether an answer is still about the Rollout, by values alone."""

from typing import Any

import msgspec
import pytest
from healthy import CART, CARTS

from analyzer.target import promoted_canary, why_moved
from analyzer.target.argo import Analysis
from analyzer.target.rollout import Hashes

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
    "another stable": (
        {"hashes": Hashes(stable="zzz", canary="bbb")},
        "the stable side asked about is aaa, but the Rollout's is zzz",
    ),
}


def test_a_rollout_that_has_not_moved_says_nothing() -> None:
    assert why_moved(CARTS, CART) == ""
    assert why_moved(CARTS, msgspec.structs.replace(CART, paused=True, version="2", active="aaa")) == ""


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_that_makes_an_answer_worthless_is_told(change: str) -> None:
    fields, told = CHANGES[change]
    assert told in why_moved(CARTS, msgspec.structs.replace(CART, **fields))


def test_the_change_that_says_most_is_told_first() -> None:
    everything = msgspec.structs.replace(
        CART, uid="u2", aborted=True, promoting=True, hashes=Hashes(stable="bbb", canary="ccc")
    )
    assert "made anew" in why_moved(CARTS, everything)
    assert "current one is ccc" in why_moved(CARTS, msgspec.structs.replace(everything, uid="u1"))


def test_sides_without_hashes_cannot_be_told_to_have_moved() -> None:
    picked = msgspec.structs.replace(CARTS, hashes=None)
    assert why_moved(picked, msgspec.structs.replace(CART, uid="u2", aborted=True)) == ""


class TestOvertaken:
    PROMOTED = why_moved(CARTS, msgspec.structs.replace(CART, hashes=Hashes(stable="bbb", canary="bbb")))

    def test_by_the_promotion_of_this_canary_alone(self) -> None:
        assert promoted_canary(CARTS, self.PROMOTED) == "bbb"
        assert promoted_canary(CARTS, "") == ""
        assert promoted_canary(CARTS, why_moved(CARTS, msgspec.structs.replace(CART, aborted=True))) == ""

    def test_not_where_it_had_long_been_stable_but_for_an_analysis_of_that_version(self) -> None:
        long_stable = msgspec.structs.replace(CARTS, hashes=Hashes(stable="bbb", canary="bbb"))
        assert promoted_canary(long_stable, self.PROMOTED) == ""
        run = Analysis(namespace="shop", name="run", uid="r1", metric="judge", kind="background", hash="bbb")
        assert promoted_canary(msgspec.structs.replace(long_stable, analysis=run), self.PROMOTED) == "bbb"
