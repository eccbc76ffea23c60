"""Pods of one version that do not do the same: one that hangs, and what only looks like that."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from cases.lines import Log, Phase
from cases.pods import scheduled_after, stamp

from mechanisms.build import Draft, Json, Mechanism, Service

PROBED = 10.0  # seconds between two probes


def pod_stops(service: Service) -> Draft:
    """One pod hangs after a while; what it no longer does goes to its siblings, or is lost with it."""
    pods, until = service.random.choice((2, 3, 5)), service.random.choice((0.2, 0.4, 0.6))
    shifts = service.random.random() < 0.7
    every = _probes(service)
    others = Phase(service.work(), rate=pods / (pods - 1) if shifts else 1.0)
    first = Phase(service.work(), until=until)
    sibling = Log((first, others), every=every)
    hangs = Log((first, Phase(service.work(), rate=0)), every=every)
    logs = _among(service, hangs, [sibling] * (pods - 1))
    return _of_pods(service, logs, "One of the canary's pods stops working half way.", 60.0)


def pod_never_begins(service: Service) -> Draft:
    """One pod never does anything, but for its start and what a timer says."""
    pods = service.random.choice((2, 3, 5))
    every = (*_probes(service), *_ticks(service))
    sibling = Log((Phase(service.work(), rate=pods / (pods - 1)),), every=every)
    hangs = Log((Phase(service.work(), rate=0),), every=every)
    age = service.random.choice((-20.0, 600.0))
    logs = _among(service, hangs, [sibling] * (pods - 1))
    return _of_pods(service, logs, "One of the canary's pods has done nothing at all.", age)


def _among(service: Service, hangs: Log, siblings: list[Log]) -> tuple[Log, ...]:
    place = service.random.randint(0, len(siblings))
    return (*siblings[:place], hangs, *siblings[place:])


def _of_pods(service: Service, logs: tuple[Log, ...], why: str, age: float) -> Draft:
    stable = Log((Phase(service.work()),), every=logs[0].every)
    scene = replace(
        service.scene,
        stable=stable,
        canary=logs[0],
        others=logs[1:],
        pods=(service.random.choice((2, 3, 5)), len(logs)),
        age=age,
        minutes=service.random.choice((8, 12)),
        weight=service.random.choice((33, 50)),
        rate=service.random.choice((90.0, 150.0)),
    )
    return Draft(scene, "rollback", why, also=("inconclusive",))


def _probes(service: Service) -> tuple[tuple[float, str], ...]:
    probe = service.voice.serve("/healthz", "200", "$ms[0,2]")
    return ((PROBED, probe),) if service.random.random() < 0.5 else ()


def _ticks(service: Service) -> tuple[tuple[float, str], ...]:
    tick = service.voice.say("debug", "pool stats idle=$int[2,9] busy=$int[0,5]")
    return ((60.0, tick),) if service.random.random() < 0.5 else ()


def pod_joins_late(service: Service) -> Draft:
    """The last pod waited for a node, so that it has worked for a short while."""
    minutes = service.random.choice((8, 12))
    late = scheduled_after(60.0 * minutes - service.random.choice((25.0, 40.0, 90.0)))
    pods = service.random.choice((2, 3))
    ready = scheduled_after(0.0)
    scene = replace(
        service.scene, pods=(3, pods), states=(ready,) * (pods - 1) + (late,), age=-5.0, minutes=minutes
    )
    return Draft(scene, "promote", "One of the canary's pods was scheduled late, and works since.")


def one_leader(service: Service) -> Draft:
    """Of each side's pods the leader works, and the others wait."""
    done = service.voice.say("info", "invoice $hex[10] settled in $ms[4,90] ms")
    waits = service.voice.say("info", "another instance is the leader, waiting")
    leader = Log((Phase(done),), every=((60.0, waits),))
    idle = Log((Phase(done, rate=0),), every=((60.0, waits),))
    pods = service.random.choice((2, 3))
    scene = replace(
        service.scene,
        stable=leader,
        canary=leader,
        others=(idle,) * (pods - 1),
        pods=(pods, pods),
        age=600.0,
        weight=50,
        rate=150.0,
    )

    def led(bundle: Json, _random: Random) -> None:
        logs = [log for log in bundle["raw_logs"] if log["side"] == "stable"]
        for log in logs[1:]:
            log["lines"] = [line for line in log["lines"] if "the leader" in line]

    return Draft(scene, "promote", "One pod of each side is the leader and works.", edits=(led,))


def uneven_balancing(service: Service) -> Draft:
    """Some pods of both sides have far more to do than others."""
    shares = (1.0, service.random.choice((0.5, 0.3)), service.random.choice((0.3, 0.2)))
    logs = [Log((Phase(service.work(), rate=2 * share),)) for share in shares]
    scene = replace(
        service.scene,
        stable=Log((Phase(service.work(), rate=2),)),
        canary=logs[0],
        others=tuple(logs[1:]),
        pods=(3, 3),
        weight=50,
        age=600.0,
    )

    def thinned(bundle: Json, random: Random) -> None:
        for log, share in zip(bundle["raw_logs"], shares, strict=False):
            log["lines"] = [line for line in log["lines"] if random.random() < share]

    return Draft(scene, "promote", "The pods of both sides get uneven shares.", edits=(thinned,))


def pod_drains(service: Service) -> Draft:
    """One pod of the canary is being deleted, and ends its work."""
    hangs = Log((Phase(service.work(), until=0.6), Phase(service.work(), rate=0)))
    sibling = Log((Phase(service.work(), until=0.6), Phase(service.work(), rate=1.5)))
    scene = replace(service.scene, canary=sibling, others=(sibling, hangs), pods=(3, 3), weight=50, age=600.0)

    def deleted(bundle: Json, _random: Random) -> None:
        window = bundle["evidence"]["window"]
        start, end = (datetime.fromisoformat(window[name]) for name in ("start", "end"))
        for part in bundle["evidence"]["parts"]:
            if (part["part"], part["side"]) == ("pods", "canary"):
                part["pods"][-1]["deleted_at"] = stamp(start + 0.6 * (end - start) + timedelta(seconds=30))

    return Draft(scene, "promote", "A node is drained, and a pod of the canary with it.", edits=(deleted,))


def bursts_of_work(service: Service) -> Draft:
    """Work comes to each pod of both sides in bursts, with long quiet between them."""
    on, off = service.random.choice(((10, 40), (20, 60))), service.random.choice((1.0, 1.5))
    scene = replace(service.scene, pods=(3, 3), weight=50, rate=500.0, age=600.0, minutes=12)

    def burst(bundle: Json, random: Random) -> None:
        for log in bundle["raw_logs"]:
            kept, until, working = [], None, False
            for line in log["lines"]:
                at = datetime.fromisoformat(line[:19])
                while until is None or at >= until:
                    working = not working if until else random.random() < 0.3
                    seconds = on[0] if working else on[1] * off
                    until = (until or at) + timedelta(seconds=random.uniform(0.5, 1.5) * seconds)
                if working:
                    kept.append(line)
            log["lines"] = kept

    return Draft(scene, "promote", "Both sides have work in bursts.", edits=(burst,))


MECHANISMS = (
    Mechanism("pod-stops", "release", pod_stops, "tuned"),
    Mechanism("pod-never-begins", "release", pod_never_begins, "tuned"),
    Mechanism("pod-joins-late", "harmless", pod_joins_late, "tuned"),
    Mechanism("one-leader", "harmless", one_leader, "tuned"),
    Mechanism("uneven-balancing", "harmless", uneven_balancing, "tuned"),
    Mechanism("pod-drains", "harmless", pod_drains, "tuned"),
    Mechanism("bursts-of-work", "harmless", bursts_of_work, "tuned"),
)
