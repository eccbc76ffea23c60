"""Changes that harm nobody, and transients that healed."""

from dataclasses import replace
from typing import Any

from cases.lines import Log, Phase
from cases.pods import restarted_early

from mechanisms.build import Draft, Mechanism, Service
from mechanisms.edits import template
from mechanisms.voices import VOICES


def _promote(service: Service, why: str, **changes: Any) -> Draft:
    return Draft(replace(service.scene, **changes), "promote", why)


def plain_upgrade(service: Service) -> Draft:
    return _promote(service, "Only the image's tag differs.")


def log_format(service: Service) -> Draft:
    others = [voice for voice in VOICES if voice.name != service.voice.name]
    voice = service.random.choice(others)
    line = voice.serve(f"{service.path}/$int[100,99999]", "$pick[200|200|200|201]", "$ms[3,90]")
    return _promote(service, "The canary logs the same work in another format.", canary=line, start=())


def debug_level(service: Service) -> Draft:
    more = service.voice.say("debug", "cache lookup key=item:$int[10,9999] hit=$pick[true|true|false]")
    return _promote(
        service, "The canary logs at debug level.", canary=((100.0, service.work()), (200.0, more))
    )


def library_start(service: Service) -> Draft:
    lines = (
        "telemetry exporter started, endpoint collector:4317",
        "no sampler configured, falling back to the default one",
        "error budget policy loaded: 3 rules",
    )
    start = tuple(service.voice.say("info", line) for line in lines)
    return _promote(
        service,
        "A new library of the canary's says what it does at the start.",
        canary=Log((Phase(service.work()),), start=start),
    )


def colours(service: Service) -> Draft:
    coloured = "\x1b[32m" + service.work() + "\x1b[0m"
    return _promote(service, "The canary colours its lines.", canary=coloured)


def more_pods(service: Service) -> Draft:
    return _promote(service, "The canary has as many pods as stable.", pods=(3, 3), weight=50)


def deprecations(service: Service) -> Draft:
    text = service.random.choice(
        (
            "DeprecationWarning: the url.parse() API is deprecated, use URL instead",
            "option cache.ttl is deprecated and will be removed in 4.0, use cache.expiry",
        )
    )
    line = service.voice.say("warn", text)
    log = Log((Phase(service.work()),), start=(line,), every=((60.0, line),))
    return _promote(service, "The canary warns of a deprecated call, and works.", canary=log)


def slow_first_minute(service: Service) -> Draft:
    log = Log((Phase(service.work(ms="$ms[300,1200]"), until=0.1), Phase(service.work())))
    return _promote(
        service,
        "The canary's first minute is slow, until its caches are warm.",
        canary=log,
        minutes=12,
        age=-20.0,
    )


def reworded(service: Service) -> Draft:
    old = service.voice.say("info", "order $int[100,9999] accepted in $ms[3,60] ms")
    new = service.voice.say("info", "accepted order id=$int[100,9999] duration=$ms[3,60]ms")
    return _promote(service, "The canary words the same line otherwise.", stable=old, canary=new)


def new_feature(service: Service) -> Draft:
    line = service.voice.say("info", "recommendations served to customer $int[100,9999], $int[3,9] items")
    return _promote(
        service,
        "The canary has a feature that logs what it does.",
        canary=((100.0, service.work()), (60.0, line)),
    )


def frightening_words(service: Service) -> Draft:
    summary = service.voice.say(
        "info", "batch done: 0 errors, failed=0, retries exhausted=0, $int[100,900] processed"
    )
    rules = service.voice.say("info", "fallback on error enabled for $int[2,9] routes")
    log = Log((Phase(service.work()),), start=(rules,), every=((30.0, summary),))
    return _promote(
        service, "The canary's new lines have frightening words and say that all is well.", canary=log
    )


def more_resources(service: Service) -> Draft:
    edit = template(
        {("resources", "limits.memory"): "512Mi", ("env", "WORKERS"): ""},
        {("resources", "limits.memory"): "1Gi", ("env", "WORKERS"): ""},
    )
    return replace(_promote(service, "The canary has more memory."), edits=(edit,))


def healed_start(service: Service) -> Draft:
    line = service.voice.say("warn", "broker is not reachable yet, attempt $int[1,6]: connection refused")
    log = Log((Phase(line, until=0.04, rate=0.8), Phase(service.work())))
    return _promote(
        service,
        "The canary's first attempts found no broker; all has gone well since.",
        canary=log,
        minutes=12,
        age=-20.0,
    )


def healed_restart(service: Service) -> Draft:
    last = service.voice.say("fatal", "cannot reach the sidecar: connection refused")
    return _promote(
        service,
        "The canary's first start came before its sidecar's; the second has worked for long.",
        previous=(last,),
        age=1800.0,
        states=(restarted_early,),
    )


def healed_burst(service: Service) -> Draft:
    failure = service.voice.say("error", "call to inventory timed out after 3000 ms")
    burst = service.served(40.0, failure, status="504")
    log = Log((Phase(service.work(), until=0.2), Phase(burst, until=0.25), Phase(service.work())))
    return _promote(
        service,
        "Half a minute of timeouts early on, and none in the many minutes since.",
        canary=log,
        minutes=12,
        age=600.0,
    )


MECHANISMS = (
    Mechanism("plain-upgrade", "harmless", plain_upgrade),
    Mechanism("log-format", "harmless", log_format),
    Mechanism("debug-level", "harmless", debug_level),
    Mechanism("library-start", "harmless", library_start),
    Mechanism("colours", "harmless", colours),
    Mechanism("more-pods", "harmless", more_pods),
    Mechanism("deprecations", "harmless", deprecations),
    Mechanism("slow-first-minute", "harmless", slow_first_minute),
    Mechanism("reworded", "harmless", reworded),
    Mechanism("new-feature", "harmless", new_feature),
    Mechanism("frightening-words", "harmless", frightening_words),
    Mechanism("more-resources", "harmless", more_resources),
    Mechanism("healed-start", "healed", healed_start),
    Mechanism("healed-restart", "healed", healed_restart),
    Mechanism("healed-burst", "healed", healed_burst),
)
