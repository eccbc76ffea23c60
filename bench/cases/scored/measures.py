"""Figures that move: a Hikari pool, G1's pauses, vLLM's queue, Flink's checkpoints."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Mix, Phase, line
from cases.scene import Scene

case = partial(Case, family="measures", half="scored")

HIKARI = (
    "$time[%Y-%m-%d %H:%M:%S.%L] DEBUG [HikariPool-1:housekeeper] com.zaxxer.hikari.pool.HikariPool -"
    " HikariPool-1 - Pool stats ($stats)"
)
ROW = (
    "$time[%Y-%m-%d %H:%M:%S.%L]  INFO [exec-$int[1,40]] c.s.loyalty.PointsResource - points of member"
    " $int[1000,99999] read"
)
G1 = "[$time[%Y-%m-%dT%H:%M:%S.%L]+0000][info][gc] GC($seq[40]) Pause $kind $before->$after(2048M) $pause"
SERVED = (
    "$time[%H:%M:%S.%L] [vert.x-eventloop-thread-$int[0,3]] INFO quote - quote $hex[6] priced for"
    " $int[1,40] legs"
)
VLLM = (
    "INFO $time[%m-%d %H:%M:%S] [loggers.py:111] Engine 000: Avg prompt throughput: $prompt tokens/s,"
    " Avg generation throughput:"
    " $gen tokens/s, Running: $running reqs, Waiting: $wait reqs, GPU KV cache usage: $kv%, Prefix"
    " cache hit rate: $hit%"
)
COMPLETION = 'INFO:     $ip:$int[20000,60000] - "POST /v1/chat/completions HTTP/1.1" 200 OK'
FLINK = (
    "$comma INFO  org.apache.flink.runtime.checkpoint.CheckpointCoordinator [] - Completed checkpoint"
    " $seq[8100] for job $hex[32]"
    " ($size bytes, checkpointDuration=$took ms, finalizationTime=$int[2,30] ms)."
)
WINDOW = "$comma INFO  com.shop.fraud.ScoreFunction [] - window scored, key=$int[100,999], $int[4,60] events"


def pooled(stats: str) -> Mix:
    return ((15, line(HIKARI, stats=stats)), (70, ROW))


def collected(kind: str, before: str, after: str, pause: str, share: float = 25) -> Mix:
    return ((share, line(G1, kind=kind, before=before, after=after, pause=pause)), (70, SERVED))


def engine(wait: str, running: str, kv: str, gen: str, hit: str = "$int[30,50].$int[0,9]") -> Mix:
    prompt = "$int[900,2400].$int[0,9]"
    return (
        (12, line(VLLM, prompt=prompt, gen=gen, running=running, wait=wait, kv=kv, hit=hit)),
        (70, COMPLETION),
    )


def checkpointed(took: str | tuple[str, ...], size: str) -> Log:
    """Return a job's checkpoints: their durations as one draw or going through several."""
    steps = (took,) if isinstance(took, str) else took
    return Log(
        tuple(
            Phase(((30, line(FLINK, took=step, size=size)), (60, WINDOW)), until=(number + 1) / len(steps))
            for number, step in enumerate(steps)
        )
    )


CASES = (
    case(
        "hikari-waiting",
        NOT_PROMOTE,
        (
            "All of the canary's ten connections are active all the time and 40 to 180 threads wait,"
            " against none on stable."
        ),
        Scene(
            pooled("total=10, active=$int[1,5], idle=$int[5,9], waiting=0"),
            pooled("total=10, active=10, idle=0, waiting=$int[40,180]"),
            rate=110,
            weight=40,
        ),
    ),
    case(
        "hikari-larger-pool",
        PROMOTE,
        "The canary's pool has 30 connections instead of 10, most of them idle, and nobody waits.",
        Scene(
            pooled("total=10, active=$int[1,5], idle=$int[5,9], waiting=0"),
            pooled("total=30, active=$int[1,5], idle=$int[25,29], waiting=0"),
            rate=130,
            minutes=14,
        ),
    ),
    case(
        "g1-full-pauses",
        NOT_PROMOTE,
        (
            "The canary's heap stays full after each collection and pauses last seconds, where stable's"
            " take some milliseconds."
        ),
        Scene(
            collected(
                "Young (Normal) (G1 Evacuation Pause)", "$int[900,1300]M", "$int[300,420]M", "$dec[3,14,3]ms"
            ),
            collected(
                "Full (G1 Compaction Pause)", "$int[2030,2047]M", "$int[2010,2029]M", "$dec[1900,4200,3]ms"
            ),
            rate=110,
        ),
    ),
    case(
        "g1-mixed-pauses",
        PROMOTE,
        (
            "The canary's collector also runs mixed collections, as short as the young ones, and the heap"
            " is as empty after them."
        ),
        Scene(
            collected(
                "Young (Normal) (G1 Evacuation Pause)", "$int[900,1300]M", "$int[300,420]M", "$dec[3,14,3]ms"
            ),
            collected(
                "$pick[Young (Normal)|Young (Normal)|Young (Mixed)] (G1 Evacuation Pause)",
                "$int[900,1300]M",
                "$int[300,420]M",
                "$dec[3,14,3]ms",
            ),
            rate=110,
        ),
    ),
    case(
        "vllm-queue",
        NOT_PROMOTE,
        (
            "Dozens to hundreds of requests wait in the canary's engine with its cache full; in stable's"
            " at most one does."
        ),
        Scene(
            engine("$int[0,1]", "$int[4,14]", "$int[8,40].$int[0,9]", "$int[300,600].$int[0,9]"),
            engine("$int[70,320]", "$int[90,96]", "99.$int[0,9]", "$int[20,60].$int[0,9]"),
            weight=40,
            every=((15.0, 'INFO:     10.42.0.1:$int[20000,60000] - "GET /health HTTP/1.1" 200 OK'),),
            rate=90,
        ),
    ),
    case(
        "vllm-more-throughput",
        PROMOTE,
        (
            "The canary's engine generates three times the tokens a second and its prefix cache hits more"
            " often; none waits longer."
        ),
        Scene(
            engine("$int[0,1]", "$int[4,14]", "$int[8,40].$int[0,9]", "$int[300,600].$int[0,9]"),
            engine(
                "$int[0,1]",
                "$int[4,12]",
                "$int[8,38].$int[0,9]",
                "$int[1000,1700].$int[0,9]",
                "$int[60,80].$int[0,9]",
            ),
            weight=40,
            every=((15.0, 'INFO:     10.42.0.1:$int[20000,60000] - "GET /health HTTP/1.1" 200 OK'),),
            rate=120,
        ),
    ),
    case(
        "flink-checkpoints-grow",
        NOT_PROMOTE,
        (
            "The canary's checkpoints take longer and longer, from 800 ms to four minutes; stable's stay"
            " below a second."
        ),
        Scene(
            checkpointed("$int[400,900]", "$int[4000000,6000000]"),
            checkpointed(
                (
                    "$int[500,900]",
                    "$int[4000,9000]",
                    "$int[20000,40000]",
                    "$int[80000,110000]",
                    "$int[190000,240000]",
                ),
                "$int[4000000,6000000]",
            ),
            weight=50,
            rate=70,
            minutes=14,
        ),
    ),
    case(
        "flink-a-fifth-more-state",
        PROMOTE,
        "The canary keeps a fifth more state, so its checkpoints are larger, and take as long as stable's.",
        Scene(
            checkpointed("$int[400,900]", "$int[4000000,6000000]"),
            checkpointed("$int[420,930]", "$int[5000000,7200000]"),
            weight=50,
            rate=70,
            minutes=14,
        ),
    ),
)
