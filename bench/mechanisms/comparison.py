"""What stable tells: noise on both sides, a fault of both, and a fault that the canary mends."""

from dataclasses import replace

from cases.lines import Log, Phase
from cases.pods import restarted

from mechanisms.build import Draft, Mechanism, Service
from mechanisms.edits import sick_stable


def noise_on_both(service: Service) -> Draft:
    share = service.random.choice((2.0, 6.0, 12.0))
    failure = service.voice.say("error", "recommendations are not available: upstream answered 503")
    mix = service.served(share, failure, status="503")
    scene = replace(service.scene, stable=mix, canary=mix)
    return Draft(scene, "promote", f"{share:.0f} % of the requests of both sides fail in the same way.")


def outage_of_both(service: Service) -> Draft:
    failure = service.voice.fail(
        "error", "cannot connect to orders-db:5432: connection refused", "ConnectionError"
    )
    mix = service.served(80.0, failure)
    log = Log((Phase(service.work(), until=0.5), Phase(mix)))
    scene = replace(service.scene, stable=log, canary=log, age=1800.0)
    return Draft(
        scene,
        "inconclusive",
        "The database is away for both sides: nothing can be said of the canary.",
        also=("promote",),
        decidable=False,
    )


def both_crash(service: Service) -> Draft:
    state = restarted(5, "Error", 1, back_off=True, lasted=8)
    last = service.voice.fail("fatal", "cannot parse the shared settings", "ConfigError")
    scene = replace(service.scene, states=(state,), previous=(last,), age=600.0)
    return Draft(
        scene,
        "inconclusive",
        "A ConfigMap that both sides read is broken, and both crash.",
        decidable=False,
        edits=(sick_stable,),
    )


def mended_errors(service: Service) -> Draft:
    share = service.random.choice((20.0, 50.0))
    failure = service.voice.fail("error", "cannot apply discount to order $int[100,9999]", "ValueError")
    scene = replace(service.scene, stable=service.served(share, failure), canary=service.work())
    return Draft(
        scene, "promote", f"{share:.0f} % of stable's requests fail, and none of the canary's: it is the fix."
    )


def mended_speed(service: Service) -> Draft:
    scene = replace(service.scene, stable=service.work(ms="$ms[200,2500]"), canary=service.work())
    return Draft(scene, "promote", "The canary answers many times faster than stable.")


MECHANISMS = (
    Mechanism("noise-on-both", "comparison", noise_on_both),
    Mechanism("outage-of-both", "comparison", outage_of_both),
    Mechanism("both-crash", "comparison", both_crash),
    Mechanism("mended-errors", "comparison", mended_errors),
    Mechanism("mended-speed", "comparison", mended_speed),
)
