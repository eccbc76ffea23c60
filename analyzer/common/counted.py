"""Counts in words that people read, with the noun in singular or plural."""


def counted(number: int, noun: str, several: str = "") -> str:
    """Return a count with its noun, such as "1 pod" or "2,134 lines". `several` is the plural where it is not
    the noun with an s.
    """
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"
