"""Measures in the log: Rails, Micrometer in JSON, Envoy, .NET TimeSpans, Celery, Elasticsearch, backlog,
retries, counters.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import climbing, line, ways
from cases.scene import Scene

case = partial(Case, family="measures", half="tuned")

RAILS = "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #7]  INFO -- : Completed 200 OK in $took (Views: $int[0,3].$int[0,9]ms | Allocations: $allocations)"
SPRING = (
    '{"@timestamp":"$iso","level":"INFO","logger_name":"c.s.web.RequestTimer","thread_name":"http-nio-8080-exec-$int[1,60]",'
    '"message":"handled","uri":"/quotes","duration_us":$took}'
)
ENVOY = (
    '{"start_time":"$iso","method":"GET","path":"/v2/search?q=$hex[6]","response_code":200,"response_flags":"-",'
    '"bytes_sent":$int[300,9000],"duration":$took,"upstream_cluster":"inbound|8080||","request_id":"$uuid"}'
)
DOTNET = "info: Reports.Render[12]\n      Rendered report $int[1000,9999] ($int[2,9] pages) in $took"
CELERY = "[$comma: INFO/ForkPoolWorker-$int[1,8]] Task mail.send[$uuid] succeeded in $took: None"
SEARCH = "$iso search index=products hits=$int[0,900] took_millis=$took shards=5/5"
BACKLOG = "$time[%H:%M:%S] ingest: committed chunk $seq[500], backlog=$backlog rows"
RETRY = '{"ts":$epochf,"msg":"upload complete","object":"$hex[20]","bytes":$int[10000,900000],"retry_count":$retries}'
CONSUMED = (
    "$sql INFO consumer - committed offset=$seq[$offset] partition=$partition ts=$epochms in $ms[2,9] ms"
)
THROUGHPUT = "$sql INFO meter - handled $per_s requests/s, p99 $int[38,52] ms"
PAGES = "$sql INFO exporter - pdf $hex[8] rendered: $pages pages in $ms[80,300] ms"


def offsets(begin: str, partition: str) -> tuple[tuple[float, str], ...]:
    """Return a consumer's commits on a partition from an offset on."""
    return ((1, CONSUMED.replace("$offset", begin).replace("$partition", partition)),)


CASES = (
    case(
        "rails-12s",
        NOT_PROMOTE,
        "Rails completes the canary's requests in 12 s, stable's in 25 ms.",
        Scene(
            ways(line(RAILS, allocations="$int[900,3000]"), took={"$int[18,44]ms": 1}),
            ways(line(RAILS, allocations="$int[900,3000]"), took={"$int[10500,13900]ms": 1}),
            minutes=8,
        ),
    ),
    case(
        "rails-allocations",
        PROMOTE,
        "Three times the allocations and the same time: nobody notices.",
        Scene(
            ways(line(RAILS, allocations="$int[900,3000]"), took={"$int[18,44]ms": 1}),
            ways(line(RAILS, allocations="$int[2900,9000]"), took={"$int[18,46]ms": 1}),
        ),
    ),
    case(
        "spring-microseconds",
        NOT_PROMOTE,
        "duration_us is 9 to 12 million on the canary, that is 9 to 12 s, and 20 to 60 thousand on stable.",
        Scene(ways(SPRING, took={"$int[20000,60000]": 1}), ways(SPRING, took={"$int[9000000,12000000]": 1})),
    ),
    case(
        "spring-tail-alike",
        PROMOTE,
        "Both sides have the same slow tail of one request in thirty.",
        Scene(ways(SPRING, took={"$int[20000,60000]": 97, "$int[700000,1100000]": 3}), weight=35, rate=220),
    ),
    case(
        "envoy-duration",
        NOT_PROMOTE,
        "Envoy counts 12,000 ms for the canary's searches, 40 on stable.",
        Scene(
            ways(ENVOY, took={"$int[15,70]": 1}),
            ways(ENVOY, took={"$int[10900,13000]": 1}),
            weight=10,
            rate=260,
        ),
    ),
    case(
        "dotnet-timespan",
        NOT_PROMOTE,
        "A report takes 00:00:11 on the canary and 00:00:00.2 on stable.",
        Scene(
            ways(DOTNET, took={"00:00:00.$int[1500000,3200000]": 1}),
            ways(DOTNET, took={"00:00:1$int[0,3].$int[1000000,9999999]": 1}),
            rate=80,
        ),
    ),
    case(
        "celery-slow",
        NOT_PROMOTE,
        "Celery's tasks succeed after 14 s on the canary, after 0.1 s on stable.",
        Scene(
            ways(CELERY, took={"0.$int[10,19]$int[1000000,9999999]s": 1}),
            ways(CELERY, took={"1$int[3,5].$int[1000000,9999999]s": 1}),
        ),
    ),
    case(
        "elasticsearch-jitter",
        PROMOTE,
        "A median of 22 ms in place of 19 with the same spread is jitter.",
        Scene(ways(SEARCH, took={"$ms[8,90]": 1}), ways(SEARCH, took={"$ms[9,99]": 1})),
    ),
    case(
        "backlog-grows",
        NOT_PROMOTE,
        "The canary's backlog rises without end while stable's stays below a hundred.",
        Scene(
            line(BACKLOG, backlog="$int[3,90]"),
            climbing(
                BACKLOG,
                backlog=("$int[40,300]", "$int[8000,12000]", "$int[22000,30000]", "$int[55000,70000]"),
            ),
            minutes=15,
            rate=60,
        ),
    ),
    case(
        "retry-count-seven",
        NOT_PROMOTE,
        "Each upload of the canary takes seven to nine retries, stable's none.",
        Scene(ways(RETRY, retries={"0": 98, "1": 2}), ways(RETRY, retries={"7": 30, "8": 40, "9": 30})),
    ),
    case(
        "offsets-differ",
        PROMOTE,
        "Offsets and epoch times name a place in a partition; they are no measure, and each commit succeeds.",
        Scene(offsets("88120045", "2"), offsets("1204", "7")),
    ),
    case(
        "throughput-doubled",
        PROMOTE,
        "The canary's pod handles twice as many requests per second at the same p99.",
        Scene(
            ((3, line(THROUGHPUT, per_s="$int[110,150]")),),
            ((3, line(THROUGHPUT, per_s="$int[230,290]")),),
            weight=50,
            pods=(2, 1),
            rate=60,
        ),
    ),
    case(
        "pages-more",
        PROMOTE,
        "The documents have more pages, as an appendix was added, and are rendered as fast.",
        Scene(line(PAGES, pages="$int[2,6]"), line(PAGES, pages="$int[9,14]"), rate=100),
    ),
)
