"""Which commits of a change may be to blame, and why. Pure: the same clues and change give the same suspects.

A commit gets points for each clue that meets what it changed. Points say which comes first, and no more: they
are no probability.

| clue                                                             | points                              |
| ---------------------------------------------------------------- | ----------------------------------- |
| it wrote the line of a stack frame                               | 10, less for a frame further out    |
| it changed lines near that line, in the same function or not     | 7 to 2, less further out            |
| it changed the file elsewhere                                    | 1.2, less further out               |
| an error's text holds a literal that it wrote, or removed        | 8, 4                                |
| an error names what stands on a line that it changed             | 5                                   |
| the trace goes through a package whose version it changed        | 6                                   |
| a key of the canary's template that changed is on such a line    | 2                                   |

Points of a text, a name, a package and a key are shared by the commits that it meets: what many commits touch
says little of each. A frame's line is followed through the patches back to the commit that wrote it
(`patch`).
"""

from analyzer.common.value import Value
from analyzer.github.change import Change, Commit
from analyzer.github.clues import Clues
from analyzer.github.frame_hits import meet_frames, meet_packages
from analyzer.github.hits import ReadFile
from analyzer.github.text_hits import meet_keys, meet_texts

MAX_SUSPECTS = 5
MIN_POINTS = 1.0  # points, below which a commit is not named
BESIDE_THE_FIRST = 0.25  # of the first one's points, below which a commit is not named beside it


class Suspect(Value):
    """A commit, and why it may be to blame: one sentence, of the clue that weighs most."""

    commit: Commit
    reason: str
    points: float


def rank_suspects(clues: Clues, change: Change) -> tuple[Suspect, ...]:
    """Return the commits that a clue meets, the likeliest first; none where no clue meets one."""
    files = [ReadFile(number, file) for number, commit in enumerate(change.commits) for file in commit.files]
    hits = [
        *meet_frames(clues.frames, files, change.commits),
        *meet_packages(clues.frames, files, change.commits),
        *meet_texts(clues.texts, files, change.commits),
        *meet_keys(clues.keys, files, change.commits),
    ]
    points: dict[int, float] = {}
    for hit in hits:
        points[hit.commit] = points.get(hit.commit, 0.0) + hit.points
    most = max(points.values(), default=0.0)
    least = max(MIN_POINTS, most * BESIDE_THE_FIRST)
    named = [number for number, own in points.items() if own >= least]
    ranked = sorted(named, key=lambda number: (-points[number], number))[:MAX_SUSPECTS]
    best = {
        number: max((hit for hit in hits if hit.commit == number), key=lambda hit: hit.points)
        for number in ranked
    }
    return tuple(
        Suspect(commit=change.commits[number], reason=best[number].reason, points=round(points[number], 2))
        for number in ranked
    )
