"""Statuses, codes, measures and levels in many more shapes, each as a fault and as its harmless twin."""

from collections.abc import Iterator

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import ways
from cases.scene import Scene

# An access log's line, or an event, and what it has where all is well, and where it failed.
STATUS = {
    "rack-common": (
        '$ip - - [$clf] "GET /coupons/$int[1,900] HTTP/1.1" $status $int[20,900] 0.0$int[100,900]',
        "200",
        "500",
    ),
    "php-built-in": (
        "[$time[%a %b %d %H:%M:%S %Y]] $ip:$int[30000,60000] [$status]: GET /shelf/$int[1,900]",
        "200",
        "500",
    ),
    "fiber": ("$time[%H:%M:%S] | $status | $ms[1,9]ms | $ip | GET | /stock/$int[1,900] | -", "200", "502"),
    "negroni": (
        "[negroni] $iso | $status | \t $dec[1,9,3]ms | api.example.com | PUT /stock/$int[1,900]",
        "200",
        "500",
    ),
    "beego": (
        "$time[%Y/%m/%d %H:%M:%S.%L] [D] [server.go:2887]  | $ip| $status |  $dec[1,9,3]ms|   match| GET      /v1/seat/$int[1,900]",
        "200",
        "500",
    ),
    "lighttpd": (
        '$ip files.example.com - [$clf] "GET /f/$int[1,900] HTTP/1.0" $status $int[20,900] "-" "curl/8"',
        "200",
        "503",
    ),
    "cherrypy": (
        '$ip - - [$time[%d/%b/%Y:%H:%M:%S]] "POST /vote/$int[1,900] HTTP/1.1" $status $int[20,900] "" "okhttp"',
        "200",
        "500",
    ),
    "http4s": (
        "$time[%H:%M:%S.%L] [io-compute-$int[1,8]] INFO o.h.s.m.Logger - HTTP/1.1 $status Headers(Content-Type: application/json)",
        "200 OK",
        "500 Internal Server Error",
    ),
    "plug": ("$time[%H:%M:%S.%L] request_id=$hex[20] [info] Sent $status in $int[200,900]µs", "200", "500"),
    "echo-json": (
        '{"time":"$iso","id":"","remote_ip":"$ip","host":"api","method":"GET","uri":"/a/$int[1,90]","status":$status,"error":"","latency":$int[100000,900000],"latency_human":"3ms","bytes_in":0,"bytes_out":$int[20,900]'
        "}",
        "200",
        "500",
    ),
    "cloudflare-logpush": (
        '{"ClientIP":"$client","ClientRequestURI":"/p/$int[1,90]","EdgeResponseBytes":$int[200,900],"EdgeResponseStatus":$status,"EdgeStartTimestamp":"$iso","RayID":"$hex[16]"'
        "}",
        "200",
        "520",
    ),
    "gcp-http-request": (
        '{"httpRequest":{"requestMethod":"GET","requestUrl":"/q/$int[1,90]","status":$status,"responseSize":"$int[200,900]","latency":"0.0$int[10,90]s"},"severity":"INFO","time":"$iso"'
        "}",
        "200",
        "500",
    ),
    "app-gateway": (
        '{"timeStamp":"$iso","operationName":"ApplicationGatewayAccess","properties":{"clientIP":"$client","httpMethod":"GET","requestUri":"/z/$int[1,90]","httpStatus":$status,"sentBytes":$int[200,900]}'
        "}",
        "200",
        "502",
    ),
    "nuxt-h3": ("[$iso] GET /menu/$int[1,90] → $status ($ms[3,60] ms)", "200", "500"),
    "quarkus": (
        '$comma INFO  [io.qua.htt.access-log] (executor-thread-$int[1,9]) $ip - - $clf "GET /fee/$int[1,90] HTTP/1.1" $status $int[20,900]',
        "200",
        "500",
    ),
    "yarp": (
        "info: Yarp.ReverseProxy.Forwarder.HttpForwarder[56]\n      Received HTTP/2.0 response $status.",
        "200",
        "503",
    ),
    "nats-http": (
        "$iso [gateway] <- $status $pick[GET|POST] upstream=orders path=/o/$int[1,90] t=$ms[3,60]ms",
        "200",
        "502",
    ),
    "status-in-words": (
        "$sql response for cart/$int[1,900]: $status, $int[20,900] bytes",
        "OK",
        "Internal Server Error",
    ),
    "squid-native": (
        "$epochf $int[3,90] $ip TCP_HIT/$status $int[200,900] GET http://pkg.example/deb/$int[1,90] - NONE/- text/plain",
        "200",
        "503",
    ),
    "ats": (
        "$epochf $int[3,90] $ip TCP_MEM_HIT/$status $int[200,900] GET https://pkg.example/whl/$int[1,90] - NONE/- text/plain",
        "200",
        "502",
    ),
    "code-in-brackets": ("$iso call to pricing [$status] in $ms[3,60]ms", "200", "500"),
    "http-underscore": ("$iso outcome=HTTP_$status route=/seat took=$ms[3,60]ms", "200", "503"),
    "rsp": ("$sql rsp=$status;ms=$ms[3,60];svc=tax;k=$int[1,90]", "200", "500"),
    "aws-api-gateway": (
        '$uuid $ip - - [$clf] "GET /prod/a/$int[1,90]" $status $int[20,900] $hex[12]=',
        "200",
        "504",
    ),
    "linkerd": (
        '{"client.addr":"$ip:$int[30000,60000]","method":"POST","processing_ns":"$int[10000,90000]","status":"$status","timestamp":"$iso","total_ns":"$int[1000000,9000000]","uri":"http://tax:80/v"'
        "}",
        "200",
        "503",
    ),
    "finagle": ('$ip - - [$clf] "GET /x/$int[1,90] HTTP/1.1" $status - $ms[3,60] "-"', "200", "500"),
}
CODES = {
    "s3-multi": ("$sql bucket upload part=$int[1,90] etag=$hex[8] status=$end", "Complete", "InternalError"),
    "ora": ("$sql batch $int[1000,9999]: $end", "committed", "ORA-01653: unable to extend table"),
    "db2": ("$sql row $int[1000,9999] $end", "written", "DB2 SQL Error: SQLCODE=-803, SQLSTATE=23505"),
    "sqlserver": (
        "$sql load $int[1000,9999]: $end",
        "ok",
        "Msg 208, Level 16, State 1, Invalid object name 'dbo.Stock'",
    ),
    "mongo-e11000": ("$sql upsert $int[1000,9999] $end", "ok", "E11000 dup key"),
    "hresult": ("$sql mailbox $int[1,90]: result $end", "0x00000000", "0x80070005"),
    "ret-tuple": ("$sql rpc(orders.put) -> ($end)", "0, 0", "0, 110"),
    "grpc-in-brackets": ("$sql rpc /cart.Cart/Add [$end] $ms[1,20]ms", "OK", "INTERNAL"),
    "grpc-dotted": ("$iso done method=Quote code=$end elapsed=$ms[1,20]ms", "codes.OK", "codes.Unavailable"),
    "rust-result": ("$iso batch $int[1,900] -> $end", "Ok(())", "Err(Timeout)"),
    "smtp": ("$sql mail $hex[8] to queue: $end", "250 2.0.0 Ok", "451 4.3.0 Temporary lookup"),
    "modbus": ("$sql plc $int[1,9] register $int[1,90] exception=$end", "0", "4"),
    "negative": ("$sql wrote frame $int[1,900]: $end", "1024", "-5"),
    "checks-x-of-y": ("$sql probe set done, $end checks passed", "12/12", "5/12"),
    "errors-list": (
        '{"ts":"$iso","op":"checkout","order":$int[1000,9999],"errors":$end}',
        "[]",
        '["NO_PRICE"]',
    ),
    "graphql": ('{"ts":"$iso","operationName":"Cart","durationMs":$ms[3,40],"errorCount":$end}', "0", "2"),
    "null-result": ('{"ts":"$iso","op":"quote","id":$int[1000,9999],"result":"$end"}', "accepted", "failure"),
    "tick-marks": ("$sql $end contract $int[1,900]", "✓", "✗"),
    "y-n": ("$sql sku=$int[1000,9999] stored=$end", "Y", "N"),
    "state-word": ("$sql workflow w-$int[1000,9999] closed with state $end", "COMPLETED", "TIMED_OUT"),
    "phase": (
        '{"time":"$iso","msg":"workflow node done","node":"n-$int[1,900]","phase":"$end"}',
        "Succeeded",
        "Failed",
    ),
    "exit-status": ("$sql cron[render]: child $int[100,900] exited, status $end", "0", "2"),
    "curl-exit": ("$sql fetch feed $int[1,90]: curl exit $end", "0", "28"),
    "errno-name": ("$sql send pkt=$int[1,9000] errno=$end", "0", "113"),
    "soap": ("$sql soap call id=$int[1,9000] faultcode=$end", "none", "Server"),
    "rcode-short": ("$sql q=$int[1,9000] type=A rcode=$end t=$ms[1,9]ms", "0", "2"),
    "reply-zero": ("$sql ack $int[1000,9999] (code $end)", "0", "17"),
}
MEASURES = {
    "plus-ms": ("app:cache fetched key $int[1,900] $end", "+$ms[1,9]ms", "+$int[2100,4800]ms"),
    "in-brackets": ("$sql rendered page $int[1,900] [$end]", "$ms[4,20]ms", "$int[5000,9000]ms"),
    "tilde": ("$sql sync shard $int[1,9] ~$end", "$ms[4,20]ms", "$int[5000,9000]ms"),
    "iso-duration": ("$sql task $int[1,900] ran PT$endS", "0.0$int[10,90]", "$int[5,9].$int[10,90]"),
    "docs-per-second": ("$sql ingest rate: $end msgs/sec", "$int[2900,3300]", "$int[20,60]"),
    "rps-field": ("$iso level=info msg=stats rps=$end conns=$int[20,30]", "$int[400,460]", "$int[8,20]"),
    "retry-count": ("$sql publish id=$int[1,900] ok retries=$end", "0", "$int[3,6]"),
    "waiters": ("$sql pool busy=$int[2,4] waiters=$end", "0", "$int[30,80]"),
    "lag-words": ("$sql replica is $end behind primary", "$int[0,1] s", "$int[300,900] s"),
    "queue-len": ("$sql worker tick, queue length $end", "$int[0,9]", "$int[4000,9000]"),
    "temp-miss": ("$iso cache stats hits=$int[900,999] misses=$end", "$int[1,9]", "$int[900,990]"),
    "hit-percent": ("$sql cache hit rate $end%", "9$int[0,5].$int[1,9]", "$int[2,9].$int[1,9]"),
    "fps": ("$sql decoder running at $end fps", "$int[58,60]", "$int[3,9]"),
    "free-slots": ("$sql executor free slots: $end of 64", "$int[40,60]", "0"),
}


def _cases() -> Iterator[Case]:
    for family, table, word in (
        ("status", STATUS, "status"),
        ("codes", CODES, "end"),
        ("measures", MEASURES, "end"),
    ):
        for number, (name, (template, well, failed)) in enumerate(table.items()):
            weight, rate = (20, 25, 30, 40)[number % 4], (140, 160, 220)[number % 3]
            usual = ways(template, **{word: {well: 1.0}})
            share = 100 if family == "measures" else (30, 40, 50, 60)[number % 4]
            shares = {well: 100.0 - share, failed: float(share)} if share < 100 else {failed: 1.0}
            worse = ways(template, **{word: shares})
            yield Case(
                f"{name}-worse",
                NOT_PROMOTE,
                f"{share} of 100 of the canary's lines have {failed} where all of stable's have {well}.",
                Scene(usual, worse, weight=weight, rate=rate),
                family,
                "tuned",
            )
            yield Case(
                f"{name}-as-before",
                PROMOTE,
                f"All of the canary's lines have {well}, as stable's have.",
                Scene(usual, weight=weight, rate=rate),
                family,
                "tuned",
            )


CASES = tuple(_cases())
