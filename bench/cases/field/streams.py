"""Streams: Kafka Streams, Flink, Spark, Debezium, Logstash, Vector, Redpanda Connect, Beam, a consumer of clicks, Kafka Connect."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, climbing, line
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

DEBEZIUM = "$comma INFO   MySQL|shopdb|$context  $message"
SENT = line(
    DEBEZIUM,
    context="streaming",
    message=(
        "$int[40,800] records sent during previous 00:00:$int[10,59].$int[100,999], last recorded offset of"
        " {server=shopdb} partition is {ts_sec=$epoch, file=mysql-bin.000$int[610,612], pos=$int[4000,99000000]}"
        "   [io.debezium.connector.common.BaseSourceTask]"
    ),
)
SNAPSHOT = (
    line(
        DEBEZIUM,
        context="snapshot",
        message="Snapshot step 1 - Preparing   [io.debezium.relational.RelationalSnapshotChangeEventSource]",
    )
    + "\n"
    + line(
        DEBEZIUM,
        context="snapshot",
        message=(
            "Exporting data from table 'shopdb.$pick[orders|items|customers]' (1 of 3 tables)  "
            " [io.debezium.relational.RelationalSnapshotChangeEventSource]"
        ),
    )
)

RUBY = (
    '{\n    "@timestamp" => $iso,\n          "host" => "gw$int[1,40]",\n$fields       "message" => "$text"\n}'
)
PARSED = (
    '          "verb" => "GET",\n        "status" => $pick[200|200|204|304],\n          "tags" => [$tags],\n'
)
WEB = "$client GET /p/$int[100,999] 200"
FIELDS = line(RUBY, text=WEB, fields=line(PARSED, tags='"beats_input_raw_event"'))
FIELDS_MORE = line(
    RUBY, text=WEB, fields=line(PARSED, tags='"beats_input_raw_event", "no_geoip_failure_seen"')
)
UNPARSED = line(
    RUBY, text=WEB, fields='          "tags" => ["beats_input_raw_event", "_grokparsefailure"],\n'
)

VECTOR = "$time[%Y-%m-%dT%H:%M:%S.%L]123Z  INFO $where $message"
SINK = 'sink{component_kind="sink" component_id=lake component_type=aws_s3}:'
UPLOADED = line(
    VECTOR, where=SINK, message="corp::audit: Batch uploaded. events=$int[900,1000] received=$int[1000,1010]"
)
HALVED = line(
    VECTOR, where=SINK, message="corp::audit: Batch uploaded. events=$int[410,560] received=$int[1000,1010]"
)
SAMPLED = line(
    VECTOR,
    where='transform{component_kind="transform" component_id=drop_debug component_type=filter}:',
    message="vector_common::internal_event::component_events_dropped: Events dropped intentional=true count=$int[5,90]",
)

CONNECT = 'level=info msg="$message" @service=redpanda-connect label=$label path=root.$path'
ROUTED = (
    line(CONNECT, message="routed", label="by_tenant", path="pipeline.processors.2.switch")
    + " case=$case tenant=t$int[100,480]"
)
KNOWN = line(ROUTED, case="$pick[0|0|1|2]")
FALLBACK = line(ROUTED, case="default")

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

SINK_TASK = "[$sql,$int[100,999]] INFO [jdbc-sink|task-$int[0,3]] $message (io.aiven.connect.jdbc.sink.JdbcSinkTask:$line)"
WRITTEN = line(SINK_TASK, message="Wrote $int[400,500] records, upserted $int[400,500]", line="91")
TOMBSTONES = line(SINK_TASK, message="Wrote $int[400,500] records, deleted $deleted", line="94")

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
        "debezium-snapshot-again-and-again",
        ROLLBACK,
        "The canary begins a snapshot of all tables again every half a minute and streams little; stable has none in the window.",
        Scene(
            SENT,
            Log((Phase(SENT, rate=0.2),), every=((28.0, SNAPSHOT),)),
            rate=30,
            weight=50,
            minutes=18,
            pods=(1, 1),
        ),
        family="stops",
    ),
    case(
        "debezium-first-snapshot",
        PROMOTE,
        "The canary takes its first snapshot once, at its start, and then streams at stable's pace to the end.",
        Scene(SENT, Log((Phase(SENT),), start=(SNAPSHOT,)), rate=30, weight=50, minutes=18, pods=(1, 1)),
        family="healed",
    ),
    case(
        "logstash-grok-failure",
        ROLLBACK,
        "Every second event of the canary is tagged _grokparsefailure and has neither verb nor status; on stable none is.",
        Scene(FIELDS, ((50, FIELDS), (50, UNPARSED)), rate=80, weight=35),
        family="unlevelled",
    ),
    case(
        "logstash-one-more-tag",
        PROMOTE,
        "The canary adds a tag that says there was no failure; each of its events has its verb and status.",
        Scene(FIELDS, FIELDS_MORE, rate=80, weight=35),
        family="formats",
    ),
    case(
        "vector-half-uploaded",
        ROLLBACK,
        "The canary uploads about half of the events that it receives; stable all but a few. Nothing says where they went.",
        Scene(
            ((70, UPLOADED), (30, SAMPLED)), ((70, HALVED), (30, SAMPLED)), rate=70, weight=30, pods=(3, 2)
        ),
        family="measures",
    ),
    case(
        "vector-drops-intended",
        PROMOTE,
        "Events dropped by the filter are intended ones, and their share and the uploaded events are alike on both sides.",
        Scene(
            ((70, UPLOADED), (30, SAMPLED)), ((68, UPLOADED), (32, SAMPLED)), rate=70, weight=30, pods=(3, 2)
        ),
        family="unlevelled",
    ),
    case(
        "connect-all-to-default",
        ROLLBACK,
        "The canary's switch sends one in three messages of known tenants to its default case; on stable two in a hundred go there.",
        Scene(((98, KNOWN), (2, FALLBACK)), ((66, KNOWN), (34, FALLBACK)), rate=200, weight=20),
        family="share",
    ),
    case(
        "connect-paths-renumbered",
        PROMOTE,
        "The canary's pipeline has one processor more before the switch; the cases that it takes are stable's.",
        Scene(
            ((98, KNOWN), (2, FALLBACK)),
            (
                (98, KNOWN.replace("processors.2", "processors.3")),
                (2, FALLBACK.replace("processors.2", "processors.3")),
            ),
            rate=200,
            weight=20,
        ),
        family="formats",
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
    case(
        "jdbc-sink-deletes",
        NOT_PROMOTE,
        "The canary's sink deletes as many rows as it writes, batch after batch; stable deletes at most three of a batch.",
        Scene(
            ((80, WRITTEN), (20, line(TOMBSTONES, deleted="$int[0,3]"))),
            ((15, WRITTEN), (85, line(TOMBSTONES, deleted="$int[380,500]"))),
            rate=60,
            weight=50,
            pods=(1, 1),
        ),
        family="measures",
    ),
    case(
        "jdbc-sink-few-tombstones",
        PROMOTE,
        "A fifth of the batches on either side have a tombstone or two for customers who left; all else is upserted.",
        Scene(
            ((80, WRITTEN), (20, line(TOMBSTONES, deleted="$int[0,3]"))),
            ((78, WRITTEN), (22, line(TOMBSTONES, deleted="$int[0,3]"))),
            rate=60,
            weight=50,
            pods=(1, 1),
        ),
        family="share",
    ),
)
