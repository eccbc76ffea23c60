"""Evidence that does not tell: too little of it, or a part that nobody could read."""

from dataclasses import replace

from mechanisms.build import Draft, Mechanism, Service
from mechanisms.edits import unheard, unread


def too_little_traffic(service: Service) -> Draft:
    scene = replace(service.scene, rate=2.0, weight=10, minutes=5, pods=(3, 1), traffic=True, age=-20.0)
    return Draft(scene, "inconclusive", "The canary has had one request or two, or none.", decidable=False)


def too_young(service: Service) -> Draft:
    scene = replace(service.scene, minutes=5, age=-285.0)
    return Draft(scene, "inconclusive", "The canary has run for fifteen seconds.", decidable=False)


def logs_denied(service: Service) -> Draft:
    sick = service.random.random() < 0.5
    canary = service.served(50.0) if sick else service.work()
    reason = (
        'pods/log is forbidden: User "system:serviceaccount:shop:analyzer" cannot get resource "pods/log"'
    )
    edit = unread("logs", "canary", reason, "grant get on pods/log")
    return Draft(
        replace(service.scene, canary=canary),
        "rollback" if sick else "promote",
        "The canary's logs may not be read, and they alone would tell.",
        decidable=False,
        edits=(edit,),
    )


def pods_alone(service: Service) -> Draft:
    late = "not read by the deadline"
    edits = (
        unread("logs", "canary", late),
        unread("logs", "stable", late),
        unread("events", "canary", late),
        unread("events", "stable", late),
    )
    return Draft(
        service.scene, "promote", "Nothing but the pods could be read.", decidable=False, edits=edits
    )


def rotated_away(service: Service) -> Draft:
    edits = (unheard("canary", 0.97), unheard("stable", 0.97))
    scene = replace(service.scene, rate=60.0, minutes=5, pods=(2, 1), weight=20)
    return Draft(
        scene,
        "inconclusive",
        "Rotation left the last few lines of each log.",
        also=("promote",),
        decidable=False,
        edits=edits,
    )


MECHANISMS = (
    Mechanism("too-little-traffic", "doubt", too_little_traffic),
    Mechanism("too-young", "doubt", too_young),
    Mechanism("logs-denied", "doubt", logs_denied),
    Mechanism("pods-alone", "doubt", pods_alone),
    Mechanism("rotated-away", "doubt", rotated_away),
)
