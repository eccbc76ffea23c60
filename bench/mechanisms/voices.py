"""How services log: the line forms of languages and frameworks, with holes as `cases/draw.py` fills them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LEVELS = ("debug", "info", "warn", "error", "fatal")


@dataclass(frozen=True)
class Voice:
    """One way of logging. `form` has `{level}` and `{text}`; `request` the same and the fields of a request.

    `names` are the levels' names, in the order of `LEVELS`. `escape` makes a text safe for the form. `trace`
    makes the lines of an exception of its kind and its text. `banner` is what the framework says at a start.
    """

    name: str
    form: str
    request: str
    names: tuple[str, str, str, str, str]
    banner: tuple[str, ...]
    trace: Callable[[str, str], str]
    escape: Callable[[str], str] = str

    def say(self, level: str, text: str) -> str:
        """Return a statement of a level."""
        name = self.names[LEVELS.index(level)]
        return self.form.replace("{level}", name).replace("{text}", self.escape(text))

    def fail(self, level: str, text: str, kind: str) -> str:
        """Return a statement of an exception: its text and the trace below it."""
        return self.say(level, self.trace(kind, text))

    def serve(self, path: str, status: str, milliseconds: str) -> str:
        """Return a statement of a request that was answered."""
        number = int(status) if status.isdigit() else 200
        level = self.names[1] if number < 500 else self.names[3]
        values = {"level": level, "path": path, "status": status, "ms": milliseconds}
        return filled(self.request, values)


def filled(form: str, values: Mapping[str, str]) -> str:
    """Return a form with `{name}` replaced by each value."""
    for name, value in values.items():
        form = form.replace(f"{{{name}}}", value)
    return form


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _quoted(text: str) -> str:
    return text.replace('"', '\\"').replace("\n", "\\n")


def _go(kind: str, text: str) -> str:
    return f"{text}: {kind}\ngoroutine $int[20,900] [running]:\nmain.(*Server).handle(0xc000$hex[6])\n\t/src/server.go:$int[40,300] +0x$hex[3]"


def _java(kind: str, text: str) -> str:
    return (
        f"{text}\njava.lang.{kind}: {text}\n\tat com.example.shop.Service.handle(Service.java:$int[40,300])\n"
        "\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:885)\n"
        "\tat java.base/java.lang.Thread.run(Thread.java:1583)"
    )


def _python(kind: str, text: str) -> str:
    return (
        f'{text}\nTraceback (most recent call last):\n  File "/app/service.py", line $int[30,300], in handle\n'
        f"    return self.run(request)\n{kind}: {text}"
    )


def _node(kind: str, text: str) -> str:
    return (
        f"{kind}: {text}\n    at Service.handle (/app/dist/service.js:$int[20,300]:$int[5,40])\n"
        "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"
    )


def _ruby(kind: str, text: str) -> str:
    return f"{kind} ({text}):\n  app/services/handler.rb:$int[10,200]:in `call'\n  app/controllers/base_controller.rb:$int[10,90]:in `create'"


def _dotnet(kind: str, text: str) -> str:
    return f"{text}\n      System.{kind}: {text}\n         at Shop.Service.HandleAsync(Request request) in /src/Service.cs:line $int[30,300]"


def _rust(kind: str, text: str) -> str:
    return f"{text}: {kind}"


def _php(kind: str, text: str) -> str:
    return f"{text} {kind} at /srv/app/src/Service.php:$int[30,300]"


VOICES: tuple[Voice, ...] = (
    Voice(
        "go-slog-json",
        '{"time":"$iso","level":"{level}","msg":"{text}"}',
        '{"time":"$iso","level":"{level}","msg":"request","method":"GET","path":"{path}","status":{status},"duration_ms":{ms}}',
        ("DEBUG", "INFO", "WARN", "ERROR", "ERROR"),
        ('{"time":"$iso","level":"INFO","msg":"listening","addr":":8080"}',),
        _go,
        _json,
    ),
    Voice(
        "go-logfmt",
        'ts=$iso level={level} caller=server.go:$int[40,300] msg="{text}"',
        'ts=$iso level={level} msg="request served" method=GET path={path} status={status} took={ms}ms',
        ("debug", "info", "warn", "error", "fatal"),
        ('ts=$iso level=info msg="starting" version=1.$int[10,80].0',),
        _go,
        _quoted,
    ),
    Voice(
        "spring-boot",
        "$iso {level} 1 --- [nio-8080-exec-$int[1,10]] c.e.shop.OrderController : {text}",
        "$iso {level} 1 --- [nio-8080-exec-$int[1,10]] c.e.shop.AccessLog : GET {path} {status} {ms}ms",
        ("DEBUG", " INFO", " WARN", "ERROR", "ERROR"),
        (
            "$iso  INFO 1 --- [main] com.example.shop.Application : Starting Application using Java 21.0.4 with PID 1",
            "$iso  INFO 1 --- [main] o.s.b.w.embedded.tomcat.TomcatWebServer : Tomcat started on port 8080 (http)",
        ),
        _java,
    ),
    Voice(
        "python-logging",
        "$comma {level} shop.service {text}",
        "$comma {level} shop.access GET {path} {status} {ms}ms",
        ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        ("$comma INFO uvicorn.error Application startup complete.",),
        _python,
    ),
    Voice(
        "gunicorn",
        "[$sql +0000] [$int[7,12]] [{level}] {text}",
        '$ip - - [$clf] "GET {path} HTTP/1.1" {status} $int[80,9000] {ms}000',
        ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        (
            "[$sql +0000] [1] [INFO] Starting gunicorn 23.0.0",
            "[$sql +0000] [7] [INFO] Booting worker with pid: 7",
        ),
        _python,
    ),
    Voice(
        "node-pino",
        '{"level":{level},"time":$epochms,"pid":1,"hostname":"$pod","msg":"{text}"}',
        '{"level":{level},"time":$epochms,"pid":1,"hostname":"$pod",'
        '"req":{"method":"GET","url":"{path}"},"res":{"statusCode":{status}},"responseTime":{ms},"msg":"request completed"}',
        ("20", "30", "40", "50", "60"),
        (
            '{"level":30,"time":$epochms,"pid":1,"hostname":"$pod","msg":"Server listening at http://0.0.0.0:8080"}',
        ),
        _node,
        _json,
    ),
    Voice(
        "node-console",
        "[$iso] {level}: {text}",
        "GET {path} {status} {ms}.$int[100,999] ms - $int[80,4000]",
        ("debug", "info", "warn", "error", "error"),
        ("[$iso] info: listening on 8080",),
        _node,
    ),
    Voice(
        "rails",
        "$time[%Y-%m-%dT%H:%M:%S.%f] #1 {level} -- : [$uuid] {text}",
        "$time[%Y-%m-%dT%H:%M:%S.%f] #1 {level} -- : [$uuid] method=GET path={path} format=json"
        " controller=OrdersController action=show status={status} duration={ms}.$int[10,99]",
        ("DEBUG", " INFO", " WARN", "ERROR", "FATAL"),
        ("=> Booting Puma", "* Listening on http://0.0.0.0:3000"),
        _ruby,
    ),
    Voice(
        "dotnet",
        "{level}: Shop.Service[0]\n      {text}",
        "{level}: Shop.Access[1]\n      GET {path} responded {status} in {ms} ms",
        ("dbug", "info", "warn", "fail", "crit"),
        (
            "info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://[::]:8080",
            "info: Microsoft.Hosting.Lifetime[0]\n      Application started. Press Ctrl+C to shut down.",
        ),
        _dotnet,
    ),
    Voice(
        "rust-tracing",
        "$time[%Y-%m-%dT%H:%M:%S.%fZ] {level} shop::service: {text}",
        "$time[%Y-%m-%dT%H:%M:%S.%fZ] {level} shop::http: served method=GET path={path} status={status} latency={ms} ms",
        ("DEBUG", " INFO", " WARN", "ERROR", "ERROR"),
        ("$time[%Y-%m-%dT%H:%M:%S.%fZ]  INFO shop: listening on 0.0.0.0:8080",),
        _rust,
    ),
    Voice(
        "php-monolog",
        "[$iso] app.{level}: {text} [] []",
        '[$iso] request.{level}: GET {path} answered {"status":{status},"ms":{ms}} []',
        ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        ("[$sql] NOTICE: fpm is running, pid 1", "[$sql] NOTICE: ready to handle connections"),
        _php,
    ),
    Voice(
        "klog",
        "{level}$time[%m%d %H:%M:%S.%f]       1 service.go:$int[40,300]] {text}",
        '{level}$time[%m%d %H:%M:%S.%f]       1 httplog.go:132] "HTTP" verb="GET" URI="{path}" latency="{ms}ms" resp={status}',
        ("I", "I", "W", "E", "F"),
        ("I$time[%m%d %H:%M:%S.%f]       1 main.go:61] Serving on [::]:8080",),
        _go,
    ),
    Voice(
        "elixir",
        "$time[%H:%M:%S.%L] [{level}] {text}",
        "$time[%H:%M:%S.%L] request_id=$hex[16] [{level}] GET {path} Sent {status} in {ms}ms",
        ("debug", "info", "warning", "error", "critical"),
        ("$time[%H:%M:%S.%L] [info] Running ShopWeb.Endpoint with Bandit 1.5.7 at :::4000 (http)",),
        _node,
    ),
    Voice(
        "bunyan-nested",
        '{"@timestamp":"$iso","log.level":"{level}","service":{"name":"shop"},"message":"{text}"}',
        '{"@timestamp":"$iso","log.level":"{level}","service":{"name":"shop"},"message":"GET {path}",'
        '"http":{"response":{"status_code":{status}}},"event":{"duration_ms":{ms}}}',
        ("debug", "info", "warn", "error", "fatal"),
        (
            '{"@timestamp":"$iso","log.level":"info","service":{"name":"shop"},"message":"accepting connections"}',
        ),
        _java,
        _json,
    ),
)
