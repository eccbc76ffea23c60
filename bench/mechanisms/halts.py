"""Canaries that did their work and then do nothing: those that hang, and what only looks like that."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from cases.lines import Log, Phase
from cases.pods import stamp

from mechanisms.build import Draft, Json, Mechanism, Service
from mechanisms.edits import parts_of

DOUBT = ("inconclusive",)


def canary_hangs(service: Service) -> Draft:
    """All of its pods stop at once or one after another, and their probes still pass."""
    probe = service.voice.serve("/healthz", "200", "$ms[0,2]")
    every = ((10.0, probe),) if service.random.random() < 0.5 else ()
    untils = [service.random.choice((0.3, 0.5, 0.7)) for _ in range(2)]
    logs = [_until(service.work(), until, every) for until in untils]
    stable = Log((Phase(service.work()),), every=every)
    scene = replace(
        service.scene,
        stable=stable,
        canary=logs[0],
        others=tuple(logs[1:]),
        pods=(service.random.choice((2, 4)), service.random.choice((1, 2))),
        age=service.random.choice((-20.0, 600.0)),
        minutes=service.random.choice((8, 12)),
        weight=service.random.choice((25, 50)),
        rate=150.0,
        traffic=True,
    )
    return Draft(
        scene, "rollback", "Every pod of the canary waits for a lock, and nothing is answered any more."
    )


def consumer_hangs(service: Service) -> Draft:
    done = service.voice.say("info", "parcel $hex[10] handed over in $ms[4,90] ms")
    log = _until(done, service.random.choice((0.3, 0.5, 0.6)))
    scene = replace(
        service.scene,
        stable=done,
        canary=log,
        age=-20.0,
        minutes=10,
        weight=50,
        pods=(2, 1),
        rate=120.0,
        traffic=True,
    )
    return Draft(scene, "rollback", "The canary's consumer hands over parcels, and from some time on none.")


def weight_taken_back(service: Service) -> Draft:
    scene = replace(
        service.scene, canary=_until(service.work(), 0.5), age=600.0, minutes=10, weight=33, traffic=True
    )

    def taken(bundle: Json, _random: Random) -> None:
        window = bundle["evidence"]["window"]
        start, end = (datetime.fromisoformat(window[name]) for name in ("start", "end"))
        for side, weight in (("canary", 0), ("stable", 100)):
            for part in parts_of(bundle, "traffic", side):
                part["weight"] = weight
                if side == "canary":
                    part["weights"].append({"at": stamp(start + 0.5 * (end - start)), "weight": 0})

    return Draft(
        scene, "promote", "The Rollout sends the canary nothing any more.", also=DOUBT, edits=(taken,)
    )


def partitions_lost(service: Service) -> Draft:
    """The group's other members, stable's, have its partitions now."""
    done = service.voice.say("info", "message $hex[10] of topic parcels stored in $ms[2,40] ms")
    lost = service.voice.say("info", "partitions revoked: parcels-$int[0,5], parcels-$int[6,11]")
    log = replace(_until(done, 0.5), at=((0.505, lost),))
    scene = replace(
        service.scene, stable=done, canary=log, age=600.0, minutes=10, weight=50, pods=(2, 1), traffic=True
    )
    return Draft(scene, "promote", "The group's other members have the canary's partitions now.", also=DOUBT)


def load_ends(service: Service) -> Draft:
    log = _until(service.work(), service.random.choice((0.4, 0.6)))
    scene = replace(
        service.scene, stable=log, canary=log, age=600.0, minutes=10, weight=50, rate=150.0, traffic=True
    )
    return Draft(scene, "promote", "The load of both sides ends at one time.", also=DOUBT)


def rounds_of_work(service: Service) -> Draft:
    """Each pod works for a minute and rests for three, in its own time."""
    done = service.voice.say("info", "invoice $hex[10] settled in $ms[4,90] ms")
    scene = replace(
        service.scene, stable=done, pods=(3, 1), weight=25, rate=500.0, age=600.0, minutes=12, traffic=True
    )

    def rest(bundle: Json, random: Random) -> None:
        start = datetime.fromisoformat(bundle["evidence"]["window"]["start"])
        for log in bundle["raw_logs"]:
            phase = random.uniform(0, 240)
            log["lines"] = [
                line
                for line in log["lines"]
                if ((datetime.fromisoformat(line[:19] + "+00:00") - start).total_seconds() + phase) % 240 < 60
            ]

    return Draft(scene, "promote", "Each pod of both sides works in rounds.", also=DOUBT, edits=(rest,))


def buffered_log(service: Service) -> Draft:
    """The canary's library writes its log in blocks, the last of them some minutes ago."""
    scene = replace(service.scene, age=600.0, minutes=10, weight=33, rate=90.0, traffic=True)
    block = service.random.choice((100.0, 150.0))

    def buffer(bundle: Json, _random: Random) -> None:
        start = datetime.fromisoformat(bundle["evidence"]["window"]["start"])
        end = datetime.fromisoformat(bundle["evidence"]["window"]["end"])
        for log in bundle["raw_logs"]:
            if log["side"] == "canary":
                lines = []
                for line in log["lines"]:
                    at = datetime.fromisoformat(line[:19] + "+00:00")
                    turn = int((at - start).total_seconds() // block) + 1
                    written = start + timedelta(seconds=turn * block)
                    if written < end - timedelta(seconds=80):
                        lines.append(f"{stamp(written)} {line.partition(' ')[2]}")
                log["lines"] = lines

    return Draft(scene, "promote", "The canary writes its log in blocks.", also=DOUBT, edits=(buffer,))


def _until(line: str, until: float, every: tuple[tuple[float, str], ...] = ()) -> Log:
    return Log((Phase(line, until=until), Phase(line, rate=0)), every=every)


MECHANISMS = (
    Mechanism("canary-hangs", "release", canary_hangs, "tuned"),
    Mechanism("consumer-hangs", "release", consumer_hangs, "tuned"),
    Mechanism("weight-taken-back", "harmless", weight_taken_back, "tuned"),
    Mechanism("partitions-lost", "harmless", partitions_lost, "tuned"),
    Mechanism("load-ends", "harmless", load_ends, "tuned"),
    Mechanism("rounds-of-work", "harmless", rounds_of_work, "tuned"),
    Mechanism("buffered-log", "harmless", buffered_log, "tuned"),
)
