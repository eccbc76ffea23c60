"""Pipelines: Debezium, Logstash, Vector, Redpanda Connect, a JDBC sink of Kafka Connect."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, line
from cases.scene import Scene

case = partial(Case, half="tuned")

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
SINK_TASK = "[$sql,$int[100,999]] INFO [jdbc-sink|task-$int[0,3]] $message (io.aiven.connect.jdbc.sink.JdbcSinkTask:$line)"
WRITTEN = line(SINK_TASK, message="Wrote $int[400,500] records, upserted $int[400,500]", line="91")
TOMBSTONES = line(SINK_TASK, message="Wrote $int[400,500] records, deleted $deleted", line="94")

CASES = (
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
