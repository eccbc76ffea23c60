"""Memory, CPU, disk and descriptors."""

from dataclasses import replace

from cases.lines import Log, Phase
from cases.pods import restarted
from cases.scene import Event

from mechanisms.build import Draft, Mechanism, Service
from mechanisms.edits import resources, usage

KILLED = Event("Warning", "BackOff", "Back-off restarting failed container app in pod $pod", 4, 0.2, 0.99)


def _limits(memory: str, cpu: str = "1") -> dict[str, dict[str, str]]:
    return {"limits": {"memory": memory, "cpu": cpu}, "requests": {"memory": "128Mi", "cpu": "100m"}}


def oom_killed(service: Service) -> Draft:
    state = restarted(service.random.randint(3, 6), "OOMKilled", 137, lasted=service.random.uniform(30, 110))
    scene = replace(service.scene, states=(state,), events=(KILLED,), age=600.0)
    edits = (resources(_limits("512Mi"), _limits("512Mi")),)
    return Draft(
        scene,
        "rollback",
        "The kernel kills the canary for its memory, again and again.",
        "oom-kill",
        edits=edits,
    )


def limit_cut(service: Service) -> Draft:
    state = restarted(service.random.randint(3, 6), "OOMKilled", 137, lasted=service.random.uniform(20, 60))
    scene = replace(service.scene, states=(state,), events=(KILLED,), age=600.0)
    edits = (resources(_limits("1Gi"), _limits("128Mi")),)
    return Draft(
        scene,
        "rollback",
        "The canary's memory limit was cut to an eighth, and it does not fit.",
        "oom-kill",
        edits=edits,
    )


def memory_leak(service: Service) -> Draft:
    top = service.random.uniform(420, 490)
    scene = replace(service.scene, age=600.0, minutes=12)
    edits = (
        resources(_limits("512Mi"), _limits("512Mi")),
        usage("stable", (180, 184), (0.1, 0.1)),
        usage("canary", (190, top), (0.1, 0.1)),
    )
    return Draft(
        scene,
        "rollback",
        "The canary's memory climbs steadily toward its limit; stable's is flat.",
        "memory",
        also=("inconclusive",),
        edits=edits,
    )


def throttled(service: Service) -> Draft:
    slow = service.work(ms="$ms[700,4000]")
    scene = replace(service.scene, canary=slow, age=600.0)
    edits = (
        resources(_limits("512Mi", "1"), _limits("512Mi", "100m")),
        usage("stable", (180, 182), (0.3, 0.3)),
        usage("canary", (180, 182), (0.1, 0.1)),
    )
    return Draft(
        scene,
        "rollback",
        "The canary's CPU limit was cut to a tenth: it is throttled, and every request is slow.",
        "cpu",
        also=("inconclusive",),
        edits=edits,
    )


def disk_full(service: Service) -> Draft:
    share = service.random.choice((30.0, 60.0, 100.0))
    failure = service.voice.fail(
        "error", "cannot write /var/spool/app/$hex[8]: no space left on device", "IOError"
    )
    scene = replace(service.scene, canary=service.served(share, failure))
    return Draft(
        scene, "rollback", f"{share:.0f} % of the canary's writes find no room.", "no space left on device"
    )


def descriptors_run_out(service: Service) -> Draft:
    failure = service.voice.say("error", "accept failed: too many open files")
    later = service.served(service.random.choice((40.0, 70.0)), failure)
    log = Log((Phase(service.work(), until=0.4), Phase(later)))
    scene = replace(service.scene, canary=log, age=60.0)
    return Draft(
        scene, "rollback", "The canary leaks descriptors until it has none left.", "too many open files"
    )


MECHANISMS = (
    Mechanism("oom-killed", "resources", oom_killed),
    Mechanism("limit-cut", "resources", limit_cut),
    Mechanism("memory-leak", "resources", memory_leak),
    Mechanism("throttled", "resources", throttled),
    Mechanism("disk-full", "resources", disk_full),
    Mechanism("descriptors-run-out", "resources", descriptors_run_out),
)
