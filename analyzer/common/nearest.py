"""Spelling suggestions: the known word that is most like an unknown one."""

from collections.abc import Iterable

LONGEST_WORD = 80  # characters of a word that are compared: the time grows with its square
LIKE = 0.6  # difflib's own bound for a ratio that makes two words alike


def nearest(word: str, known: Iterable[str], cutoff: float = LIKE) -> str:
    """Return the known word most like this one; empty if no word is like it."""
    return next(iter(several_nearest(word, known, 1, cutoff)), "")


def several_nearest(word: str, known: Iterable[str], most: int, cutoff: float = LIKE) -> list[str]:
    """Return at most `most` known words that are like this one, the most similar first."""
    from difflib import get_close_matches  # few runs have anything misspelt

    return get_close_matches(word[:LONGEST_WORD], list(known), n=most, cutoff=cutoff)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "", cutoff: float = LIKE) -> str:
    """Return advice that names the nearest known word, or `otherwise` if no word is like it."""
    near = nearest(word, known, cutoff)
    return f"did you mean {near}?" if near else otherwise
