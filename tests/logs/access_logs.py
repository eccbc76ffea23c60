"""Access logs as servers and proxies print them by default, written from their documentation.

Each is a line of a request that ended with a status and took so many milliseconds, with whatever else stands
beside the two: sizes, ports, process ids, years, connection ids.
"""

import random
from collections.abc import Callable

Access = Callable[[random.Random, int, float], str]


def ip(rng: random.Random) -> str:
    return f"10.{rng.randint(0, 9)}.{rng.randint(0, 99)}.{rng.randint(1, 99)}"


def route(rng: random.Random) -> str:
    return rng.choice(
        ["/cart", "/login", "/search", f"/items/{rng.randint(1, 999)}", f"/v1/users/{rng.randint(1, 99)}"]
    )


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def size(rng: random.Random) -> int:
    """Bytes, some of which read as a failing status."""
    return rng.choice([rng.randint(500, 599), rng.randint(100, 9999)])


def port(rng: random.Random) -> int:
    return rng.randint(32768, 60999)


def phrase(status: int) -> str:
    return {200: "OK", 500: "Internal Server Error"}[status]


def clf(rng: random.Random) -> str:
    return f"03/Nov/2026:11:59:{rng.randint(10, 59)} +0000"


FORMATS: dict[str, Access] = {
    # https://learn.microsoft.com/aspnet/core/fundamentals/http-logging,
    # Microsoft.AspNetCore.Hosting.Diagnostics
    "kestrel": lambda r, s, ms: (
        "info: Microsoft.AspNetCore.Hosting.Diagnostics[2] Request finished HTTP/1.1 GET"
        f" http://shop{route(r)} - {s} {size(r)} application/json {ms:.4f}ms"
    ),
    # https://hexdocs.pm/phoenix/Phoenix.Logger.html
    "phoenix": lambda r, s, ms: f"[info] Sent {s} in {ms:.0f}ms",
    # https://doc.traefik.io/traefik/observability/access-logs
    "traefik": lambda r, s, ms: (
        f'{ip(r)} - - [{clf(r)}] "GET {route(r)} HTTP/1.1" {s} {size(r)} "-" "-" {r.randint(1, 99999)}'
        f' "shop@kubernetes" "http://10.42.0.7:8080" {ms:.0f}ms'
    ),
    "traefik-json": lambda r, s, ms: (
        f'{{"ClientAddr":"{ip(r)}:{port(r)}","ClientHost":"{ip(r)}","DownstreamContentSize":{size(r)},"DownstreamStatus":{s},'
        f'"Duration":{ms * 1e6:.0f},"OriginStatus":{s},"RequestCount":{r.randint(1, 9999)},"RequestMethod":"GET","RequestPath":"{route(r)}",'
        f'"RequestProtocol":"HTTP/1.1","RouterName":"shop@kubernetes","level":"info","msg":""}}'
    ),
    # https://docs.haproxy.org/3.0/configuration.html#8.2.3
    "haproxy": lambda r, s, ms: (
        f"{ip(r)}:{port(r)} [03/Nov/2026:11:59:{r.randint(10, 59)}.{digits(r, 3)}] http-in shop/srv1"
        f" 0/0/{r.randint(0, 3)}/{ms:.0f}/{ms + 1:.0f}"
        f' {s} {size(r)} - - ---- {r.randint(1, 9)}/1/0/0/0 0/0 "GET {route(r)} HTTP/1.1"'
    ),
    # https://github.com/go-chi/chi/blob/master/middleware/logger.go
    "chi": lambda r, s, ms: (
        f'2026/11/03 11:59:{r.randint(10, 59)} "GET http://shop{route(r)} HTTP/1.1" from {ip(r)}:{port(r)} -'
        f" {s} {size(r)}B in {ms:.4f}ms"
    ),
    # https://fastify.dev/docs/latest/Reference/Logging
    "fastify": lambda r, s, ms: (
        f'{{"level":30,"time":1793707{digits(r, 6)},"pid":{r.randint(500, 599)},"hostname":"shop-1","reqId":"req-{digits(r, 2)}",'
        f'"res":{{"statusCode":{s}}},"responseTime":{ms:.3f},"msg":"request completed"}}'
    ),
    # https://docs.rs/tower-http/latest/tower_http/trace
    "tower-http": lambda r, s, ms: (
        f"2026-11-03T11:59:{r.randint(10, 59)}.{digits(r, 6)}Z DEBUG request{{method=GET uri={route(r)}"
        " version=HTTP/1.1}: tower_http::trace::on_response: finished processing request"
        f" latency={ms:.0f} ms status={s}"
    ),
    # https://docs.spring.io/spring-boot/reference/features/logging.html, with a filter of the application's
    # own
    "spring": lambda r, s, ms: (
        f"2026-11-03T11:59:{r.randint(10, 59)}.{digits(r, 3)}Z  INFO {r.randint(500, 599)} ---"
        f" [nio-8080-exec-{r.randint(1, 9)}] c.shop.web.AccessFilter : GET {route(r)} -> {s} ({ms:.0f} ms)"
    ),
    # https://guides.rubyonrails.org/debugging_rails_applications.html
    "rails": lambda r, s, ms: (
        f"I, [2026-11-03T11:59:{r.randint(10, 59)}.{digits(r, 6)} #{r.randint(500, 599)}]  INFO -- :"
        f" Completed {s} {phrase(s)} in {ms:.0f}ms (Views: 1.2ms | ActiveRecord: 0.{digits(r, 1)}ms |"
        f" Allocations: {r.randint(500, 9999)})"
    ),
    # https://learn.microsoft.com/previous-versions/iis/6.0-sdk/ms525807(v=vs.90)
    "iis": lambda r, s, ms: (
        f"2026-11-03 11:59:{r.randint(10, 59)} 10.0.0.4 GET {route(r)} - 8080 - {ip(r)} curl/8.9.1"
        f" - {s} 0 0 {ms:.0f}"
    ),
    # https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
    "envoy": lambda r, s, ms: (
        f'[2026-11-03T11:59:{r.randint(10, 59)}.{digits(r, 3)}Z] "GET {route(r)} HTTP/1.1" {s} - 0 {size(r)}'
        f' {ms:.0f} {ms - 1:.0f} "{ip(r)}" "curl/8.9.1" "{digits(r, 8)}-cafe" "shop" "10.42.0.7:8080"'
    ),
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
    "elb": lambda r, s, ms: (
        f"h2 2026-11-03T11:59:{r.randint(10, 59)}.{digits(r, 6)}Z app/shop/50dc6c495c0c9188 {ip(r)}:{port(r)}"
        " 10.0.0.66:9000 0.001"
        f' {ms / 1000:.3f} 0.000 {s} {s} {r.randint(30, 99)} {size(r)} "GET https://shop:443{route(r)}'
        ' HTTP/2.0" "curl/8.9.1" -'
    ),
    # https://caddyserver.com/docs/caddyfile/directives/log
    "caddy": lambda r, s, ms: (
        f'{{"level":"info","ts":1793707{digits(r, 3)}.{digits(r, 6)},"logger":"http.log.access","msg":"handled request","request":'
        f'{{"remote_ip":"{ip(r)}","remote_port":"{port(r)}","proto":"HTTP/2.0","method":"GET","host":"shop","uri":"{route(r)}"}},'
        f'"bytes_read":0,"user_id":"","duration":{ms / 1000:.9f},"size":{size(r)},"status":{s}}}'
    ),
    # https://docs.gunicorn.org/en/stable/settings.html#access-log-format
    "gunicorn": lambda r, s, ms: (
        f'{ip(r)} - - [{clf(r)}] "GET {route(r)} HTTP/1.1" {s} {size(r)} "-" "curl/8.9.1"'
    ),
    # https://www.uvicorn.org/settings/#logging
    "uvicorn": lambda r, s, ms: f'INFO:     {ip(r)}:{port(r)} - "GET {route(r)} HTTP/1.1" {s} {phrase(s)}',
    # https://nginx.org/en/docs/http/ngx_http_log_module.html
    "nginx": lambda r, s, ms: (
        f'{ip(r)} - - [{clf(r)}] "GET {route(r)} HTTP/1.1" {s} {size(r)} "-" "curl/8.9.1" {ms / 1000:.3f}'
    ),
    # https://httpd.apache.org/docs/2.4/mod/mod_log_config.html, with %D
    "apache": lambda r, s, ms: (
        f'{ip(r)} - - [{clf(r)}] "GET {route(r)} HTTP/1.1" {s} {size(r)} "-" "curl/8.9.1" {ms * 1000:.0f}'
    ),
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
    "api-gateway": lambda r, s, ms: (
        f'{{"requestId":"{digits(r, 8)}-cafe","ip":"{ip(r)}","caller":"-","user":"-","requestTime":"{clf(r)}","httpMethod":"GET",'
        f'"resourcePath":"/items/{{id}}","status":"{s}","protocol":"HTTP/1.1","responseLength":"{size(r)}","responseLatency":"{ms:.0f}"}}'
    ),
    # http://ltsv.org
    "ltsv": lambda r, s, ms: (
        f"time:{clf(r)}\thost:{ip(r)}\treq:GET {route(r)}"
        f" HTTP/1.1\tstatus:{s}\tsize:{size(r)}\tua:curl/8.9.1\treqtime:{ms / 1000:.3f}"
    ),
}
