"""Canaries that take far longer, are un-Ready again and again, or say the same otherwise; and their twins."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from cases.lines import Log, Phase
from cases.pods import stamp, unready
from cases.scene import Event

from mechanisms.build import Draft, Edit, Json, Mechanism, Service
from mechanisms.edits import parts_of, template

DOUBT = ("inconclusive",)
PERIOD = 5  # seconds between two tries of a probe
FAILED = "Readiness probe failed: HTTP probe failed with statuscode: 503"


def far_slower(service: Service) -> Draft:
    times, share = service.random.choice((60, 200)), service.random.choice((50.0, 90.0))
    slow = service.work(ms=f"$ms[{6 * times},{40 * times}]")
    canary = ((100 - share, service.work()), (share, slow))
    scene = replace(service.scene, canary=canary, rate=150.0, weight=33, minutes=10)
    return Draft(
        scene,
        "rollback",
        f"{share:.0f} % of the canary's requests take some {times} times as long.",
        "measure-worse",
        also=DOUBT if share < 80 else (),
    )


def jobs_far_slower(service: Service) -> Draft:
    job = "mail $hex[8] of template order sent in {} ms"
    stable, slow = job.format("$ms[5,90]"), job.format("$ms[2500,9000]")
    say = service.voice.say
    scene = replace(
        service.scene, stable=say("info", stable), canary=say("info", slow), rate=150.0, weight=33, minutes=10
    )
    return Draft(
        scene,
        "rollback",
        "Each mail of the canary takes seconds, and stable's take milliseconds.",
        "measure-worse",
    )


def cold_cache(service: Service) -> Draft:
    slow = service.work(ms="$ms[900,6000]")
    log = Log((Phase(slow, until=0.12), Phase(service.work())))
    scene = replace(service.scene, canary=log, minutes=12, age=-20.0, rate=150.0, weight=33)
    return Draft(scene, "promote", "The canary's first minute or two are slow, until its caches are warm.")


def larger_batches(service: Service) -> Draft:
    batch = "batch $int[100,999] of {} rows written in {} ms"
    say = service.voice.say
    small, large = (
        batch.format("$int[100,300]", "$ms[20,60]"),
        batch.format("$int[4000,9000]", "$ms[900,2000]"),
    )
    scene = replace(
        service.scene, stable=say("info", small), canary=say("info", large), rate=120.0, weight=33
    )
    return Draft(
        scene, "promote", "The canary writes larger batches, and each row is as fast as before.", also=DOUBT
    )


def longer_polls(service: Service) -> Draft:
    text = service.random.choice(
        ("poll of topic parcels came back empty, poll took {} ms", "waited {} ms for a message, none came")
    )
    say = service.voice.say
    polls = [say("info", text.format(ms)) for ms in ("$ms[200,900]", "$ms[20000,30000]")]
    stable, canary = (((100.0, service.work()), (80.0, poll)) for poll in polls)
    scene = replace(service.scene, stable=stable, canary=canary, rate=120.0, weight=33)
    return Draft(scene, "promote", "The canary asks for work with a longer time-out.", also=DOUBT)


def longer_sessions(service: Service) -> Draft:
    text = service.random.choice(
        ("session of client $int[10,99] ended after {} s", "connection $int[100,999] closed, open for {} s")
    )
    say = service.voice.say
    stable, canary = (
        ((100.0, service.work()), (60.0, say("info", text.format(seconds))))
        for seconds in ("$int[2,9].5", "$int[200,400].5")
    )
    scene = replace(service.scene, stable=stable, canary=canary, rate=120.0, weight=33)
    return Draft(
        scene, "promote", "The canary keeps its clients' connections, as it was meant to.", also=DOUBT
    )


def readiness_flaps(service: Service) -> Draft:
    """Its probe fails half of the time, in turn with times in which it passes; now it fails."""
    minutes = service.random.choice((3, 5))
    count = round(service.random.uniform(0.5, 0.7) * 60 * minutes / PERIOD)
    event = Event("Warning", "Unhealthy", FAILED, count, 0.1, 0.995)
    scene = replace(
        service.scene,
        states=(unready,),
        events=(event,),
        pods=(3, 1),
        minutes=minutes,
        age=-5.0,
        traffic=True,
    )
    edits = (_probed, _unready_since(4.0), _of_container)
    return Draft(
        scene, "rollback", "The canary's pod is Ready and un-Ready in turn.", "not-ready", edits=edits
    )


def readiness_blip(service: Service) -> Draft:
    """It failed a few times at the start, and once now."""
    event = Event("Warning", "Unhealthy", FAILED, 5, 0.1, 0.995)
    scene = replace(
        service.scene, states=(unready,), events=(event,), pods=(3, 1), minutes=8, age=-5.0, traffic=True
    )
    edits = (_probed, _unready_since(4.0), _of_container)
    return Draft(
        scene,
        "inconclusive",
        "The canary's pod is not Ready at the moment, and was for minutes.",
        decidable=False,
        edits=edits,
    )


def _probed(bundle: Json, random: Random) -> None:
    field = {("probe", "readinessProbe.periodSeconds"): str(PERIOD)}
    template(field, field)(bundle, random)


def _unready_since(seconds: float) -> Edit:
    def edit(bundle: Json, _random: Random) -> None:
        at = datetime.fromisoformat(bundle["evidence"]["window"]["end"]) - timedelta(seconds=seconds)
        for pod in parts_of(bundle, "pods", "canary")[0]["pods"]:
            for condition in pod["conditions"]:
                if condition["type"] in ("Ready", "ContainersReady"):
                    condition["since"] = stamp(at)

    return edit


def _of_container(bundle: Json, _random: Random) -> None:
    for event in parts_of(bundle, "events", "canary")[0]["events"]:
        event["container"] = "app"


def done_otherwise(service: Service) -> Draft:
    old, new = _mails("mail sent", "delivered")
    scene = replace(service.scene, stable=old, canary=new, rate=150.0, weight=33, minutes=10, traffic=True)
    return Draft(
        scene,
        "promote",
        "The canary's line of a mail that was sent has another word, and its fields are nested.",
    )


def skipped_instead(service: Service) -> Draft:
    word = service.random.choice(("mail skipped", "mail dropped", "mail put aside", "mail taken"))
    old, new = _mails("mail sent", word)
    scene = replace(service.scene, stable=old, canary=new, rate=150.0, weight=33, minutes=10, traffic=True)
    return Draft(scene, "rollback", "The canary sends no mails, and says so in stable's form.", also=DOUBT)


def _mails(old: str, new: str) -> tuple[str, str]:
    head = '{"time":"$iso","level":"info","message":"%s",'
    return (
        head % old + '"id":$int[1000,9999],"template":"$pick[order|welcome]","ms":$ms[5,90]}',
        head % new + '"mail":{"id":$int[1000,9999],"template":"$pick[order|welcome]"},"ms":$ms[5,90]}',
    )


MECHANISMS = (
    Mechanism("far-slower", "release", far_slower, "tuned"),
    Mechanism("jobs-far-slower", "release", jobs_far_slower, "tuned"),
    Mechanism("cold-cache", "harmless", cold_cache, "tuned"),
    Mechanism("larger-batches", "harmless", larger_batches, "tuned"),
    Mechanism("longer-polls", "harmless", longer_polls, "tuned"),
    Mechanism("longer-sessions", "harmless", longer_sessions, "tuned"),
    Mechanism("readiness-flaps", "start", readiness_flaps, "tuned"),
    Mechanism("readiness-blip", "start", readiness_blip, "tuned"),
    Mechanism("done-otherwise", "harmless", done_otherwise, "tuned"),
    Mechanism("skipped-instead", "release", skipped_instead, "tuned"),
)
