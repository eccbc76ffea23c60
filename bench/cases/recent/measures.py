"""Measures in the log: JVM pauses, ClickHouse, Kafka streams, pools, event loops, speech models, disks, caches,
throughput, mail queues.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import climbing, line, ways
from cases.scene import Scene

case = partial(Case, family="measures", half="tuned")

GC = (
    "[$time[%Y-%m-%dT%H:%M:%S.%L+0000]][info][gc] GC($seq[10]) Pause Young (Normal) (G1 Evacuation Pause)"
    " $int[90,110]M->$int[30,44]M(256M) $pause"
)
PAID = "$sql INFO ticket $int[10000,99999] paid"
CLICKHOUSE = (
    "$time[%Y.%m.%d %H:%M:%S.%f] [ $int[40,90] ] {$uuid} <Information> executeQuery: Read $int[1000,9000]"
    " rows, $dec[1,9,2] MiB in $took sec."
)
STREAMS = (
    "[$comma] INFO stream-thread [enrich-StreamThread-$int[1,4]] Processed $int[400,900] total records, ran 0"
    " punctuators, committed 1 total tasks, consumer lag $lag"
)
POOL = "$time[%Y-%m-%d %H:%M:%S.%L] DEBUG HikariPool-1 - Pool stats (total=10, active=$stats)"
LOOP = '{"level":30,"time":$epochms,"msg":"loop","event_loop_delay_p99_ms":$delay,"handles":$int[20,40]}'
SPOKEN = "$iso transcribed clip=$hex[8] audio=$int[8,30]s rtf=$rtf"
DISK = 'ts=$iso caller=head.go:$int[640,642] level=info msg="Head GC completed" duration=$took'
RESIZED = "$sql thumbs: $int[3,9] pictures resized in $took"
RATE = "$sql indexer: flushed segment $seq[300], throughput $rate docs/s"
MAIL = "$time[%b %d %H:%M:%S] mx postfix/qmgr[21]: statistics: active queue $active, deferred queue $deferred"
FRAMES = "$iso encoder stream=$int[1,40] fps=$fps dropped_frames=$dropped bitrate=$int[1900,2400]kbit/s"
CACHE = "$comma INFO cache.stats entries=$int[4000,5000] hit_ratio=$ratio evictions=$int[0,9]"

CASES = (
    case(
        "gc-pause-200x",
        NOT_PROMOTE,
        "Each young collection stops the canary for 0.9 to 1.6 s, stable for some milliseconds.",
        Scene(
            ((3, PAID), *ways(GC, pause={"$dec[2,9,3]ms": 1})),
            ((3, PAID), *ways(GC, pause={"$int[900,1600].$int[100,999]ms": 1})),
        ),
    ),
    case(
        "gc-pause-alike",
        PROMOTE,
        "The canary's pauses are a quarter longer at the same heap, some two milliseconds.",
        Scene(
            ((3, PAID), *ways(GC, pause={"$dec[2,9,3]ms": 1})),
            ((3, PAID), *ways(GC, pause={"$dec[3,11,3]ms": 1})),
        ),
    ),
    case(
        "clickhouse-elapsed",
        NOT_PROMOTE,
        "The same queries take 4 to 9 s on the canary and 20 ms on stable.",
        Scene(
            ways(CLICKHOUSE, took={"0.0$int[11,40]": 1}),
            ways(CLICKHOUSE, took={"$int[4,9].$int[100,999]": 1}),
        ),
    ),
    case(
        "clickhouse-other-mix",
        PROMOTE,
        "One query in seven scans more and takes 90 ms, as it does on stable.",
        Scene(
            ways(CLICKHOUSE, took={"0.0$int[11,40]": 87, "0.0$int[80,99]": 13}),
            ways(CLICKHOUSE, took={"0.0$int[11,40]": 85, "0.0$int[80,99]": 15}),
            weight=40,
        ),
    ),
    case(
        "streams-lag",
        NOT_PROMOTE,
        "The canary's consumer lag grows to 60,000 records within the window.",
        Scene(
            line(STREAMS, lag="$int[0,30]"),
            climbing(
                STREAMS, lag=("$int[0,60]", "$int[6000,11000]", "$int[22000,31000]", "$int[52000,64000]")
            ),
            rate=100,
        ),
    ),
    case(
        "streams-lag-worked-off",
        PROMOTE,
        "The canary begins with a backlog of its partitions, works it off within two minutes and keeps up since.",
        Scene(
            line(STREAMS, lag="$int[0,30]"),
            climbing(STREAMS, lag=("$int[300,700]", *("$int[0,40]",) * 7)),
            rate=100,
            minutes=15,
        ),
    ),
    case(
        "pool-waiting",
        NOT_PROMOTE,
        "All connections of the canary's pool are in use, and 40 to 90 threads wait; none waits on stable.",
        Scene(
            ((4, PAID), *ways(POOL, stats={"$int[1,4], idle=$int[6,9], waiting=0": 1})),
            ((4, PAID), *ways(POOL, stats={"10, idle=0, waiting=$int[40,90]": 1})),
        ),
    ),
    case(
        "pool-larger",
        PROMOTE,
        "The canary's pool has more idle connections, none is waited for.",
        Scene(
            ((4, PAID), *ways(POOL, stats={"$int[1,4], idle=$int[6,9], waiting=0": 1})),
            (
                (4, PAID),
                *ways(
                    POOL.replace("total=10", "total=20"), stats={"$int[1,4], idle=$int[16,19], waiting=0": 1}
                ),
            ),
        ),
    ),
    case(
        "event-loop-blocked",
        NOT_PROMOTE,
        "The canary's event loop is late by two to four seconds, stable's by some 12 ms.",
        Scene(line(LOOP, delay="$dec[9,20,2]"), line(LOOP, delay="$int[2100,3900].$int[10,99]"), rate=100),
    ),
    case(
        "transcription-slower-than-audio",
        NOT_PROMOTE,
        "The canary's real-time factor is 3 to 5, that is slower than the audio runs; stable's is 0.1.",
        Scene(line(SPOKEN, rtf="0.$int[10,19]"), line(SPOKEN, rtf="$int[3,5].$int[10,99]")),
    ),
    case(
        "head-gc-jitter",
        PROMOTE,
        "Head collections take 20 to 90 ms on both sides, in no order.",
        Scene(line(DISK, took="$go[20,90]"), line(DISK, took="$go[20,98]"), rate=90),
    ),
    case(
        "thumbs-faster",
        PROMOTE,
        "Pictures are resized in a tenth of the time.",
        Scene(line(RESIZED, took="$int[900,1500] ms"), line(RESIZED, took="$int[80,150] ms")),
    ),
    case(
        "throughput-collapsed",
        NOT_PROMOTE,
        "The canary indexes 20 to 60 documents a second where stable indexes 4,000.",
        Scene(line(RATE, rate="$int[3800,4400]"), line(RATE, rate="$int[20,60]"), rate=90),
    ),
    case(
        "documents-a-second-doubled",
        PROMOTE,
        "The canary indexes twice as many documents a second.",
        Scene(line(RATE, rate="$int[3800,4400]"), line(RATE, rate="$int[7600,9000]"), rate=90),
    ),
    case(
        "mail-deferred",
        NOT_PROMOTE,
        "The canary's deferred queue grows from nothing to thousands, stable's stays below ten.",
        Scene(
            line(MAIL, active="$int[1,9]", deferred="$int[0,8]"),
            climbing(
                line(MAIL, active="$int[1,9]"),
                deferred=("$int[0,20]", "$int[400,800]", "$int[1500,2200]", "$int[3000,4200]"),
            ),
            rate=90,
        ),
    ),
    case(
        "dropped-frames",
        NOT_PROMOTE,
        "The canary's encoders drop hundreds of frames and reach 7 to 11 a second; stable drops none at 30.",
        Scene(
            line(FRAMES, fps="$pick[30|30|29]", dropped="0"),
            line(FRAMES, fps="$int[7,11]", dropped="$int[300,700]"),
        ),
    ),
    case(
        "cache-warms-up",
        PROMOTE,
        "The canary's hit ratio climbs from 0.3 to stable's 0.9 in the first two minutes.",
        Scene(
            line(CACHE, ratio="0.9$int[0,4]"),
            climbing(CACHE, ratio=("0.4$int[0,9]", *("0.9$int[0,4]",) * 7)),
            rate=80,
            minutes=14,
        ),
    ),
)
