"""The answer in few words, for an object of the cluster: on one line, of bounded length."""

from analyzer.effects.interface import EffectContext
from analyzer.exits import describe_exit
from analyzer.logs.lines import safe
from analyzer.reason.text import cut_sentence

MAX_SUMMARY = 1000  # bytes: the most that the newer Events API allows


def headline(context: EffectContext) -> str:
    """Return the decision, its reason, the exit code and the rule, in at most `MAX_SUMMARY` bytes. Only the
    reason is cut.
    """
    decision, target = context.decision, context.target
    stands = f"; {describe_exit(context.exit_code(), decision.rule, context.passed_by(), context.analysis)}"
    return (
        shorten_line(decision.headline(target.name() if target else ""), MAX_SUMMARY - len(stands.encode()))
        + stands
    )


def shorten_line(text: str, longest: int = MAX_SUMMARY) -> str:
    """Return the text on one line, cut at a character to `longest` bytes."""
    return cut_sentence(safe(" ".join(text.split())), longest)
