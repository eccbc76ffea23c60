"""One stream of bytes to a digest, in one pass, at a bounded size.

`events.py` puts the lines together to events, `counting.py` counts these. No text is kept but one redacted
sample per group and the redacted excerpt.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from analyzer.common.value import Value
from analyzer.logs.digest import Digest, merge
from analyzer.logs.events import EventMiner
from analyzer.logs.extent import Extent, Torn
from analyzer.logs.forms import ZEROES
from analyzer.logs.lines import at, blocks, clean, split_stamp
from analyzer.logs.shapes import SAMPLE_LENGTH
from analyzer.logs.truncation import StreamEnds, head_of

EXCERPT = 40  # lines at the end of a stream
_BATCH = 1024  # lines that are counted together at the most


class Mined(Value):
    """A stream's digest, and its last lines as (time or None, redacted text)."""

    digest: Digest
    excerpt: tuple[tuple[datetime | None, str], ...]


def mine(
    chunks: Iterable[bytes],
    redact: Callable[[str], str],
    *,
    timestamps: bool = True,
    excerpt: int = EXCERPT,
    torn: Callable[[Extent], Torn] | None = None,
) -> Mined:
    """Return the digest of one stream, the same for every split into chunks, and so many of its last lines.

    `timestamps`: each line starts with the kubelet's. `torn` is called once, when the stream has ended, and
    returns where it is not whole: what may be half an event there, or half a line, is left out, so that every
    template is one that the whole stream would have.
    """
    miner, ends = EventMiner(redact, timestamps=timestamps), StreamEnds(torn)
    head: list[bytes] = []  # lines that may be of what began before them
    parted = torn is None
    tail: list[bytes] = []
    for block in blocks(miner.weigh(chunks), keeps_rest=ends.keep_rest):
        lines = block.split(b"\n")
        ends.add(lines, timestamps=timestamps)
        if not parted:
            head += lines
            length = head_of(head, timestamps=timestamps)
            parted = length is not None
            lines, head = head[length:] if parted else [], head[:length]
            keys = [line.translate(ZEROES) for line in lines]
        else:
            keys = block.translate(ZEROES).split(b"\n")
        for start in range(0, len(lines), _BATCH):
            miner.take(lines[start : start + _BATCH], keys[start : start + _BATCH])
        tail = [*tail, *lines[-excerpt:]][-excerpt:]
    cut = ends.torn()
    digest = miner.digest(torn=cut.tail)
    if head and not cut.head:
        first = EventMiner(redact, timestamps=timestamps)
        first.take(head, [line.translate(ZEROES) for line in head])
        digest = merge((first.digest(torn=cut.tail and not parted), digest))
        tail = [*head, *tail][-excerpt:]
    if cut.tail:  # what is missing at the end would look like an end of the work
        digest = replace(digest, timeline=None)
    split = [split_stamp(line) if timestamps else (b"", line) for line in tail]
    return Mined(
        digest=digest,
        excerpt=tuple((at(stamp), redact(clean(text))[:SAMPLE_LENGTH]) for stamp, text in split),
    )
