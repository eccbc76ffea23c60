"""A release that runs and is wrong."""

from dataclasses import replace

from cases.lines import Log, Phase

from mechanisms.build import Draft, Mechanism, Service


def failing_share(service: Service) -> Draft:
    share = service.random.choice((8.0, 20.0, 45.0))
    status = service.random.choice(("500", "502", "503"))
    scene = replace(service.scene, canary=service.served(share, status=status))
    return Draft(scene, "rollback", f"{share:.0f} % of the canary's requests end with {status}.", status)


def slow(service: Service) -> Draft:
    times = service.random.choice((15, 30))
    scene = replace(service.scene, canary=service.work(ms=f"$ms[{3 * times},{90 * times}]"))
    return Draft(
        scene, "rollback", f"Each request of the canary takes {times} times as long.", also=("inconclusive",)
    )


def wrong_answers(service: Service) -> Draft:
    level = service.random.choice(("warn", "error"))
    wrong = service.voice.say(
        level, "total of order $int[100,9999] is 0.00, and its lines add up to $int[5,90].90"
    )
    share = service.random.choice((30.0, 70.0))
    scene = replace(service.scene, canary=((100.0, service.work()), (share, wrong)))
    return Draft(scene, "rollback", f"{share:.0f} % of the canary's orders have a wrong total.", "add up to")


def panic_in_requests(service: Service) -> Draft:
    share = service.random.choice((5.0, 15.0, 40.0))
    failure = service.voice.fail("error", "recovered while serving a request", "IndexOutOfBoundsException")
    scene = replace(service.scene, canary=service.served(share, failure))
    return Draft(
        scene, "rollback", f"{share:.0f} % of the canary's requests panic.", "recovered while serving"
    )


def retry_storm(service: Service) -> Draft:
    retry = service.voice.say(
        "warn", "attempt $int[2,5] of 5 to reserve stock failed, trying again in $int[100,900] ms"
    )
    scene = replace(service.scene, canary=((100.0, service.work(ms="$ms[300,2000]")), (250.0, retry)))
    return Draft(
        scene,
        "rollback",
        "The canary tries each request several times, and the storm slows it.",
        "trying again",
        also=("inconclusive",),
    )


def stops_working(service: Service) -> Draft:
    probe = service.voice.serve("/healthz", "200", "$ms[0,2]")
    log = Log((Phase(service.work(), until=0.4), Phase(service.work(), rate=0)), every=((10.0, probe),))
    stable = Log((Phase(service.work()),), every=((10.0, probe),))
    scene = replace(service.scene, stable=stable, canary=log, traffic=True, age=60.0, minutes=12)
    return Draft(
        scene, "rollback", "The canary stops answering; its probes still pass.", also=("inconclusive",)
    )


def never_routed(service: Service) -> Draft:
    probe = service.voice.serve("/healthz", "200", "$ms[0,2]")
    log = Log((Phase(service.work(), rate=0),), every=((10.0, probe),))
    stable = Log((Phase(service.work()),), every=((10.0, probe),))
    scene = replace(service.scene, stable=stable, canary=log, traffic=True, age=600.0)
    return Draft(
        scene,
        "rollback",
        "The canary should have its share of the requests, and gets none.",
        also=("inconclusive",),
    )


def one_pod_hangs(service: Service) -> Draft:
    dead = Log((Phase(service.work(), rate=0),))
    scene = replace(
        service.scene,
        canary=service.work(),
        others=(Log((Phase(service.work()),)), dead),
        pods=(3, 3),
        traffic=True,
        age=600.0,
    )
    return Draft(
        scene,
        "rollback",
        "One of three canary pods waits for a lock and does nothing.",
        also=("inconclusive",),
    )


def nobody_may_enter(service: Service) -> Draft:
    share = service.random.choice((60.0, 95.0))
    said = service.voice.say("warn", "token of client $int[10,99] refused: audience does not match")
    scene = replace(service.scene, canary=service.served(share, said, status="401"))
    return Draft(
        scene,
        "rollback",
        f"{share:.0f} % of the canary's requests are refused, and none of stable's.",
        "audience does not match",
    )


MECHANISMS = (
    Mechanism("failing-share", "release", failing_share),
    Mechanism("slow", "release", slow),
    Mechanism("wrong-answers", "release", wrong_answers),
    Mechanism("panic-in-requests", "release", panic_in_requests),
    Mechanism("retry-storm", "release", retry_storm),
    Mechanism("stops-working", "release", stops_working),
    Mechanism("never-routed", "release", never_routed),
    Mechanism("one-pod-hangs", "release", one_pod_hangs),
    Mechanism("nobody-may-enter", "release", nobody_may_enter),
)
