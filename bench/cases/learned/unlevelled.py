"""Failures at WARN, at INFO or without a level: Fluent Bit, a product search, Telegraf, the OpenTelemetry collector, an image server."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="unlevelled", half="tuned")

FLUENT = "[$time[%Y/%m/%d %H:%M:%S]] [$level] [$plugin] $message"
FLUSHED = line(
    FLUENT, level=" info", plugin="output:http:http.0", message="collector.corp.example:443, HTTP status=200"
)
TAILED = line(
    FLUENT,
    level=" info",
    plugin="input:tail:tail.0",
    message="inotify_fs_add(): inode=$int[100000,999999] watch_fd=$int[1,90] name=/var/log/app/$hex[6].log",
)
NOT_FLUSHED = line(
    FLUENT,
    level=" warn",
    plugin="engine",
    message=(
        "chunk '1-$epoch.$int[100000000,999999999].flb' cannot be retried: task_id=$int[0,40],"
        " input=tail.0 > output=http.0"
    ),
)
RETRIED = line(
    FLUENT,
    level=" warn",
    plugin="engine",
    message="failed to flush chunk '1-$epoch.$int[1000,9999].flb', retry in 1 seconds: task_id=$int[0,9]",
)
RETRY_DONE = line(
    FLUENT,
    level=" info",
    plugin="engine",
    message="flush chunk '1-$epoch.$int[1000,9999].flb' succeeded at retry 1: task_id=$int[0,9]",
)
SEARCH = (
    "$iso search q='$pick[boots|lamp|rain coat|desk|mug|tent]' locale=$pick[en|de|fr] hits=$hits"
    " took=$ms[4,40]ms"
)
SUGGEST = "$iso suggest prefix='$pick[bo|la|ra|de|mu]' returned $int[3,10] in $ms[1,9]ms"
TELEGRAF = "$time[%Y-%m-%dT%H:%M:%SZ] $letter! [$where] $message"
WROTE = line(
    TELEGRAF, letter="D", where="outputs.influxdb_v2", message="Wrote batch of 1000 metrics in $go[8,60]"
)
BUFFER = line(
    TELEGRAF, letter="D", where="outputs.influxdb_v2", message="Buffer fullness: $int[0,900] / 10000 metrics"
)
COLLECTOR = "$time[%Y-%m-%dT%H:%M:%S.%LZ]\t$level\t$message"
TRACES = line(
    COLLECTOR,
    level="info",
    message=(
        'Traces\t{"kind": "exporter", "data_type": "traces", "name": "debug", "resource spans": $int[1,9],'
        ' "spans": $int[20,400]}'
    ),
)
METRICS = line(
    COLLECTOR,
    level="info",
    message=(
        'Metrics\t{"kind": "exporter", "data_type": "metrics", "name": "debug", "resource metrics":'
        ' $int[1,9], "data points": $int[20,400]}'
    ),
)
THUMBS = "$sql thumbs[$int[10,40]] $path $int[120,1600]x$int[120,1200] $result $ms[6,90]ms"
THUMB = line(THUMBS, path="/u/$hex[10].$pick[jpg|png|webp]", result="rendered webp q=80")

SEARCHED: Mix = ((70, line(SEARCH, hits="$int[3,400]")), (6, line(SEARCH, hits="0")), (24, SUGGEST))
FLOWS: Mix = ((40, TRACES), (60, METRICS))

CASES = (
    case(
        "fluent-bit-cannot-be-retried",
        ROLLBACK,
        (
            'Three of ten of the canary\'s chunks are given up, "cannot be retried" at warn, so their'
            " records are lost."
        ),
        Scene(
            ((70, FLUSHED), (10, TAILED)),
            ((45, FLUSHED), (10, TAILED), (30, NOT_FLUSHED)),
            rate=45,
            weight=40,
            minutes=14,
        ),
    ),
    case(
        "fluent-bit-retry-succeeds",
        PROMOTE,
        "Now and then a chunk fails and its first retry succeeds, on both sides alike.",
        Scene(
            ((70, FLUSHED), (10, TAILED), (3, f"{RETRIED}\n{RETRY_DONE}")),
            ((70, FLUSHED), (10, TAILED), (4, f"{RETRIED}\n{RETRY_DONE}")),
            rate=60,
            weight=40,
        ),
    ),
    case(
        "search-finds-nothing",
        ROLLBACK,
        "Nearly all searches on the canary have no hits, whatever is asked; on stable one in thirteen.",
        Scene(
            SEARCHED,
            ((6, line(SEARCH, hits="$int[3,400]")), (70, line(SEARCH, hits="0")), (24, SUGGEST)),
            rate=200,
        ),
    ),
    case(
        "search-finds-more",
        PROMOTE,
        "The canary's analyser knows stems, so that searches have more hits and as few of them none.",
        Scene(
            SEARCHED,
            ((71, line(SEARCH, hits="$int[9,700]")), (5, line(SEARCH, hits="0")), (24, SUGGEST)),
            rate=200,
        ),
    ),
    case(
        "telegraf-buffer-overflow",
        NOT_PROMOTE,
        (
            "The canary's buffer is full and it drops metrics at W!, minute by minute, where stable writes"
            " its batches."
        ),
        Scene(
            ((50, WROTE), (20, BUFFER)),
            (
                (9, WROTE),
                (
                    20,
                    line(
                        TELEGRAF,
                        letter="D",
                        where="outputs.influxdb_v2",
                        message="Buffer fullness: 10000 / 10000 metrics",
                    ),
                ),
                (
                    30,
                    line(
                        TELEGRAF,
                        letter="W",
                        where="outputs.influxdb_v2",
                        message="Metric buffer overflow; $int[800,1000] metrics have been dropped",
                    ),
                ),
            ),
            rate=90,
            weight=50,
            pods=(1, 1),
        ),
    ),
    case(
        "telegraf-deprecated-option",
        PROMOTE,
        "At its start the canary says that two options are deprecated; every batch is written.",
        Scene(
            ((50, WROTE), (20, BUFFER)),
            Log(
                (Phase(((50, WROTE), (20, BUFFER))),),
                start=(
                    line(TELEGRAF, letter="I", where="agent", message="Starting Telegraf 1.31.2"),
                    line(
                        TELEGRAF,
                        letter="W",
                        where="agent",
                        message=(
                            'DeprecationWarning: Option "perdevice" of plugin "inputs.docker" deprecated'
                            " since version 1.18.0 and will be removed in 2.0.0"
                        ),
                    ),
                    line(
                        TELEGRAF,
                        letter="W",
                        where="agent",
                        message=(
                            'DeprecationWarning: Option "ssl_ca" of plugin "inputs.kafka_consumer"'
                            ' deprecated since version 1.7.0, use "tls_ca" instead'
                        ),
                    ),
                ),
            ),
            rate=90,
        ),
    ),
    case(
        "collector-refuses-data",
        ROLLBACK,
        "The canary's memory limiter refuses data at warn, on and on, and hardly any spans leave it.",
        Scene(
            FLOWS,
            (
                (8, TRACES),
                (12, METRICS),
                (
                    60,
                    line(
                        COLLECTOR,
                        level="warn",
                        message=(
                            "memorylimiter/memorylimiter.go:215\tMemory usage is above soft limit."
                            ' Refusing data.\t{"cur_mem_mib": $int[410,480]}'
                        ),
                    ),
                ),
            ),
            rate=120,
            every=(
                (
                    60.0,
                    line(
                        COLLECTOR,
                        level="warn",
                        message=(
                            "internal/retry_sender.go:126\tExporting failed. Will retry the request after"
                            ' interval.\t{"interval": "4.2s"}'
                        ),
                    ),
                ),
            ),
        ),
    ),
    case(
        "collector-zero-dropped",
        PROMOTE,
        (
            "The canary reports about itself, with dropped, refused and send_failed all 0, and exports as"
            " stable does."
        ),
        Scene(
            FLOWS,
            added(
                FLOWS,
                (
                    0.15,
                    line(
                        COLLECTOR,
                        level="info",
                        message=(
                            'queue report\t{"kind": "exporter", "name": "otlp", "queue_size": $int[0,9],'
                            ' "dropped": 0, "refused": 0, "send_failed": 0}'
                        ),
                    ),
                ),
            ),
            rate=120,
            every=(
                (
                    60.0,
                    line(
                        COLLECTOR,
                        level="warn",
                        message=(
                            "internal/retry_sender.go:126\tExporting failed. Will retry the request after"
                            ' interval.\t{"interval": "4.2s"}'
                        ),
                    ),
                ),
            ),
        ),
    ),
    case(
        "thumbs-placeholder",
        ROLLBACK,
        (
            "For half of the pictures the canary serves its placeholder since the decoder is unknown;"
            " without any level."
        ),
        Scene(
            THUMB,
            (
                (50, THUMB),
                (
                    50,
                    line(THUMBS, path="/u/$hex[10].$pick[jpg|png]", result="no decoder, placeholder served"),
                ),
            ),
            every=(
                (10.0, "$sql thumbs[$int[10,40]] /healthz ok"),
                (50.0, "$sql thumbs[$int[10,40]] /u/$hex[10].jpg not in store, 404"),
            ),
            rate=250,
            weight=20,
        ),
    ),
    case(
        "thumbs-no-exif",
        PROMOTE,
        "The canary notes pictures that have no EXIF block and renders them all the same.",
        Scene(
            THUMB,
            added(
                THUMB,
                (
                    0.3,
                    "$sql thumbs[$int[10,40]] /u/$hex[10].png has no EXIF, orientation not found, left as is",
                ),
            ),
            every=(
                (10.0, "$sql thumbs[$int[10,40]] /healthz ok"),
                (50.0, "$sql thumbs[$int[10,40]] /u/$hex[10].jpg not in store, 404"),
            ),
        ),
    ),
)
