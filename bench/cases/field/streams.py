"""Stream processors: Kafka Streams, Flink, Spark, Beam, a consumer of clicks."""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import climbing, line
from cases.scene import Scene

case = partial(Case, half="tuned")

KSTREAMS = "[$comma] $level [basket-totals-StreamThread-$int[1,4]] $message"
PROCESSED = line(
    KSTREAMS,
    level="INFO",
    message=(
        "stream-thread processed $int[4000,9000] total records, ran $int[0,9] punctuators, and committed"
        " $int[10,40] total tasks since the last update (o.a.k.streams.processor.internals.StreamThread)"
    ),
)
NO_KEY = line(
    KSTREAMS,
    level="WARN",
    message=(
        "Skipping record due to null key. topic=[basket-items] partition=[$int[0,11]] offset=[$seq[8841200,3]]"
        " (o.a.k.streams.kstream.internals.KStreamAggregate)"
    ),
)
EXPIRED = line(
    KSTREAMS,
    level="WARN",
    message=(
        "Skipping record for expired window. topic=[basket-items] partition=[$int[0,11]]"
        " offset=[$seq[8841200,3]] timestamp=[$epoch000] expiration=[$epoch001] streamTime=[$epochms]"
        " (o.a.k.streams.kstream.internals.KStreamWindowAggregate)"
    ),
)
FLINK = "$comma INFO  c.a.fraud.WindowStats                      [] - subtask=$int[0,7] window=5m $rest"
FIRED = line(FLINK, rest="watermark=$epochms in=$int[900,4000] fired=$int[30,90] late=$int[0,3]")
STUCK = line(FLINK, rest="watermark=-9223372036854775808 in=$int[900,4000] fired=0 late=0")
CHECKED = (
    "$comma INFO  o.a.f.runtime.checkpoint.CheckpointCoordinator [] - Completed checkpoint $seq[5120] for job"
    " 6c0a8c1f2d (bytes=$int[31000000,39000000], checkpointDuration=$ms[300,900] ms, finalizationTime=$int[2,9] ms)."
)
CHECKED_LESS = CHECKED.replace("$int[31000000,39000000]", "$int[3900000,6100000]").replace(
    "$ms[300,900]", "$ms[150,500]"
)
SPARK = (
    "$time[%y/%m/%d %H:%M:%S] INFO MicroBatchExecution: Streaming query made progress: {\n"
    '  "name" : "sessions",\n'
    '  "batchId" : $seq[77120],\n'
    '  "numInputRows" : $in,\n'
    '  "durationMs" : { "addBatch" : $ms[200,900], "triggerExecution" : $ms[901,1500] },\n'
    '  "stateOperators" : [ { "numRowsTotal" : $total, "numRowsDroppedByWatermark" : $dropped } ],\n'
    '  "sink" : { "description" : "DeltaSink[s3a://lake/sessions]", "numOutputRows" : $out }\n'
    "}"
)
SESSIONS = line(SPARK, total="$int[61000,69000]", dropped="$int[0,4]", out="$int[310,900]").replace(
    "$in,", "$int[700,2400],"
)
ALL_LATE = line(SPARK, total="$int[0,9]", dropped="$int[690,2390]", out="$int[0,3]").replace(
    "$in,", "$int[700,2400],"
)
QUIET = line(SPARK, total="$int[61000,69000]", dropped="0", out="0").replace("$in,", "0,")
BEAM = (
    '{"severity":"INFO","time":"$iso","worker":"$pod","step":"$step","message":"bundle finished","elements":$elements,'
    '"droppedDueToLateness":$late,"lagSec":$int[2,9]}'
)
BUNDLE = line(
    BEAM, step="$pick[Window/Group|Window/Group|Enrich]", elements="$int[300,2000]", late="$int[0,2]"
)
LATE = line(BEAM, step="Window/Group", elements="$int[300,2000]", late="$int[290,1900]")
BUNDLES = ((60, BUNDLE), (40, line(BEAM, step="Write/ToTable", elements="$int[280,1900]", late="0")))
CLICK = "$time[%H:%M:%S.%L] clicks-$int[0,5] polled=$int[400,500] lag=$lag commit=ok"

CASES = (
    case(
        "kafka-streams-null-keys",
        ROLLBACK,
        "The canary skips a record for want of a key many times a minute and so adds nothing to its totals; stable never does.",
        Scene(
            ((20, PROCESSED), (2, EXPIRED)),
            ((20, PROCESSED), (2, EXPIRED), (60, NO_KEY)),
            rate=90,
            weight=50,
            pods=(2, 2),
        ),
        family="levels",
    ),
    case(
        "kafka-streams-expired-windows",
        PROMOTE,
        "Records that come after their window's end are skipped on both sides, as few on the canary as on stable.",
        Scene(
            ((20, PROCESSED), (3, EXPIRED)),
            ((20, PROCESSED), (3.3, EXPIRED)),
            rate=90,
            weight=50,
            pods=(2, 2),
        ),
        family="levels",
    ),
    case(
        "flink-watermark-stands",
        ROLLBACK,
        "The canary's watermark is the least long there is and no window of it ever fires, though records come in as on stable.",
        Scene(
            ((80, FIRED), (20, CHECKED)),
            ((80, STUCK), (20, CHECKED)),
            rate=100,
            weight=50,
            pods=(1, 1),
            age=600,
        ),
        family="measures",
    ),
    case(
        "flink-smaller-checkpoints",
        PROMOTE,
        "The canary's checkpoints are incremental, so a seventh as large and quicker; each completes, and windows fire as before.",
        Scene(
            ((80, FIRED), (20, CHECKED)),
            ((80, FIRED), (20, CHECKED_LESS)),
            rate=100,
            weight=50,
            pods=(1, 1),
            age=600,
        ),
        family="measures",
    ),
    case(
        "spark-all-dropped-as-late",
        ROLLBACK,
        "The canary drops almost every row by its watermark and writes next to none; stable drops at most a few in a batch.",
        Scene(SESSIONS, ALL_LATE, rate=24, weight=50, minutes=15, pods=(1, 1)),
        family="measures",
    ),
    case(
        "spark-quiet-batches",
        PROMOTE,
        "One batch in five has no rows to read on either side; where there are rows, the canary writes them as stable does.",
        Scene(
            ((80, SESSIONS), (20, QUIET)),
            ((79, SESSIONS), (21, QUIET)),
            rate=24,
            weight=50,
            minutes=15,
            pods=(1, 1),
        ),
        family="share",
    ),
    case(
        "beam-late-in-grouping",
        ROLLBACK,
        "A third of the canary's grouping bundles drop nearly all their elements as late; on stable at most two of a bundle are.",
        Scene(BUNDLES, ((40, BUNDLES[0][1]), (20, LATE), BUNDLES[1]), rate=140, weight=25),
        family="measures",
    ),
    case(
        "beam-larger-bundles",
        PROMOTE,
        "The canary finishes larger bundles; what is dropped for lateness is as little as before.",
        Scene(
            BUNDLES,
            tuple(
                (
                    share,
                    text.replace("$int[300,2000]", "$int[700,4200]").replace(
                        "$int[280,1900]", "$int[690,4100]"
                    ),
                )
                for share, text in BUNDLES
            ),
            rate=140,
            weight=25,
        ),
        family="measures",
    ),
    case(
        "clicks-lag-climbs",
        ROLLBACK,
        "The lag of the canary's partitions climbs from hundreds to ninety thousand within the window; stable's stays in the hundreds.",
        Scene(
            line(CLICK, lag="$int[90,700]"),
            climbing(
                CLICK,
                lag=(
                    "$int[200,900]",
                    "$int[7000,11000]",
                    "$int[26000,34000]",
                    "$int[55000,63000]",
                    "$int[84000,93000]",
                ),
            ),
            rate=120,
            weight=50,
            pods=(2, 2),
            age=120,
        ),
        family="measures",
    ),
    case(
        "clicks-lag-worked-off",
        PROMOTE,
        "The canary starts on the backlog of the handover and works it off within two minutes; then its lag is stable's.",
        Scene(
            line(CLICK, lag="$int[90,700]"),
            climbing(
                CLICK,
                lag=("$int[9000,14000]", "$int[2000,4000]", *("$int[90,700]",) * 8),
            ),
            rate=120,
            weight=50,
            pods=(2, 2),
        ),
        family="healed",
    ),
)
