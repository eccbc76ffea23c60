"""Levels and words of failure in many more shapes, each as a fault and with a harmless new line of its kind."""

from collections.abc import Iterator

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import added, line
from cases.scene import Scene

# A line with its level, what it says otherwise, and the words of the levels info, debug (or a second of info) and error.
LEVELS = {
    "logcat": ("$time[%m-%d %H:%M:%S.%L]  1  44 $level Relay: $said", "I", "D", "E"),
    "lager": ("$time[%H:%M:%S.%L] [$level] <0.$int[100,900].0> $said", "info", "debug", "error"),
    "cassandra": (
        "$level [Native-Transport-Requests-$int[1,9]] $comma Relay.java:88 - $said",
        "INFO ",
        "DEBUG",
        "ERROR",
    ),
    "asterisk": (
        "[$time[%b %d %H:%M:%S]] $level[$int[100,900]]: relay.c:$int[40,49] relay_run: $said",
        "NOTICE",
        "VERBOSE",
        "ERROR",
    ),
    "jul": ("$time[%b %d, %Y %I:%M:%S %p] shop.Relay run\n$level: $said", "INFO", "FINE", "SEVERE"),
    "symfony": ("[$time[%Y-%m-%dT%H:%M:%S.%f+00:00]] app.$level: $said [] []", "INFO", "DEBUG", "ERROR"),
    "log15": (
        't=$time[%Y-%m-%dT%H:%M:%S+0000] lvl=$level msg="$said" relay=$int[1,9]',
        "info",
        "dbug",
        "eror",
    ),
    "logrus-text": (
        "$level[$uptime] $said                              relay=$int[1,9]",
        "INFO",
        "DEBU",
        "ERRO",
    ),
    "python-root": ("$level:relay.worker:$said", "INFO", "DEBUG", "CRITICAL"),
    "slog-rust": ("$time[%b %d %H:%M:%S.%L] $level $said, relay: $int[1,9]", "INFO", "DEBG", "ERRO"),
    "priority-key": ('{"ts":"$iso","priority":"$level","text":"$said"}', "INFO", "DEBUG", "ERROR"),
    "loglevel-key": (
        '{"date":"$iso","loglevel":"$level","logger":"relay","message":"$said"}',
        "Information",
        "Debug",
        "Error",
    ),
    "sev-short": ('{"@t":$epochms,"sev":"$level","m":"$said"}', "I", "D", "E"),
    "type-key": (
        '{"time":"$iso","type":"$level","source":"relay","message":"$said"}',
        "info",
        "debug",
        "error",
    ),
    "haproxy-alert": ("[$level]   ($int[10,90]) : relay/$int[1,9] $said", "NOTICE", "NOTICE", "ALERT"),
    "pipe": ("$sql|$level|relay|$hex[8]|$said", "INFO", "DEBUG", "ERROR"),
    "spdlog": ("[$time[%Y-%m-%d %H:%M:%S.%L]] [relay] [$level] $said", "info", "debug", "critical"),
    "unity": ("$sql [$level/relay-$int[1,9]] $said", "INFO", "DEBUG", "ERROR"),
    "angular-bracket": ("$sql <$level> relay[$int[1,9]] $said", "Info", "Debug", "Error"),
    "single-behind": ("$time[%Y%m%d %H%M%S] relay.$int[1,9] $level $said", "I", "D", "E"),
    "powershell": ("$iso [relay] $level - $said", "INFORMATION", "VERBOSE", "ERROR"),
    "k8s-json": (
        '{"ts":$epochf,"logger":"relay","v":$level,"msg":"$said","relay":$int[1,9]}',
        "0",
        "4",
        '0,"err":"no space"',
    ),
    "xml-event": (
        '<event time="$iso" level="$level" source="relay"><msg>$said</msg></event>',
        "Info",
        "Debug",
        "Error",
    ),
}
DONE = "letter $int[1000,9999] taken to depot $int[1,30]"
ALSO = "route of letter $int[1000,9999] has $int[2,9] legs"
ODD = "letter $int[1000,9999] has a zone of $int[1,9]"

# What is said of work that is done, of work that failed, and of something harmless and new.
WORDS = {
    "turned-away": (
        "$sql guest $int[100,999] seated at table $int[1,40]",
        "$sql guest $int[100,999] turned away, seating plan could not be read",
        "$sql guest $int[100,999] has a pram",
    ),
    "no-answer": (
        "$sql meter $int[100,999] read",
        "$sql meter $int[100,999] gave no answer",
        "$sql meter $int[100,999] is due for calibration in 2027",
    ),
    "lost": (
        "$iso [bus] msg $hex[8] relayed",
        "$iso [bus] msg $hex[8] lost, subscriber vanished",
        "$iso [bus] msg $hex[8] carries a trace id",
    ),
    "never-arrived": (
        "$sql transfer $int[1000,9999] confirmed by bank",
        "$sql transfer $int[1000,9999]: confirmation never arrived",
        "$sql transfer $int[1000,9999] uses route B",
    ),
    "wrong": (
        "$sql checksum of block $int[100,999] matches",
        "$sql checksum of block $int[100,999] is wrong",
        "$sql block $int[100,999] is compressed",
    ),
    "empty-body": (
        "$comma INFO quote for $int[100,999] priced",
        "$comma INFO quote for $int[100,999]: upstream sent an empty body, nothing priced",
        "$comma INFO quote for $int[100,999] has a voucher",
    ),
    "undefined": (
        "$sql total for cart $int[100,999] is $int[1,90].00",
        "$sql total for cart $int[100,999] is undefined",
        "$sql cart $int[100,999] has $int[1,9] gifts",
    ),
    "nan": (
        "$sql forecast zone $int[1,90] is 0.$int[10,99]",
        "$sql forecast zone $int[1,90] is NaN",
        "$sql forecast zone $int[1,90] smoothed",
    ),
    "null-field": (
        '{"ts":"$iso","event":"booked","id":$int[100,999],"room":"r$int[1,90]"}',
        '{"ts":"$iso","event":"not_booked","id":$int[100,999],"reason":"no_room_data"}',
        '{"ts":"$iso","event":"breakfast_added","id":$int[100,999]}',
    ),
    "event-failed": (
        '{"ts":"$iso","event":"order.shipped","id":$int[100,999]}',
        '{"ts":"$iso","event":"order.shipping_failed","id":$int[100,999]}',
        '{"ts":"$iso","event":"order.gift_wrapped","id":$int[100,999]}',
    ),
    "slot-taken": (
        "$sql lock on shard $int[1,9] taken in time",
        "$sql lock on shard $int[1,9] not obtained within 5 s",
        "$sql lock on shard $int[1,9] released by owner",
    ),
    "bounce": (
        "$sql mail $hex[8] handed to relay",
        "$sql mail $hex[8] bounced: mailbox unknown",
        "$sql mail $hex[8] has 2 attachments",
    ),
    "expired": (
        "$sql session $hex[8] opened",
        "$sql session $hex[8] refused: licence expired",
        "$sql session $hex[8] from a new device",
    ),
    "clipped": (
        "$sql frame $int[1000,9999] encoded",
        "$sql frame $int[1000,9999] dropped, encoder overloaded",
        "$sql frame $int[1000,9999] is a key frame",
    ),
    "blank": (
        "$sql page $int[100,999] rendered with $int[4,40] widgets",
        "$sql page $int[100,999] rendered blank, widgets missing",
        "$sql page $int[100,999] has a print style",
    ),
    "java-cause": (
        "$iso stock $int[100,999] counted",
        '$iso stock $int[100,999]: java.lang.NullPointerException: Cannot invoke "Stock.bin()" because "stock" is null',
        "$iso stock $int[100,999] moved to bin $int[1,9]",
    ),
    "js-typeerror": (
        "$iso pinned note $int[100,999]",
        "TypeError: Cannot read properties of undefined (reading 'note')\n    at pin (/app/dist/notes.js:$int[10,14]:22)",
        "$iso note $int[100,999] has a colour",
    ),
    "py-keyerror": (
        "$sql row $int[100,999] merged",
        "Traceback (most recent call last):\n  File \"/app/merge.py\", line $int[40,44], in run\n    zone = row['zone']\nKeyError: 'zone'",
        "$sql row $int[100,999] has a comment",
    ),
    "go-err": (
        'ts=$iso msg="lease renewed" id=$hex[8]',
        'ts=$iso msg="lease not renewed" id=$hex[8] err="etcdserver: request timed out"',
        'ts=$iso msg="lease listed" id=$hex[8]',
    ),
    "c-strerror": (
        "$sql tape $int[1,9] block $int[100,999] written",
        "$sql tape $int[1,9] block $int[100,999]: Input/output error",
        "$sql tape $int[1,9] rewound",
    ),
    "permission": (
        "$sql report $int[100,999] saved",
        "$sql report $int[100,999]: /data/out: Permission denied",
        "$sql report $int[100,999] has $int[2,9] pages",
    ),
    "elixir": (
        "$time[%H:%M:%S.%L] [info] bid $int[100,999] placed",
        "$time[%H:%M:%S.%L] [info] bid $int[100,999] {:error, :closed}",
        "$time[%H:%M:%S.%L] [info] bid $int[100,999] is a proxy bid",
    ),
    "swallowed": (
        "$comma INFO import: supplier $int[1,90] done",
        "$comma INFO import: supplier $int[1,90] skipped because of exception in parser",
        "$comma INFO import: supplier $int[1,90] has a new price list",
    ),
    "partial": (
        "$sql sync of account $int[100,999] complete",
        "$sql sync of account $int[100,999] incomplete, 3 pages unread",
        "$sql account $int[100,999] has a nickname",
    ),
}


def _cases() -> Iterator[Case]:
    for number, (name, (template, info, more, error)) in enumerate(LEVELS.items()):
        weight, share = (20, 25, 30, 40)[number % 4], (30, 40, 50)[number % 3]
        done = line(template, level=info, said=DONE)
        odd = line(template, level=error, said=ODD)
        yield Case(
            f"{name}-error",
            NOT_PROMOTE,
            f"{share} of 100 of the canary's lines are at the level of errors.",
            Scene(done, ((100.0 - share, done), (float(share), odd)), weight=weight),
            "levels",
            "tuned",
        )
        yield Case(
            f"{name}-more",
            PROMOTE,
            "A line more stands at a lower level beside some of the work.",
            Scene(done, added(done, (0.1, line(template, level=more, said=ALSO))), weight=weight),
            "levels",
            "tuned",
        )
    for number, (name, (done, failed, new)) in enumerate(WORDS.items()):
        weight, share = (20, 25, 30, 40)[number % 4], (30, 40, 50)[number % 3]
        yield Case(
            f"{name}-failing",
            NOT_PROMOTE,
            f"{share} of 100 of the canary's tasks fail, as their lines say.",
            Scene(done, ((100.0 - share, done), (float(share), failed)), weight=weight),
            "unlevelled",
            "tuned",
        )
        yield Case(
            f"{name}-new-line",
            PROMOTE,
            "All work is done; a harmless line is new beside each tenth.",
            Scene(done, added(done, (0.1, new)), weight=weight),
            "unlevelled",
            "tuned",
        )


CASES = tuple(_cases())
