"""What says by its words that a program, or a part of it, broke down, whichever level the line has."""

import re

from analyzer.logs.statuses import SIGNALLED

# Each pattern with the strings one of which is in every line that it finds something in.
_DEADLY: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("anic",),
        (
            r"(?<![\w/.-])panic: |\bpanic serving \S|\bpanicked at |\bpanic(?: was)? recovered:"
            r"|\brecovered from panic:"
        ),
    ),
    (("atal error:", "atal Error:"), r"(?:^|[\]:|>\"] ?)(?:PHP )?[Ff]atal [Ee]rror: "),
    (("PHP ",), r"\bPHP (?:Parse|Core|Compile|Recoverable fatal|Catchable fatal) error: "),
    (
        ("nhandled",),
        (
            r"\b[Uu]nhandled[ _]?(?:[Pp]romise[ _]?)?[Rr]ejection(?:Warning)?"
            r"(?![\w=-]| ?(?i:handler|hook|listener|event|track|mode|s\b))"
        ),
    ),
    (
        ("OutOfMemory", "ut of memory"),
        r"(?<![A-Za-z-])OutOfMemory(?:Error|Exception)\b(?![=-]| (?:handler|enabled|disabled))"
        r"|\b(?:heap out of memory|[Oo]ut of memory: [Kk]ill)",
    ),
    (("deadlock",), r"\b[Ff]ound (?:one|a)(?: Java-level)? deadlock\b|asleep - deadlock!"),
    (
        ("SIG",),
        r"\b(?:was sent|(?:killed|terminated|died|exited|crashed|aborted|exit|received|caught|got"
        r"|core dumped)"
        r"(?: (?:by|with|from|due to|on|a|the|fatal|unexpected)){0,2}(?: signal)?:?) \(?SIG"
        r"(?:SEGV|BUS|ILL|FPE|ABRT)\b"
        r"|\b(?:was sent|(?:killed|terminated|died|crashed) (?:by|with|from|due to|on)"
        r"(?: signal)?:?) \(?SIGKILL\b"
        # Go prints `[signal SIGSEGV: …]` behind its panic, which says more.
        r"|\b(?<!\[signal )SIG(?:SEGV|BUS|ILL|FPE|ABRT)(?: \(0x[0-9a-f]+\))?:",
    ),
    # signal(7)'s that a program does not send to end another one well.
    (
        (" signal ",),
        rf"\b(?:killed|terminated|died|crashed|exited)\b[^.;]{{0,20}}{SIGNALLED}(?:[46-9]|11)(?![0-9])",
    ),
    # A worker's end by its master: Puma, Unicorn (and Pitchfork), Gunicorn, Erlang's heart.
    (
        ("orker", "WORKER"),
        r"\bTerminating timed out worker\b|\bworker=[0-9]{1,4} PID:[0-9]{1,8} timeout \("
        r"|\bWORKER TIMEOUT \(pid:"
        r"|\b[Ww]orker (?:#?[0-9]{1,4} )?\(pid:? ?[0-9]{1,8}\) (?:was )?(?:killed|died|crashed)\b",
    ),
    (
        ("reaped #<Process::Status",),
        r"\breaped #<Process::Status: pid [0-9]{1,8} SIG(?:KILL|SEGV|ABRT|BUS|ILL)\b",
    ),
    (("egmentation fault", "segfault"), r"\b[Ss]egmentation fault\b(?! handler)|\bsegfault(?: at |ed\b)"),
    (("core dumped",), r"\(core dumped\)"),
    (
        ("ssertion",),
        r"(?<![A-Za-z] )\b[Aa]ssertion (?:`[^`']{1,200}'|'[^']{1,200}'|\"[^\"]{1,200}\"|\S{1,200}) ?failed\b"
        r"|(?<![A-Za-z] )\b[Aa]ssertion (?:has )?failed\b",
    ),
    (("FATAL state",), r"\bentered FATAL state\b"),
)
_COMPILED = tuple((hints, re.compile(pattern)) for hints, pattern in _DEADLY)
_BY_HINT = tuple((hint, pattern) for hints, pattern in _COMPILED for hint in hints)


def is_deadly(text: str) -> bool:
    """Return whether a line tells of a panic, a crash, a deadlock or memory that ran out."""
    for hint, pattern in _BY_HINT:  # noqa: SIM110 - asked of every new line, where a generator shows
        if hint in text and pattern.search(text):
            return True
    return False
