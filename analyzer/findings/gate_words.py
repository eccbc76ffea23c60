"""What a metric's series does, in one sentence with both sides' figures, the difference, its interval and
what is allowed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil

from analyzer.common.counted import counted
from analyzer.findings.series import Reading
from analyzer.settings import Statistical, confidence_of


def describe_reading(reading: Reading, times: Sequence[datetime], sign: int, test: Statistical) -> str:
    """Return what was read in a series of these times. `sign` is 1 where higher is worse, else -1."""
    if reading.course == "spread":
        return _describe_spread(reading, times, test)
    if reading.course == "excursions":
        return _describe_excursions(reading, times, sign)
    worse = "higher" if sign > 0 else "lower"
    last, total = len(times) - reading.begin, len(times)
    since = f"since {_clock(times[reading.begin])} (the last {last} of {counted(total, 'point')})"
    until = f"until {_clock(times[max(0, reading.begin - 1)])}"
    before = f"{signed(sign * reading.before)}"
    says = {
        "level": f"the canary is {worse} over {counted(total, 'point')}",
        "later": f"the canary is {worse} {since}",
        "still": f"the canary was {worse} at first ({before} {until}) and still is {since}",
        "drift": f"the canary drifts {'upwards' if sign > 0 else 'downwards'} {since}",
        "healed": f"the canary was {worse} at first ({before} {until}) and has healed: no longer {since}",
        "ended": (
            f"the canary was {worse} ({before} {until}), which has ended too lately to tell that it"
            f" stays so: {since}"
        ),
        "alike": f"no worse over {counted(total, 'point')}",
    }[reading.course]
    figures = f"a median of {figure(reading.canary)} against stable's {figure(reading.stable)}"
    return f"{says}, {figures}: {_describe_difference(reading, sign, test)}{_describe_need(reading, last)}"


def _describe_difference(reading: Reading, sign: int, test: Statistical) -> str:
    low, high = sorted((sign * reading.lower, sign * reading.upper))
    allowed = signed(sign * reading.allowed)
    if test.direction == "either" and reading.course == "alike":
        allowed = f"±{figure(reading.allowed)}"
    now = ", by now" if reading.course == "drift" else ""
    interval = f"{_percent(test)} {figure(low)} to {figure(high)}"
    return f"{signed(sign * reading.difference)}{now}, {interval}, allowed {allowed}"


def _describe_need(reading: Reading, points: int) -> str:
    """Return how many points tell a difference as large as is allowed, where these do not."""
    margin = reading.upper - reading.difference
    if reading.course != "alike" or not 0 < reading.allowed < margin:
        return ""
    enough = ceil(points * (margin / reading.allowed) ** 2)
    return f" (some {enough:,} points would tell a difference of that size)"


def _describe_spread(reading: Reading, times: Sequence[datetime], test: Statistical) -> str:
    over = counted(len(times) - reading.begin, "point")
    deviations = f"standard deviations of {figure(reading.canary)} and {figure(reading.stable)}"
    interval = f"{_percent(test)} {figure(reading.lower)} to {figure(reading.upper)}"
    times_as = f"{figure(reading.difference)} times as widely as stable over {over}"
    return (
        f"the canary scatters {times_as} ({deviations}), {interval}, allowed {figure(reading.allowed)} times"
    )


def _describe_excursions(reading: Reading, times: Sequence[datetime], sign: int) -> str:
    way = "upwards" if sign > 0 else "downwards"
    often = f"{counted(int(reading.canary), 'time')} in {counted(len(times), 'point')}"
    return (
        f"the canary stands out {way} {often}, by {figure(reading.before)} or more, "
        f"and stable {counted(int(reading.stable), 'time')}, allowed {counted(int(reading.allowed), 'time')}"
    )


def signed(number: float) -> str:
    """Return a difference with its sign."""
    return f"{'-' if number < 0 else '+'}{figure(abs(number))}"


def figure(number: float) -> str:
    """Return a figure as people read it."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def _percent(test: Statistical) -> str:
    return f"{100 * confidence_of(test):g} %"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"
