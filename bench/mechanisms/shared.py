"""What hits both sides at once: outages that go on, that have ended, or that leave most of the work whole."""

from dataclasses import replace

from cases.lines import Log, Mix, Phase

from mechanisms.build import Draft, Mechanism, Service

OUTAGES = (
    ("lookup ledger-v2.payments.svc.cluster.local: no such host", "DNSError", "502"),
    ("broker closed the connection: not available", "BrokerError", "503"),
    ("no connection of the pool became free within 5000 ms", "PoolTimeout", "500"),
)
ALIKE = "It is the same for both sides: nothing can be said of the canary."


def _failing(service: Service, share: float) -> Mix:
    text, kind, status = service.random.choice(OUTAGES)
    return service.served(share, service.voice.fail("error", text, kind), status=status)


def _on_both(service: Service, log: Log, outcome: str, why: str, age: float = 1800.0) -> Draft:
    scene = replace(service.scene, stable=log, canary=log, age=age)
    decidable = outcome != "inconclusive"
    return Draft(scene, outcome, why, decidable=decidable)


def outage_goes_on(service: Service) -> Draft:
    since, share = service.random.choice((0.15, 0.4, 0.65)), service.random.choice((65.0, 85.0, 100.0))
    log = Log((Phase(service.work(), until=since), Phase(_failing(service, share), rate=_rate(share))))
    return _on_both(service, log, "inconclusive", f"{share:.0f} % of all requests fail. {ALIKE}")


def outage_throughout(service: Service) -> Draft:
    share = service.random.choice((70.0, 90.0))
    log = Log((Phase(_failing(service, share), rate=_rate(share)),))
    age = service.random.choice((-20.0, 1800.0))
    return _on_both(service, log, "inconclusive", f"{share:.0f} % of all requests fail. {ALIKE}", age)


def queue_away_for_both(service: Service) -> Draft:
    done = service.voice.say("info", "message $hex[10] of topic parcels stored in $ms[2,40] ms")
    away = service.voice.say("error", "cannot fetch from topic parcels: broker is not available, retrying")
    log = Log((Phase(done, until=0.4), Phase(away, rate=0.5)))
    return _on_both(service, log, "inconclusive", f"The queue is away. {ALIKE}")


def outage_healed_for_both(service: Service) -> Draft:
    share = service.random.choice((65.0, 100.0))
    log = Log(
        (
            Phase(service.work(), until=0.15),
            Phase(_failing(service, share), until=0.4, rate=_rate(share)),
            Phase(service.work()),
        )
    )
    scene = replace(service.scene, stable=log, canary=log, age=1800.0, minutes=12)
    return Draft(scene, "promote", "All requests failed for a while, on both sides, and none has since.")


def some_fail_on_both(service: Service) -> Draft:
    share = service.random.choice((20.0, 30.0, 38.0))
    return _on_both(
        service,
        Log((Phase(_failing(service, share), rate=_rate(share)),)),
        "promote",
        f"{share:.0f} % of the requests of both sides fail alike, and the others are answered.",
    )


def outage_begins(service: Service) -> Draft:
    """The outage has just begun: nearly all that was seen of the canary is from before."""
    log = Log((Phase(service.work(), until=0.93), Phase(_failing(service, 85.0), rate=_rate(85.0))))
    scene = replace(service.scene, stable=log, canary=log, age=1800.0, minutes=12)
    return Draft(
        scene, "promote", "A shared outage began at the end, after long good work.", also=("inconclusive",)
    )


def worse_in_an_outage(service: Service) -> Draft:
    """The outage is shared, and a fault of the canary's own is not."""
    own = service.voice.fail("error", "cannot apply discount to order $int[100,9999]", "ValueError")
    mix = _failing(service, 70.0)
    log = Log((Phase(service.work(), until=0.5), Phase(mix, rate=_rate(70.0))))
    sick = Log(
        (
            Phase((*service.served(40.0, own),), until=0.5, rate=_rate(40.0)),
            Phase((*mix, (20.0, own)), rate=_rate(70.0) + 0.2),
        )
    )
    scene = replace(service.scene, stable=log, canary=sick, age=1800.0)
    return Draft(
        scene, "rollback", "Beside an outage of both, the canary has its own fault.", also=("inconclusive",)
    )


def _rate(share: float) -> float:
    """Return how many statements there are to a request, where a share of them is told twice."""
    return 1 + share / 100


MECHANISMS = (
    Mechanism("outage-goes-on", "comparison", outage_goes_on, "tuned"),
    Mechanism("outage-throughout", "comparison", outage_throughout, "tuned"),
    Mechanism("queue-away-for-both", "comparison", queue_away_for_both, "tuned"),
    Mechanism("outage-healed-for-both", "healed", outage_healed_for_both, "tuned"),
    Mechanism("some-fail-on-both", "comparison", some_fail_on_both, "tuned"),
    Mechanism("outage-begins", "comparison", outage_begins, "tuned"),
    Mechanism("worse-in-an-outage", "comparison", worse_in_an_outage, "tuned"),
)
