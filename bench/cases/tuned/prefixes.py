"""What stands newly before every line: a collector's header, a supervisor's word, a name, an id; and failures behind it."""

from collections.abc import Iterator

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import ways
from cases.scene import Scene

_CRI = "$time[%Y-%m-%dT%H:%M:%S.%f]000Z"
_LINES = {
    "python": (
        "$comma - app.rank - INFO - ranked $int[10,90] documents for query $hex[6]",
        "$comma - app.rank - ERROR - no index for query $hex[6]",
    ),
    "plain": (
        "$sql parcel $int[1000,9999] handed to carrier $int[1,9]",
        "$sql parcel $int[1000,9999] could not be handed over",
    ),
    "json": (
        '{"level":"info","ts":"$iso","msg":"trip billed","trip":$int[1000,99999]}',
        '{"level":"error","ts":"$iso","msg":"trip not billed","trip":$int[1000,99999]}',
    ),
    "logfmt": (
        'time=$iso level=info msg="seat held" seat=$int[1,900]',
        'time=$iso level=error msg="seat not held" seat=$int[1,900]',
    ),
    "bare": (
        "stored reading $int[1000,9999] of meter $int[1,90]",
        "reading $int[1000,9999] of meter $int[1,90] not stored, disk failure",
    ),
    "access": (
        '$ip - - [$clf] "GET /tiles/$int[1,900] HTTP/1.1" 200 $int[90,900]',
        '$ip - - [$clf] "GET /tiles/$int[1,900] HTTP/1.1" 503 $int[90,900]',
    ),
}
_PREFIXES = {
    "cri-stdout": f"{_CRI} stdout F ",
    "cri-stderr": f"{_CRI} stderr F ",
    "cri-bare": "stderr F ",
    "compose": "web_1  | ",
    "compose-v2": "shop-web-1  | ",
    "supervisor": "web stdout | ",
    "tag": "[web] ",
    "word": "web: ",
    "pod": "$pod app ",
    "bracketed-pod": "[pod/$pod/app] ",
    "trace": "[$hex[32]] ",
    "request-id": "request_id=$uuid ",
    "systemd": "$time[%b %d %H:%M:%S] node-7 web[812]: ",
    "logger": "acme.web.Server ",
}
# Which lines stand behind which prefix: each prefix with two, in turn.
_ORDER = tuple(_LINES)


def _cases() -> Iterator[Case]:
    for number, (name, prefix) in enumerate(_PREFIXES.items()):
        for kind in (_ORDER[number % len(_ORDER)], _ORDER[(number + 3) % len(_ORDER)]):
            work, failure = _LINES[kind]
            yield Case(
                f"{name}-{kind}",
                PROMOTE,
                "The same lines, with something new before each of them.",
                Scene(work, prefix + work, weight=30),
                "formats",
                "tuned",
            )
            yield Case(
                f"{name}-{kind}-with-failures",
                NOT_PROMOTE,
                "Behind what is new before each line, four of ten tasks fail.",
                Scene(work, ((60, prefix + work), (40, prefix + failure)), weight=30),
                "formats",
                "tuned",
            )


_SPAN = "$sql [INF] report $int[1000,9999] rendered in $took"
_DRIVER = (
    "$time[%H:%M:%S.%f] i2c: write chan=$int[0,7] len=$int[1,64] ret=$code",
    "$iso write($int[3,9]) = $code",
    "$sql nvme read lba=$int[1000,9000] status: $code",
)
_SIDEKIQ = "pid=1 tid=$hex[4] class=MailJob jid=$hex[24] elapsed=$dec[0.02,0.9,3] INFO: $end"
_EXIM = "$iso task mail-$int[1,90] $end"

CASES: tuple[Case, ...] = (
    *_cases(),
    Case(
        "time-span-11-seconds",
        NOT_PROMOTE,
        "A report takes 11 seconds on the canary and a fifth of one on stable.",
        Scene(
            ways(_SPAN, took={"00:00:00.$int[150,250]": 1}),
            ways(_SPAN, took={"00:00:1$int[0,2].$int[100,900]": 1}),
        ),
        "measures",
        "tuned",
    ),
    Case(
        "time-span-alike",
        PROMOTE,
        "A report takes as long as before.",
        Scene(
            ways(_SPAN, took={"00:00:00.$int[150,250]": 1}), ways(_SPAN, took={"00:00:00.$int[160,270]": 1})
        ),
        "measures",
        "tuned",
    ),
    Case(
        "time-span-days",
        NOT_PROMOTE,
        "Lag is 2 days behind on the canary, and 4 minutes on stable, as .NET writes it.",
        Scene(
            ways("$sql replica $int[1,9] lag=$took", took={"00:04:$int[10,50]": 1}),
            ways("$sql replica $int[1,9] lag=$took", took={"2.03:04:$int[10,50]": 1}),
        ),
        "measures",
        "tuned",
    ),
    *(
        Case(
            f"negative-return-{number}",
            NOT_PROMOTE,
            "Four of ten of the canary's operations return a negative errno.",
            Scene(ways(text, code={"0": 1}), ways(text, code={"0": 60, "-22": 25, "-5": 15})),
            "codes",
            "tuned",
        )
        for number, text in enumerate(_DRIVER)
    ),
    Case(
        "negative-temperature",
        PROMOTE,
        "It is colder: a temperature is below zero, and no return code.",
        Scene(
            "$sql sensor $int[1,9] measured $int[1,9] degrees",
            ways("$sql sensor $int[1,9] measured $n degrees", n={"$int[1,9]": 60, "-$int[1,9]": 40}),
        ),
        "codes",
        "tuned",
    ),
    Case(
        "sidekiq-jobs-fail",
        NOT_PROMOTE,
        "Half of the canary's jobs end with the word fail, none of stable's.",
        Scene(ways(_SIDEKIQ, end={"done": 1}), ways(_SIDEKIQ, end={"done": 50, "fail": 50})),
        "codes",
        "tuned",
    ),
    Case(
        "tasks-end-ko",
        NOT_PROMOTE,
        "A third of the canary's tasks end KO.",
        Scene(ways(_EXIM, end={"OK": 99, "KO": 1}), ways(_EXIM, end={"OK": 66, "KO": 34})),
        "codes",
        "tuned",
    ),
    Case(
        "tasks-end-done",
        PROMOTE,
        "Tasks end with another word for OK.",
        Scene(ways(_EXIM, end={"OK": 1}), ways(_EXIM, end={"DONE": 1})),
        "codes",
        "tuned",
    ),
)
