"""What a report has no room for, in words: each report that is bounded cuts samples first, and says so."""

from collections.abc import Iterable, Iterator, Sequence

from analyzer.common.counted import counted

Missing = tuple[int, str, str]  # how many, and the noun for one and for several


def count_cut_lines(findings: Iterable[Sequence[str]], samples: int, lines: int) -> Missing:
    """Return how many lines of the findings' samples there is no room for, where each finding shows so many
    samples of so many lines.
    """
    number = sum(
        sum(len(sample.splitlines()) for sample in of_one)
        - sum(len(sample.splitlines()[:lines]) for sample in of_one[:samples])
        for of_one in findings
    )
    return number, "line of the samples", "lines of the samples"


def describe_cuts(missing: Iterable[Missing], where: str = "") -> Iterator[str]:
    """Yield what is left out, as one sentence; nothing where all is there."""
    left = [counted(number, noun, several) for number, noun, several in missing if number > 0]
    if left:
        yield f"Left out{where} for lack of room: {', '.join(left)}. They are in the record."
