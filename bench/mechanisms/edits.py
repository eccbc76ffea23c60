"""Changes of a bundle beyond what a scene has: resources, usage, templates, gaps."""

from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random

from cases.pods import stamp

from mechanisms.build import Edit, Json

MIB = 1024**2


def parts_of(bundle: Json, kind: str, side: str) -> list[Json]:
    """Return a side's parts of a kind."""
    return [part for part in bundle["evidence"]["parts"] if (part["part"], part["side"]) == (kind, side)]


def resources(stable: Json, canary: Json) -> Edit:
    """Return an edit that sets the limits and requests of both sides (`{"limits": …, "requests": …}`)."""

    def edit(bundle: Json, _random: Random) -> None:
        for side, wanted in (("stable", stable), ("canary", canary)):
            for part in parts_of(bundle, "pods", side):
                for pod in part["pods"]:
                    for container in pod["containers"]:
                        container.update(wanted)
            texts = {
                f"{group}.{name}": amount
                for group, amounts in wanted.items()
                for name, amount in amounts.items()
            }
            _template(bundle, side, {("resources", name): text for name, text in texts.items()})

    return edit


def template(stable: dict[tuple[str, str], str], canary: dict[tuple[str, str], str]) -> Edit:
    """Return an edit that sets fields of the pod templates: (group, name) to text."""

    def edit(bundle: Json, _random: Random) -> None:
        _template(bundle, "stable", stable)
        _template(bundle, "canary", canary)

    return edit


def _template(bundle: Json, side: str, fields: dict[tuple[str, str], str]) -> None:
    (owners,) = parts_of(bundle, "replicasets", side)
    (pods,) = parts_of(bundle, "pods", side)
    image = pods["pods"][0]["containers"][-1]["image"]
    listed = [
        {"container": "app", "group": group, "name": name, "text": text, "digest": _digest(text)}
        for (group, name), text in {("image", "image"): image, **fields}.items()
    ]
    existing = parts_of(bundle, "spec", side)
    if existing:
        known = {(field["group"], field["name"]) for field in existing[0]["fields"]}
        existing[0]["fields"] += [field for field in listed if (field["group"], field["name"]) not in known]
        return
    name = owners["replicasets"][0]["name"]
    bundle["evidence"]["parts"].append({"part": "spec", "side": side, "replicaset": name, "fields": listed})


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def usage(side: str, memory: tuple[float, float], cpu: tuple[float, float]) -> Edit:
    """Return an edit that adds a side's usage, a sample each 15 s, from the first figure to the second.

    `memory` is in MiB, `cpu` in cores.
    """

    def edit(bundle: Json, random: Random) -> None:
        window = bundle["evidence"]["window"]
        start, end = (datetime.fromisoformat(window[name]) for name in ("start", "end"))
        containers = []
        for pod in parts_of(bundle, "pods", side)[0]["pods"]:
            began = max(start, datetime.fromisoformat(pod["created_at"]) + timedelta(seconds=15))
            count = max(2, int((end - began).total_seconds() / 15))
            samples = [
                {
                    "at": stamp(began + timedelta(seconds=15 * turn)),
                    "cpu": round(_between(cpu, turn / count) * random.uniform(0.97, 1.0), 4),
                    "memory": int(_between(memory, turn / count) * MIB * random.uniform(0.995, 1.005)),
                }
                for turn in range(count)
            ]
            containers.append({"pod": pod["name"], "container": "app", "samples": samples})
        bundle["evidence"]["parts"].append({"part": "usage", "side": side, "containers": containers})

    return edit


def _between(bounds: tuple[float, float], part: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * part


def unread(source: str, side: str, reason: str, advice: str = "") -> Edit:
    """Return an edit that takes a side's part away, and leaves the gap that says why."""

    def edit(bundle: Json, _random: Random) -> None:
        evidence = bundle["evidence"]
        evidence["parts"] = [
            part for part in evidence["parts"] if (part["part"], part["side"]) != (source, side)
        ]
        if source == "logs":
            bundle["raw_logs"] = [log for log in bundle["raw_logs"] if log["side"] != side]
        evidence["gaps"].append({"source": source, "side": side, "reason": reason, "advice": advice})

    return edit


def unheard(side: str, first: float) -> Edit:
    """Return an edit that cuts the first part (0 to 1) of a side's lines away, as rotation does."""

    def edit(bundle: Json, _random: Random) -> None:
        for log in bundle["raw_logs"]:
            if log["side"] == side:
                log["lines"] = log["lines"][int(len(log["lines"]) * first) :]

    return edit


def sick_stable(bundle: Json, _random: Random) -> None:
    """Give every stable pod the state and the restarts of the canary's first pod, as a shared fault does."""
    (canary,), (stable,) = parts_of(bundle, "pods", "canary"), parts_of(bundle, "pods", "stable")
    model = canary["pods"][0]["containers"][-1]
    for pod in stable["pods"]:
        pod["conditions"] = canary["pods"][0]["conditions"]
        for container in pod["containers"]:
            for name in ("state", "last_state", "restarts", "ready"):
                container[name] = model[name]
