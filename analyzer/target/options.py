"""The options that name a target: whether they do, and whether they are valid."""

import re
from collections.abc import Iterable

from analyzer.common import selectors
from analyzer.errors import UsageError
from analyzer.settings import Where
from analyzer.target.argo import Analysis
from analyzer.target.rollout import HOW

_VALUE = re.compile(selectors.LABEL)


def names_target(where: Where) -> bool:
    """Return True if the options name a target. A namespace alone does not."""
    return bool(
        where.rollout
        or where.stable_hash
        or where.canary_hash
        or where.stable_selector
        or where.canary_selector
    )


def check_target(where: Where, analysis: Analysis | None = None) -> None:
    """Raise UsageError unless exactly one way to a target is given, in valid form. Sends nothing."""
    hashes = (where.stable_hash, where.canary_hash)
    picks = (where.stable_selector, where.canary_selector)
    wrong = {
        "hashes and selectors exclude each other": any(hashes) and any(picks),
        "--rollout and selectors exclude each other": where.rollout and any(picks),
        "--stable-hash and --canary-hash belong together": any(hashes) != all(hashes),
        "--stable-selector and --canary-selector belong together": any(picks) != all(picks),
        "no target was given, and this is not the pod of a Job that Argo created": not names_target(where)
        and analysis is None,
        "both selectors are the same": all(picks) and selectors.same_requirements(*picks),
    }
    for message, holds in wrong.items():
        if holds:
            raise UsageError(message, advice=HOW)
    for option, text, well_formed in _option_shapes(where):
        if text and not well_formed:
            raise UsageError(
                f"{option} {text!r} is not valid in Kubernetes",
                advice="see kubectl get rollouts,pods --show-labels",
            )


def _option_shapes(where: Where) -> Iterable[tuple[str, str, object]]:
    yield "--namespace", where.namespace, selectors.NAME.fullmatch(where.namespace)
    yield "--rollout", where.rollout, selectors.NAME.fullmatch(where.rollout)
    yield "--stable-hash", where.stable_hash, _VALUE.fullmatch(where.stable_hash)
    yield "--canary-hash", where.canary_hash, _VALUE.fullmatch(where.canary_hash)
    yield "--stable-selector", where.stable_selector, selectors.is_selector(where.stable_selector)
    yield "--canary-selector", where.canary_selector, selectors.is_selector(where.canary_selector)
