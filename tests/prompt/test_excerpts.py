"""Raw lines of both sides: around failures and the last requests, and nothing that is the same again."""

from datetime import timedelta

from healthy import NOW, TARGET

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.log_streams import ContainerLogs, ExcerptLine, Stream
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.logs.digest import Digest, TemplateGroup
from analyzer.prompt import render
from analyzer.settings import Ask
from analyzer.target import ROLES, Role

ASKED = "method=GET path=/cart status=200 took="


def stream(
    container: str, *lines: tuple[float, str], previous: bool = False, role: Role = "canary"
) -> Stream:
    """A log whose lines came so many seconds before the window's end."""
    excerpt = tuple(ExcerptLine(at=NOW - timedelta(seconds=before), text=text) for before, text in lines)
    return Stream(
        pod=role, container=container, previous=previous, lines=len(lines), bytes=9, excerpt=excerpt
    )


def pods(*names: str, ready: bool = True) -> Pods:
    """The canary's pod, which began a minute and was Ready half a minute before the window's end."""
    state = State(kind="running", started_at=NOW - timedelta(seconds=60))
    condition = Condition(
        type="Ready", status="True" if ready else "False", since=NOW - timedelta(seconds=30)
    )
    pod = Pod(
        name="canary",
        owner="",
        phase="Running",
        created_at=NOW - timedelta(seconds=61),
        conditions=(condition,),
        containers=tuple(Container(name=name, type="main", image="app:1", state=state) for name in names),
    )
    return Pods(side="canary", pods=(pod,))


def shown(*streams: Stream, stable: tuple[Stream, ...] = (), ready: bool = True) -> str:
    parts = (
        pods("app", "istio-proxy", ready=ready),
        Logs(side="canary", containers=(), streams=streams),
        Logs(side="stable", containers=(), streams=stable),
    )
    window = Window(start=NOW - timedelta(minutes=10), end=NOW)
    text = render(Evidence(target=TARGET, window=window, nonce="0" * 16, parts=parts), (), Ask()).text
    return text.partition("# Lines of both sides' logs")[2].partition("<<<end")[0]


BANNER = tuple((59.0 - number, f"loading part {chr(97 + number)}") for number in range(20))


def test_a_start_that_went_well_is_one_line() -> None:
    text = shown(stream("app", *BANNER, (35, "Started in 25 s"), (5, f"{ASKED}3ms")))
    assert "| start sequence, 21 lines, ended with Started in 25 s\n" in text
    assert "loading part" not in text
    assert f"| {ASKED}3ms\n" in text


def test_a_complaint_of_a_start_stays_and_so_does_a_start_that_is_not_over() -> None:
    text = shown(stream("app", *BANNER, (36, "ERROR no cache"), (35, "Started in 25 s")))
    assert "| ERROR no cache\n" in text
    assert "start sequence" not in shown(stream("app", *BANNER), ready=False)
    assert "start sequence" not in shown(stream("app", *BANNER, previous=True))


def test_probes_are_counted() -> None:
    probe = "method=GET path=/healthz status=200"
    text = shown(stream("app", (5, f"{ASKED}3ms"), *((4.0 - number, probe) for number in range(4))))
    assert "| 4 lines of probes\n" in text
    assert "healthz" not in text
    assert f"| {ASKED}3ms\n" in text


def test_lines_that_differ_by_their_time_alone_are_one() -> None:
    lines = [(9.0 - number, f"2026-01-01T10:00:0{number}.5Z stock is low") for number in range(3)]
    text = shown(stream("app", *lines, (1, "stock is low: 7")))
    assert "| 2026-01-01T10:00:00.5Z stock is low [3 lines alike]\n| stock is low: 7\n" in text


def test_the_lines_of_one_event_stay_together() -> None:
    """Each runtime's frames look alike, so that folding single lines left heads without their trace."""
    php = ("PHP Fatal error: no price", "Stack trace:", "#0 /app/a.php(12): total()", "#1 {main}")
    python = ("ERROR no price", "Traceback (most recent call last):", '  File "a.py", line 1', "KeyError: 7")
    for trace in (php, python):
        lines = [
            (9.0 - number / 10, text) for number, text in enumerate((*trace, "sold 1", *trace, "sold 2"))
        ]
        block = "".join(f"| {line}\n" for line in trace).rstrip("\n")
        assert f"| canary app\n{block} [2 lines alike]\n| sold 1\n| sold 2\n" in shown(stream("app", *lines))


def test_a_long_event_keeps_its_first_and_its_last_line() -> None:
    frames = [f"\tat com.shop.Part{number}.run(Part.java:{number})" for number in range(9)]
    text = shown(stream("app", *((9.0, line) for line in ("IOException: reset", *frames))))
    assert "| IOException: reset\n" in text
    assert "[4 more lines]" in text
    assert "Part3" in text
    assert "Part4" not in text
    assert "Part8" in text


def test_of_one_template_there_are_a_few_lines() -> None:
    lines = [(60.0 - number, f"item {number} sold") for number in range(40)]
    text = shown(stream("app", *lines), stable=(stream("app", *lines, role="stable"),))
    assert text.count("\n| item ") == 5 + 3
    assert "| item 39 sold\n" in text


def test_a_further_pod_shows_fewer_lines() -> None:
    words = [f"item {chr(97 + number)} sold {chr(110 + number)}" for number in range(12)]
    one = stream("app", *((12.0 - number, word) for number, word in enumerate(words)))
    text = shown(one, one)
    assert text.count("sold") == 12 + 6


def test_what_stands_around_a_failure_is_shown_beside_the_end() -> None:
    words = [f"item {chr(97 + number)} sold" for number in range(25)]
    words[3] = "ERROR cannot reach the stock"
    text = shown(stream("app", *((30.0 - number, word) for number, word in enumerate(words))))
    assert "| item c sold\n| ERROR cannot reach the stock\n| item e sold\n| item q sold\n" in text
    assert text.rstrip().endswith("| item y sold")
    assert text.count("sold") == 11


def test_the_application_comes_before_its_sidecars_and_a_run_that_ended_before_both() -> None:
    text = shown(
        stream("envoy", (1, "proxied")),
        stream("shop", (1, "served")),
        stream("envoy", (1, "died"), previous=True),
    )
    places = [text.index(word) for word in ("| died", "| served", "| proxied")]
    assert places == sorted(places)


def test_a_few_lines_of_stable_stand_beside_the_canarys() -> None:
    lines = tuple((20.0 - number, f"sold {chr(97 + number)} here") for number in range(15))
    text = shown(stream("app", (1, "served")), stable=(stream("app", *lines, role="stable"),))
    assert (
        "L1 canary, the container now:\n| canary app\n| served\nL2 stable, the container now:\n| stable app\n"
        in text
    )
    assert text.count("here") == 6
    assert "| sold o here\n" in text


def test_templates_that_are_equal_on_both_sides_are_counted_and_those_that_differ_shown() -> None:
    words = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen"]
    both = []
    for role, more in zip(ROLES, (0, 200), strict=True):
        groups = tuple(
            TemplateGroup(
                template=f"{word} {word[::-1]}",
                level="info",
                count=100 + more * (word == "hen"),
                first=None,
                last=None,
                sample=word,
            )
            for word in words
        )
        digest = Digest(lines=sum(group.count for group in groups), groups=groups)
        both.append(Logs(side=role, containers=(ContainerLogs(container="app", digest=digest),), streams=()))
    window = Window(start=NOW, end=NOW)
    text = render(Evidence(target=TARGET, window=window, nonce="0" * 16, parts=tuple(both)), (), Ask()).text
    templates = text.partition("# Log templates")[2]
    assert "container's lines\nT1 stable 100 (12 %), canary 300 (30 %) [info]\n| app: hen neh\n" in templates
    assert templates.count("stable 100 (12 %), canary 100 (10 %), within chance [info]") == 5
    assert "\n2 more are equal on both sides, by their share of the lines\n" in templates
