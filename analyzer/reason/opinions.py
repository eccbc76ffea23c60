"""What models say, in words."""

from collections.abc import Sequence

from analyzer.reason.text import MOST_FINDINGS, NAME, SAID, cut_sentence
from analyzer.verdicts.verdict import Abstention, Failed, Opinion, Verdict


def describe_voices(side: Sequence[Verdict], opinions: Sequence[Opinion]) -> str:
    """Return which models agree, how sure they are, and which disagree."""
    others = [opinion for opinion in opinions if opinion not in side]
    supporters = ", ".join(
        f"{cut_sentence(opinion.model, NAME)} ({_format_confidence(opinion, opinions)})" for opinion in side
    )
    return cut_sentence(
        "; ".join((f"said by {supporters}", *(describe_opinion(opinion, opinions) for opinion in others))),
        SAID,
    )


def describe_opinion(opinion: Opinion, opinions: Sequence[Opinion]) -> str:
    """Return what a model says, such as "gemini says rollback (92 %)", with its weight if it has one."""
    name = cut_sentence(opinion.model, NAME)
    match opinion:
        case Verdict():
            word = (
                "cannot tell" if opinion.answer.verdict == "cannot_tell" else f"says {opinion.answer.verdict}"
            )
            return f"{name} {word} ({_format_confidence(opinion, opinions)})"
        case Abstention():
            return f"{name} abstained"
        case Failed():
            return f"{name} failed"


def describe_citations(opinion: Opinion) -> str:
    """Return which findings an opinion cites, in words; empty if none."""
    ids = opinion.answer.findings[:MOST_FINDINGS] if isinstance(opinion, Verdict) else ()
    return f" over {', '.join(ids)}" if ids else ""


def _format_confidence(verdict: Verdict, opinions: Sequence[Opinion]) -> str:
    """Return a verdict's confidence, with its weight if weights were given."""
    weighed = f", weight {verdict.weight:g}" if any(opinion.weight != 1 for opinion in opinions) else ""
    return f"{verdict.answer.confidence} %{weighed}"
