"""The rows that every report for people has, as texts. Texts of others are on one line and safe to show."""

from collections.abc import Iterator

from analyzer.common.counted import counted
from analyzer.common.short import cut
from analyzer.evaluation.figures import OUTCOMES, Answered, EvalReport, Family
from analyzer.evaluation.model_figures import ModelFigures
from analyzer.evaluation.statistics import Share
from analyzer.evaluation.thresholds import Threshold
from analyzer.report.words import one_line

TableRow = tuple[str, ...]
TRUTH = {"fault": "fault", "harmless": "harmless", "undecidable": "cannot be told"}
OUTCOME = {"error": "no answer", "unread": "not read"}
WRONG = 50  # of the cases that were not right are named
MAX_SHOWN_REASON = 160  # characters of a reason
CONFUSION_HEAD = ("what it is", *(OUTCOME.get(outcome, outcome) for outcome in OUTCOMES))
FIGURES_HEAD = ("figure", "share", "95 % interval", "of")
FAMILY_HEAD = ("family", "right", "95 % interval", "of", "promote", "rollback", "inconclusive", "no answer")
MODEL_HEAD = (
    "model",
    "right",
    "of",
    "could not tell",
    "invalid",
    "failed",
    "median",
    "95th percentile",
    "tokens in",
    "tokens out",
    "USD",
)


def headline(report: EvalReport) -> str:
    """Return what was judged, which models judged, and how much was right."""
    models = ", ".join(map(one_line, report.models)) or "no model"
    right = report.figures.right
    return (
        f"{counted(report.cases, 'case')}, {counted(report.judgements, 'judgement')} by {models}"
        f" (version {report.product}): {percent(right.share)} right{_interval(right)}"
    )


def confusion(report: EvalReport) -> Iterator[TableRow]:
    """Yield a row for each truth: how many judgements had which outcome."""
    for truth, counts in report.confusion.items():
        yield TRUTH[truth], *(f"{counts[outcome]:,}" for outcome in OUTCOMES)


def figures(report: EvalReport) -> Iterator[TableRow]:
    """Yield a row for each share, and for each figure that is not a share."""
    shares = report.figures
    yield _row("right", shares.right)
    yield _row("false promotes, where a promote is wrong", shares.false_promote)
    yield _row("false rollbacks, where a rollback is wrong", shares.false_rollback)
    yield _row("decidable faults answered right (recall)", shares.recall)
    yield _row("inconclusive on decidable cases", shares.inconclusive)
    yield _row("inconclusive on undecidable cases", shares.undecided)
    yield _row("without an answer", shares.unanswered)
    yield _row("the deciding finding was found", shares.found)
    yield _row("the answer rests on it", shares.cited)
    yield _row("answers of 95 % and more that are right", report.sure)
    committed = f"{sum(inside.count for inside in report.bins):,}"
    yield "Brier score of promotes and rollbacks", number(report.brier), "", committed
    yield "expected calibration error", number(report.calibration_error), "", committed
    yield "agreement between repeats", percent(report.agreement), "", ""


def families(report: EvalReport) -> Iterator[TableRow]:
    """Yield a row for each family, the worst first."""
    for family in report.families:
        yield _family(family)


def models(report: EvalReport) -> Iterator[TableRow]:
    """Yield a row for each model."""
    for model in report.by_model:
        said = {name: f"{model.said.get(name, 0):,}" for name in ("cannot_tell", "abstained", "failed")}
        yield (
            one_line(model.model),
            percent(model.right.share),
            f"{model.right.of:,}",
            *said.values(),
            _seconds(model.seconds),
            _seconds(model.slowest),
            _count(model.tokens_in),
            _count(model.tokens_out),
            _usd(model),
        )


def wrong(report: EvalReport) -> list[Answered]:
    """Return the cases that are not right, by family."""
    cases = [answered for answered in report.answers if not answered.is_right()]
    return sorted(cases, key=lambda answered: (answered.family, answered.name))


def describe_wrong(answered: Answered) -> str:
    """Return what came of a case that is not right, and what was right."""
    outcomes = ", ".join(dict.fromkeys(OUTCOME.get(outcome, outcome) for outcome in answered.outcomes))
    right = " or ".join(answered.right)
    why = f" Label: {answered.why}" if answered.why else ""
    return one_line(
        f"{answered.name}: {outcomes}, right is {right}. {cut(answered.reason, MAX_SHOWN_REASON)}{why}"
    )


def notes(report: EvalReport) -> Iterator[str]:
    """Yield what has to be known beside the figures: what is missing, and what was put together."""
    if report.left:
        yield one_line(f"NOT WHOLE: {counted(report.left, 'judgement')} not made. {report.why_left}".strip())
    unread = sum(counts["unread"] for counts in report.confusion.values())
    if unread:
        yield f"NOT WHOLE: {counted(unread, 'bundle')} could not be read; each is named below"
    yield from map(one_line, report.notes)


def comparison(report: EvalReport) -> Iterator[str]:
    """Yield what differs from the baseline."""
    compared = report.comparison
    if compared is None:
        return
    yield one_line(
        f"Against the baseline (version {compared.product}, {counted(compared.cases, 'case')} in both):"
        f" {len(compared.better)} right that were not, {len(compared.worse)} not right that were;"
        f" McNemar's exact test: p = {compared.chance:.3g}"
    )
    for title, names in (("now right", compared.better), ("no longer right", compared.worse)):
        if names:
            more = f" and {len(names) - 10} more" if len(names) > 10 else ""
            yield one_line(f"{title}: {', '.join(names[:10])}{more}")


def threshold(check: Threshold) -> str:
    """Return a threshold, the figure, and whether it holds."""
    figure = "not measured" if check.figure is None else f"{check.figure:.4g}"
    return f"{'holds ' if check.holds else 'MISSED'} {check.option} {check.bound:g}: {figure}"


def percent(share: float | None) -> str:
    """Return a share in percent, a dash for none."""
    return "–" if share is None else f"{100 * share:.1f} %"  # noqa: RUF001 - a dash


def number(value: float | None) -> str:
    """Return a figure with three places, a dash for none."""
    return "–" if value is None else f"{value:.3f}"  # noqa: RUF001 - a dash


def _row(name: str, share: Share) -> TableRow:
    return name, percent(share.share), _bounds(share), f"{share.count:,} of {share.of:,}" if share.of else ""


def _family(family: Family) -> TableRow:
    right, outcomes = family.figures.right, family.outcomes
    return (
        one_line(family.name),
        percent(right.share),
        _bounds(right),
        f"{right.of:,}",
        *(f"{outcomes[name]:,}" for name in ("promote", "rollback", "inconclusive")),
        f"{outcomes['error'] + outcomes['unread']:,}",
    )


def _bounds(share: Share) -> str:
    if share.low is None or share.high is None:
        return ""
    return f"{100 * share.low:.1f} to {100 * share.high:.1f} %"


def _interval(share: Share) -> str:
    bounds = _bounds(share)
    return f" (95 % interval {bounds})" if bounds else ""


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} s"


def _usd(model: ModelFigures) -> str:
    """Return what a model cost; nothing for one that reports no tokens."""
    if model.cost is None:
        return "not known" if model.tokens_in or model.tokens_out else ""
    return f"{model.cost:.4f}"


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
