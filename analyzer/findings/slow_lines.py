"""A raw line that shows a measure as it is where it grew: the line kept of a template is its first one, and
may well be a fast one.
"""

from collections.abc import Iterable, Iterator

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.log_pairs import LogPair
from analyzer.findings.measure_times import MORE
from analyzer.findings.measures import Growth
from analyzer.logs.compare import Compared, general_forms
from analyzer.logs.fields import mask
from analyzer.logs.sketch import find_bucket
from analyzer.logs.slot_values import read_values


def select_samples(
    evidence: Evidence, pair: LogPair, row: Compared, slot: str, growth: Growth
) -> tuple[str, ...]:
    """Return the line of a template, of those that are kept raw, whose value is the furthest from stable's
    median, in the direction in which the measure grew; none if that is no further than chance may take one.
    """
    sign = -1 if growth.shrinks else 1
    least = growth.stable / MORE if growth.shrinks else growth.stable * MORE
    lines = (row.sample, *_list_lines(evidence, pair, row))
    values = {line: at for line in lines for at in _read_slot(line, slot, growth)}
    furthest = max(values, key=lambda line: sign * values[line], default="")
    return (furthest,) if furthest and sign * values[furthest] >= sign * find_bucket(least) else ()


def _list_lines(evidence: Evidence, pair: LogPair, row: Compared) -> Iterator[str]:
    """Yield the raw lines of the canary's excerpts that are of a template, the latest first."""
    logs = evidence.part(Logs, "canary")
    forms = general_forms((*pair.stable.groups, *pair.canary.groups))
    for stream in logs.streams if logs else ():
        if stream.container == pair.container and not stream.previous:
            for line in reversed(stream.excerpt):
                masked = mask(line.text)
                if forms.get((masked.level, masked.template)) == row.template:
                    yield line.text


def _read_slot(line: str, slot: str, growth: Growth) -> Iterable[int]:
    """Return the bucket of a line's value in a slot, in the measure's unit; empty without one."""
    for name, text, unit, bucket in read_values(line):
        if name == slot and (unit == growth.unit or text):
            return (find_bucket(float(text)),) if text.isdecimal() else (bucket,) * (not text)
    return ()
